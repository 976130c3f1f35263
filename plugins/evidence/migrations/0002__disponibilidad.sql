-- Availability control: what is exposed at which address, and who saw it there.

CREATE TABLE evidence_expuesto (
    csv    text PRIMARY KEY REFERENCES evidence_documento (csv),
    ruta   text NOT NULL CHECK (ruta LIKE '/%'),  -- of the file itself, without language
    desde  timestamptz,                           -- null: its exposure has not begun
    hasta  timestamptz                            -- null: until it is withdrawn
);
CREATE INDEX evidence_expuesto_hasta ON evidence_expuesto (hasta);

-- Samples of one witness that follow each other and found the same. A new one is also a leaf of the log.
CREATE TABLE evidence_tramo (
    testigo    text NOT NULL,                     -- name of the log of who looked
    csv        text NOT NULL REFERENCES evidence_documento (csv),
    primera    timestamptz NOT NULL,
    ultima     timestamptz NOT NULL,
    resultado  text NOT NULL CHECK (resultado IN ('visible', 'ausente', 'distinto', 'error')),
    muestras   integer NOT NULL CHECK (muestras > 0),
    PRIMARY KEY (testigo, csv, primera),
    CHECK (ultima >= primera)
);
CREATE INDEX evidence_tramo_csv ON evidence_tramo (csv, primera);

-- Each look at all that a sede exposes: ours at our own, ours at others', others' at our own.
CREATE TABLE evidence_ronda (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sede      text NOT NULL,                      -- name of the log of what was looked at
    testigo   text NOT NULL,
    fecha     timestamptz NOT NULL,
    muestras  integer NOT NULL,
    nota      text                                -- as its witness signed it, where it told something new
);
CREATE INDEX evidence_ronda_fecha ON evidence_ronda (sede, testigo, fecha);
