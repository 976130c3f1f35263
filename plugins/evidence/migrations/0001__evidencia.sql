-- The publication log and what was sealed. Everything is told by adding: the database itself refuses to alter or erase, but for
-- the three things that come later, each once: a timestamp, the withdrawal, and the erasure of a salt (data protection).

-- One row, locked by whoever appends until it commits: leaves have no gaps, and checkpoints one order.
CREATE TABLE evidence_registro (
    unico      boolean PRIMARY KEY DEFAULT true CHECK (unico),
    origen     text NOT NULL,                 -- name of the log in its checkpoints; never changes
    tamano     bigint NOT NULL DEFAULT 0 CHECK (tamano >= 0),
    creado_en  timestamptz NOT NULL DEFAULT now()
);

-- Keys that have signed checkpoints, newest last.
CREATE TABLE evidence_clave (
    publica  bytea PRIMARY KEY CHECK (length(publica) = 32),
    desde    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE evidence_hoja (
    indice   bigint PRIMARY KEY CHECK (indice >= 0),
    entrada  text NOT NULL
);

-- Hashes of complete subtrees of 256^nivel leaves (c2sp.org/tlog-tiles).
CREATE TABLE evidence_nodo (
    nivel   smallint NOT NULL,
    indice  bigint NOT NULL,
    hash    bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (nivel, indice)
);

CREATE TABLE evidence_punto (
    tamano      bigint PRIMARY KEY,
    nota        text NOT NULL,                -- the signed checkpoint
    firmado_en  timestamptz NOT NULL DEFAULT now(),
    sello       bytea,                        -- TimeStampToken over the checkpoint's text
    autoridad   text,
    sellado_en  timestamptz,
    CHECK ((sello IS NULL) = (autoridad IS NULL) AND (sello IS NULL) = (sellado_en IS NULL))
);
CREATE INDEX evidence_punto_sellado ON evidence_punto (tamano) WHERE sello IS NOT NULL;

CREATE TABLE evidence_documento (
    csv          text PRIMARY KEY CHECK (csv ~ '^[0-9A-Z]{27}$'),
    documento    text NOT NULL UNIQUE,        -- as its module calls it
    sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    tipo_medio   text NOT NULL,
    nombre       text NOT NULL,
    titulo       text NOT NULL,
    idioma       text NOT NULL,
    direccion    text NOT NULL DEFAULT '',    -- path of its page, without language
    metadatos    jsonb NOT NULL DEFAULT '{}',
    sal          bytea CHECK (length(sal) = 32),
    hoja         bigint NOT NULL UNIQUE REFERENCES evidence_hoja (indice),
    sellado_en   timestamptz NOT NULL DEFAULT now(),
    firma        bytea NOT NULL,              -- CAdES detached, B-B
    sello        bytea,                       -- TimeStampToken over the signature's value
    autoridad    text,
    retirado_en  timestamptz
);
CREATE INDEX evidence_documento_sha256 ON evidence_documento (sha256);
CREATE INDEX evidence_documento_sin_sello ON evidence_documento (sellado_en) WHERE sello IS NULL;

-- What later leaves say of a document: from its publication or withdrawal on.
CREATE TABLE evidence_mencion (
    hoja       bigint PRIMARY KEY REFERENCES evidence_hoja (indice),
    csv        text NOT NULL REFERENCES evidence_documento (csv)
);
CREATE INDEX evidence_mencion_csv ON evidence_mencion (csv, hoja);

-- A development hierarchy, where the installation is not in production and nobody gave keys: PEM by file name.
CREATE TABLE evidence_desarrollo (
    nombre  text PRIMARY KEY,
    pem     text NOT NULL,
    serie   uuid NOT NULL                     -- the same in all of one hierarchy
);

CREATE FUNCTION evidence_solo_anadir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'el registro de publicación no se cambia ni se borra' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_hoja FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_nodo FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_clave FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_mencion FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();

CREATE FUNCTION evidence_guarda_registro() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.origen = OLD.origen AND NEW.creado_en = OLD.creado_en AND NEW.tamano > OLD.tamano THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'el registro de publicación solo crece' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_registro FOR EACH ROW EXECUTE FUNCTION evidence_guarda_registro();

CREATE FUNCTION evidence_guarda_punto() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sello IS NULL AND NEW.tamano = OLD.tamano AND NEW.nota = OLD.nota AND NEW.firmado_en = OLD.firmado_en THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'un punto de control firmado no cambia' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_punto FOR EACH ROW EXECUTE FUNCTION evidence_guarda_punto();

CREATE FUNCTION evidence_guarda_documento() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    luego text[] := ARRAY['sello', 'autoridad', 'retirado_en', 'sal'];
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - luego) = (to_jsonb(OLD) - luego)
       AND (OLD.sello IS NULL OR NEW.sello = OLD.sello) AND (OLD.retirado_en IS NULL OR NEW.retirado_en = OLD.retirado_en)
       AND (NEW.sal IS NULL OR NEW.sal = OLD.sal) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'un documento sellado no cambia ni se borra: otro contenido es otro documento, con otro código' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_documento FOR EACH ROW EXECUTE FUNCTION evidence_guarda_documento();
