-- Authentic copies (Ley 39/2015, art. 27): what each is of. The copy itself is a sealed document like any other.
CREATE TABLE evidence_copia (
    csv          text PRIMARY KEY REFERENCES evidence_documento (csv),
    numero       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    origen       text REFERENCES evidence_documento (csv),  -- none: a paper
    estado       text NOT NULL CHECK (estado IN ('EE02', 'EE03', 'EE04')),
    paginas      text NOT NULL DEFAULT '',    -- of a partial copy: those that it has, and the areas taken out of them
    areas        text NOT NULL DEFAULT '',
    declaracion  text NOT NULL DEFAULT '',    -- of a partial copy: extracto.json, as it is attached to it
    secreto      bytea CHECK (length(secreto) = 32),  -- what opens its other pages; may be erased (data protection)
    expedida_en  timestamptz NOT NULL DEFAULT now(),
    CHECK ((origen IS NULL) = (estado = 'EE03'))
);

CREATE FUNCTION evidence_guarda_copia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.secreto IS NULL AND (to_jsonb(NEW) - 'secreto') = (to_jsonb(OLD) - 'secreto') THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'una copia expedida no cambia ni se borra' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_copia FOR EACH ROW EXECUTE FUNCTION evidence_guarda_copia();
