-- Se ejecuta una vez en el esquema de cada municipio que activa el complemento: ninguna columna dice de quién es una fila.
-- Los nombres empiezan por el identificador del complemento. Una migración aplicada no se edita: se añade la 0002__….

CREATE TABLE es_miayto_esqueleto_nota (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    texto   text NOT NULL CHECK (texto <> ''),
    escrita timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX es_miayto_esqueleto_nota_escrita ON es_miayto_esqueleto_nota (escrita DESC, id DESC);
