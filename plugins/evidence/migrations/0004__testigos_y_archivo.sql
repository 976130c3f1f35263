-- What others say of this log and what we say of theirs (c2sp.org/tlog-witness); evidence records that renew the archive's
-- timestamps (RFC 4998); erasure for data protection.

-- As a witness: the newest checkpoint that we cosigned of each log that we follow.
CREATE TABLE evidence_testimonio (
    origen        text PRIMARY KEY,
    tamano        bigint NOT NULL CHECK (tamano >= 0),
    raiz          bytea NOT NULL CHECK (length(raiz) = 32),
    nota          text NOT NULL,               -- with that log's signature and ours
    cofirmado_en  timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION evidence_guarda_testimonio() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.origen = OLD.origen
       AND (NEW.tamano > OLD.tamano OR (NEW.tamano = OLD.tamano AND NEW.raiz = OLD.raiz)) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'lo que se testificó de un registro solo crece' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_testimonio FOR EACH ROW EXECUTE FUNCTION evidence_guarda_testimonio();

-- Proof that a log told two stories: two trees of one size, both signed by it.
CREATE TABLE evidence_bifurcacion (
    huella    bytea PRIMARY KEY CHECK (length(huella) = 32),  -- SHA-256 of `nota`
    origen    text NOT NULL,
    nota      text NOT NULL,                   -- what it asked us to cosign
    conocida  text NOT NULL,                   -- what we had cosigned
    visto_en  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX evidence_bifurcacion_origen ON evidence_bifurcacion (origen);
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_bifurcacion FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();

-- As a log: what witnesses signed of our checkpoints.
CREATE TABLE evidence_cosignatura (
    tamano   bigint NOT NULL REFERENCES evidence_punto (tamano),
    testigo  text NOT NULL,                    -- its verifier key, "nombre+id+clave"
    linea    text NOT NULL,                    -- the signature's line, without its line end
    fecha    timestamptz NOT NULL,             -- the time that it says
    PRIMARY KEY (tamano, testigo)
);
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_cosignatura FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();

-- How each witness is doing; what it last refused stands here until it agrees again.
CREATE TABLE evidence_testigo (
    testigo   text PRIMARY KEY,
    tamano    bigint NOT NULL DEFAULT 0,       -- the largest tree that it is known to have cosigned
    estado    text NOT NULL CHECK (estado IN ('conforme', 'disconforme', 'rechaza')),
    detalle   text NOT NULL DEFAULT '',
    visto_en  timestamptz NOT NULL DEFAULT now()
);

-- One hash tree and, as soon as an authority has answered, its timestamp (an Archive Timestamp of RFC 4998). Its leaves are
-- documents with their signatures, and the timestamps of older trees, which it renews.
CREATE TABLE evidence_arbol (
    arbol       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resumen     text NOT NULL CHECK (resumen IN ('SHA256', 'SHA384', 'SHA512')),
    raiz        bytea NOT NULL,
    sello       bytea,                         -- TimeStampToken over the root
    autoridad   text,
    sellado_en  timestamptz,                   -- as the token says
    vale_hasta  timestamptz,                   -- its authority's certificate
    siguiente   bigint REFERENCES evidence_arbol (arbol),  -- the tree that renews this timestamp
    lista       bytea,                         -- reduced hash tree of this timestamp there
    CHECK ((siguiente IS NULL) = (lista IS NULL) AND siguiente > arbol),
    CHECK (num_nulls(sello, autoridad, sellado_en, vale_hasta) IN (0, 4) AND (siguiente IS NULL OR sello IS NOT NULL))
);
CREATE INDEX evidence_arbol_sin_sello ON evidence_arbol (arbol) WHERE sello IS NULL;

-- In which tree each chain of a document's evidence record begins. A new chain begins where the hash function ages.
CREATE TABLE evidence_archivado (
    csv     text NOT NULL REFERENCES evidence_documento (csv),
    cadena  integer NOT NULL CHECK (cadena > 0),
    arbol   bigint NOT NULL REFERENCES evidence_arbol (arbol),
    lista   bytea NOT NULL,                    -- its reduced hash tree
    hasta   bigint REFERENCES evidence_arbol (arbol),  -- last tree of the chain, once another one has begun
    PRIMARY KEY (csv, cadena)
);
CREATE INDEX evidence_archivado_abierta ON evidence_archivado (arbol) WHERE hasta IS NULL;

CREATE FUNCTION evidence_guarda_archivo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    antes jsonb := to_jsonb(OLD);
    luego text[] := CASE WHEN TG_TABLE_NAME = 'evidence_archivado' THEN ARRAY['hasta']
                         WHEN antes->>'sello' IS NULL THEN ARRAY['sello', 'autoridad', 'sellado_en', 'vale_hasta'] ELSE ARRAY['siguiente', 'lista'] END;
BEGIN
    IF TG_OP = 'UPDATE' AND antes->>'hasta' IS NULL AND antes->>'siguiente' IS NULL
       AND (to_jsonb(NEW) - luego) = (antes - luego) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'los sellos de tiempo del archivo se renuevan, y no cambian ni se borran' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_arbol FOR EACH ROW EXECUTE FUNCTION evidence_guarda_archivo();
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_archivado FOR EACH ROW EXECUTE FUNCTION evidence_guarda_archivo();

-- Erasure for data protection: the salt goes, and with it, once, every text that may speak of somebody.
ALTER TABLE evidence_documento ADD COLUMN suprimido_en timestamptz;
CREATE OR REPLACE FUNCTION evidence_guarda_documento() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    luego text[] := ARRAY['sello', 'autoridad', 'retirado_en', 'sal'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.suprimido_en IS NULL AND NEW.suprimido_en IS NOT NULL AND NEW.sal IS NULL
       AND NEW.nombre = '' AND NEW.titulo = '' AND NEW.direccion = '' AND NEW.metadatos = '{}' THEN
        luego := luego || ARRAY['nombre', 'titulo', 'direccion', 'metadatos', 'suprimido_en'];
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - luego) = (to_jsonb(OLD) - luego)
       AND (OLD.sello IS NULL OR NEW.sello = OLD.sello) AND (OLD.retirado_en IS NULL OR NEW.retirado_en = OLD.retirado_en)
       AND (NEW.sal IS NULL OR NEW.sal = OLD.sal) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'un documento sellado no cambia ni se borra: otro contenido es otro documento, con otro código' USING ERRCODE = 'integrity_constraint_violation';
END $$;
