-- Runs once in the schema of each municipality that has the plugin: no column says whose a row is.
-- Table names begin with the last part of the plugin's id. An applied migration is never edited: add 0002__….

CREATE TABLE buzon_sugerencia (
    numero         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- What the citizen keeps to ask later: 48 random bits, so that numbers cannot be tried in turn.
    codigo         text NOT NULL UNIQUE
                   DEFAULT upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)),
    asunto         text NOT NULL,
    texto          text NOT NULL CHECK (texto <> ''),
    recibida       timestamptz NOT NULL DEFAULT now(),
    adjunto        text,                       -- a blob's id
    adjunto_nombre text,
    adjunto_tipo   text,
    respuesta      text,
    contestada     timestamptz,
    publicada      boolean NOT NULL DEFAULT false,
    busqueda       tsvector GENERATED ALWAYS AS (to_tsvector('spanish', coalesce(respuesta, ''))) STORED,
    CHECK ((respuesta IS NULL) = (contestada IS NULL)),
    CHECK (contestada IS NOT NULL OR NOT publicada),
    CHECK ((adjunto IS NULL) = (adjunto_nombre IS NULL) AND (adjunto IS NULL) = (adjunto_tipo IS NULL))
);
CREATE INDEX buzon_sugerencia_pendiente ON buzon_sugerencia (recibida) WHERE contestada IS NULL;
CREATE INDEX buzon_sugerencia_publicada ON buzon_sugerencia (contestada DESC) WHERE publicada;
CREATE INDEX buzon_sugerencia_busqueda ON buzon_sugerencia USING gin (busqueda) WHERE publicada;

-- What has happened to each one. `origen` is the id of the event or job that wrote the row: both are delivered at
-- least once, and the second time finds it taken.
CREATE TABLE buzon_paso (
    sugerencia bigint NOT NULL REFERENCES buzon_sugerencia,
    paso       text NOT NULL CHECK (paso IN ('acuse', 'aviso', 'respuesta', 'retirada')),
    cuando     timestamptz NOT NULL DEFAULT now(),
    origen     text NOT NULL UNIQUE
);
CREATE INDEX buzon_paso_de ON buzon_paso (sugerencia, cuando);
