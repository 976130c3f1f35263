-- What others say of this log and what we say of theirs (c2sp.org/tlog-witness).

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
