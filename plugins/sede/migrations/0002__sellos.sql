-- The verification code that the module of evidence gave to each published file.
CREATE TABLE sede_sello (
    anuncio    uuid NOT NULL REFERENCES sede_anuncio (id),
    orden      integer NOT NULL,
    csv        text NOT NULL UNIQUE,
    PRIMARY KEY (anuncio, orden)
);
CREATE FUNCTION sede_guarda_sello() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'el código de un archivo publicado no cambia' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER sede_guarda BEFORE UPDATE OR DELETE ON sede_sello FOR EACH ROW EXECUTE FUNCTION sede_guarda_sello();
