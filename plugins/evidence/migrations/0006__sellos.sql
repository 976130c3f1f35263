-- The seals that have been used, whose list is public (RD 203/2021, art. 19.2).
CREATE TABLE evidence_sello (
    huella        bytea PRIMARY KEY CHECK (length(huella) = 32),  -- SHA-256 of the certificate
    certificados  text NOT NULL,               -- PEM: its own, then those of its authority
    usado_desde   timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_sello FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();
