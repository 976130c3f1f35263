-- Erasure for data protection of a partial copy takes its statement too: it has the salted hashes of its pages, with their salts, and
-- which areas were taken out.
CREATE OR REPLACE FUNCTION evidence_guarda_copia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    luego text[] := ARRAY['secreto'];
    suprimida boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.evidence_documento WHERE csv = $1 AND sal IS NULL)', TG_TABLE_SCHEMA) INTO suprimida USING OLD.csv;
    IF TG_OP = 'UPDATE' AND suprimida AND NEW.declaracion = '' AND NEW.areas = '' THEN
        luego := ARRAY['secreto', 'declaracion', 'areas'];
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.secreto IS NULL AND (to_jsonb(NEW) - luego) = (to_jsonb(OLD) - luego) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'una copia expedida no cambia ni se borra' USING ERRCODE = 'integrity_constraint_violation';
END $$;
