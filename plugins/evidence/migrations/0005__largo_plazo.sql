-- Long-term material of seals (level B-LT), and the sealed copies with code that were handed out.

CREATE TABLE evidence_material (
    material     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    firmantes    bytea NOT NULL CHECK (length(firmantes) = 32),  -- SHA-256 of the certificates of who signed and who dated
    recogido_en  timestamptz NOT NULL DEFAULT now(),
    datos        jsonb NOT NULL                -- {"certificados", "ocsp", "crl": [base64 of DER], "falta": [text]}
);
CREATE INDEX evidence_material_firmantes ON evidence_material (firmantes, recogido_en);
CREATE TRIGGER evidence_guarda BEFORE UPDATE OR DELETE ON evidence_material FOR EACH ROW EXECUTE FUNCTION evidence_solo_anadir();

-- With which of it a seal was archived: its evidence record is of those bytes.
ALTER TABLE evidence_archivado ADD COLUMN material bigint REFERENCES evidence_material (material);

-- A copy with its code and QR, sealed inside (PAdES): made when somebody first asks for it in that language.
CREATE TABLE evidence_copia_con_codigo (
    csv       text NOT NULL REFERENCES evidence_documento (csv),
    idioma    text NOT NULL,
    sha256    text NOT NULL,                   -- of its blob
    hecha_en  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (csv, idioma)
);
