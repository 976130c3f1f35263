-- Incidents of the systems and the extensions granted for them (Ley 39/2015, art. 32.4 and 32.5; RD 203/2021, art. 11.1.g).
-- What happened is told by adding: the database itself refuses to alter or erase.

CREATE TABLE calendar_incidencia (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clase        text NOT NULL CHECK (clase IN ('tecnica', 'ciberincidente')),
    sistema      text NOT NULL CHECK (sistema <> ''),
    descripcion  text NOT NULL CHECK (descripcion <> ''),
    inicio       timestamptz NOT NULL,
    creada_en    timestamptz NOT NULL DEFAULT now(),
    creada_por   text NOT NULL,
    nombre       text NOT NULL DEFAULT ''
);

CREATE TABLE calendar_paso (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incidencia   bigint NOT NULL REFERENCES calendar_incidencia (id),
    accion       text NOT NULL CHECK (accion IN ('resolver', 'ampliar', 'anular', 'rectificar')),
    cuando       timestamptz NOT NULL DEFAULT now(),
    quien        text NOT NULL,
    nombre       text NOT NULL DEFAULT '',
    fin          timestamptz,            -- resolver: when the system worked again
    desde        date,                   -- ampliar: terms that end between two days, both included …
    hasta        date,
    nuevo        date,                   -- … end this day
    acuerdo      text NOT NULL DEFAULT '',  -- ampliar: the decision
    texto        text NOT NULL DEFAULT '',  -- rectificar, anular: what and why
    anula        bigint REFERENCES calendar_paso (id),
    CHECK ((accion = 'resolver') = (fin IS NOT NULL)),
    CHECK ((accion = 'ampliar') = (desde IS NOT NULL AND hasta IS NOT NULL AND nuevo IS NOT NULL)),
    CHECK (accion <> 'ampliar' OR (hasta >= desde AND nuevo > hasta AND acuerdo <> '')),
    CHECK ((accion = 'anular') = (anula IS NOT NULL)),
    CHECK (accion NOT IN ('anular', 'rectificar') OR texto <> '')
);
CREATE INDEX calendar_paso_incidencia ON calendar_paso (incidencia, id);
CREATE INDEX calendar_paso_ampliar ON calendar_paso (id) WHERE accion = 'ampliar';
CREATE UNIQUE INDEX calendar_paso_anula ON calendar_paso (anula) WHERE anula IS NOT NULL;
CREATE UNIQUE INDEX calendar_paso_resolver ON calendar_paso (incidencia) WHERE accion = 'resolver';

CREATE FUNCTION calendar_solo_anadir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'las incidencias publicadas y sus ampliaciones no se cambian ni se borran: añada una rectificación' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER calendar_guarda BEFORE UPDATE OR DELETE ON calendar_incidencia FOR EACH ROW EXECUTE FUNCTION calendar_solo_anadir();
CREATE TRIGGER calendar_guarda BEFORE UPDATE OR DELETE ON calendar_paso FOR EACH ROW EXECUTE FUNCTION calendar_solo_anadir();
CREATE TRIGGER calendar_guarda_todo BEFORE TRUNCATE ON calendar_incidencia EXECUTE FUNCTION calendar_solo_anadir();
CREATE TRIGGER calendar_guarda_todo BEFORE TRUNCATE ON calendar_paso EXECUTE FUNCTION calendar_solo_anadir();
