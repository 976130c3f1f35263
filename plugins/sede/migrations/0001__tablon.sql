-- Board of announcements. Nothing published is ever erased or altered: the database itself refuses it.

CREATE TABLE sede_anuncio (
    id             uuid PRIMARY KEY,
    serie          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    estado         text NOT NULL DEFAULT 'borrador' CHECK (estado IN ('borrador', 'publicado', 'retirado')),
    version        integer NOT NULL DEFAULT 1,
    tipo           text NOT NULL,
    organo         text NOT NULL DEFAULT '',
    referencia     text NOT NULL DEFAULT '',
    titulo         text NOT NULL DEFAULT '',
    resumen        text NOT NULL DEFAULT '',
    idioma         text NOT NULL DEFAULT 'es',
    desde          date NOT NULL,   -- inclusive days in the municipality's zone
    hasta          date NOT NULL,
    publicar_en    timestamptz,     -- not visible before, although `desde` has begun
    corrige        uuid REFERENCES sede_anuncio (id),
    texto          text NOT NULL DEFAULT '',  -- of the PDFs, bounded; for searching only
    ejercicio      integer,
    numero         integer,
    visible_desde  timestamptz,     -- computed at publication from the days and the zone
    visible_hasta  timestamptz,     -- first instant after the exposure
    creado_en      timestamptz NOT NULL DEFAULT now(),
    creado_por     text NOT NULL,
    modificado_en  timestamptz NOT NULL DEFAULT now(),
    publicado_en   timestamptz,
    publicado_por  text,
    retirado_en    timestamptz,
    retirado_por   text,
    retirado_motivo text,
    retirado_organo text,
    busqueda       tsvector GENERATED ALWAYS AS (
        setweight(ext.search_vector('es', titulo), 'A') ||
        setweight(ext.search_vector('es', referencia || ' ' || organo || ' ' || resumen), 'B') ||
        setweight(ext.search_vector('es', texto), 'D')) STORED,
    CHECK (hasta >= desde OR estado = 'borrador'),
    CHECK (estado = 'borrador' OR (titulo <> '' AND organo <> '' AND ejercicio IS NOT NULL AND numero IS NOT NULL
        AND visible_desde IS NOT NULL AND visible_hasta IS NOT NULL AND publicado_en IS NOT NULL AND publicado_por IS NOT NULL)),
    CHECK ((estado = 'retirado') = (retirado_en IS NOT NULL)),
    CHECK (retirado_en IS NULL OR (retirado_motivo <> '' AND retirado_organo <> '' AND retirado_por IS NOT NULL))
);
CREATE UNIQUE INDEX sede_anuncio_numero ON sede_anuncio (ejercicio, numero);
CREATE INDEX sede_anuncio_orden ON sede_anuncio (visible_desde DESC, serie DESC) WHERE estado <> 'borrador';
CREATE INDEX sede_anuncio_tipo ON sede_anuncio (tipo, visible_desde DESC, serie DESC) WHERE estado <> 'borrador';
CREATE INDEX sede_anuncio_organo ON sede_anuncio (organo, visible_desde DESC, serie DESC) WHERE estado <> 'borrador';
CREATE INDEX sede_anuncio_fin ON sede_anuncio (visible_hasta) WHERE estado = 'publicado';
CREATE INDEX sede_anuncio_gestion ON sede_anuncio (modificado_en DESC, serie DESC);
CREATE INDEX sede_anuncio_referencia ON sede_anuncio (lower(referencia)) WHERE referencia <> '';
CREATE INDEX sede_anuncio_corrige ON sede_anuncio (corrige) WHERE corrige IS NOT NULL;
CREATE INDEX sede_anuncio_busqueda ON sede_anuncio USING gin (busqueda);

CREATE TABLE sede_archivo (
    anuncio     uuid NOT NULL REFERENCES sede_anuncio (id) ON DELETE CASCADE,
    orden       integer NOT NULL CHECK (orden >= 0),  -- 0 is the announcement itself, the rest its annexes
    sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       bigint NOT NULL CHECK (bytes > 0),
    tipo_medio  text NOT NULL,
    nombre      text NOT NULL,
    slug        text NOT NULL,
    paginas     integer NOT NULL DEFAULT 0,
    PRIMARY KEY (anuncio, orden),
    UNIQUE (anuncio, slug)
);
CREATE INDEX sede_archivo_sha256 ON sede_archivo (sha256);

-- Files that were uploaded and checked; a form that comes back with errors names them, nobody uploads twice.
CREATE TABLE sede_subida (
    sha256      text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       bigint NOT NULL CHECK (bytes > 0),
    tipo_medio  text NOT NULL,
    nombre      text NOT NULL,
    paginas     integer NOT NULL DEFAULT 0,
    texto       text NOT NULL DEFAULT '',
    subido_en   timestamptz NOT NULL DEFAULT now(),
    subido_por  text NOT NULL
);

CREATE TABLE sede_transicion (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    anuncio     uuid NOT NULL,
    accion      text NOT NULL,
    cuando      timestamptz NOT NULL DEFAULT now(),
    quien       text NOT NULL,
    nombre      text NOT NULL DEFAULT '',
    detalle     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX sede_transicion_anuncio ON sede_transicion (anuncio, id);

-- The last number given in each year; the row stays locked until the publication commits, so there are no gaps.
CREATE TABLE sede_contador (
    ejercicio   integer PRIMARY KEY,
    ultimo      integer NOT NULL CHECK (ultimo > 0)
);

CREATE FUNCTION sede_guarda_anuncio() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.estado = 'borrador' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'el anuncio %/% está publicado y no se borra: retírelo', OLD.ejercicio, OLD.numero
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado = 'publicado' AND NEW.estado = 'retirado'
       AND (to_jsonb(NEW) - ARRAY['estado', 'retirado_en', 'retirado_por', 'retirado_motivo', 'retirado_organo', 'modificado_en', 'busqueda'])
         = (to_jsonb(OLD) - ARRAY['estado', 'retirado_en', 'retirado_por', 'retirado_motivo', 'retirado_organo', 'modificado_en', 'busqueda']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'el anuncio %/% está publicado y no cambia: publique otro que lo corrija', OLD.ejercicio, OLD.numero
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER sede_guarda BEFORE UPDATE OR DELETE ON sede_anuncio FOR EACH ROW EXECUTE FUNCTION sede_guarda_anuncio();

CREATE FUNCTION sede_guarda_archivo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    dueno uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.anuncio ELSE OLD.anuncio END;
BEGIN
    IF EXISTS (SELECT 1 FROM sede_anuncio WHERE id = dueno AND estado <> 'borrador') THEN
        RAISE EXCEPTION 'los archivos de un anuncio publicado no cambian' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER sede_guarda BEFORE INSERT OR UPDATE OR DELETE ON sede_archivo FOR EACH ROW EXECUTE FUNCTION sede_guarda_archivo();

CREATE FUNCTION sede_solo_anadir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'el registro de cambios solo admite altas' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER sede_guarda BEFORE UPDATE OR DELETE ON sede_transicion FOR EACH ROW EXECUTE FUNCTION sede_solo_anadir();
CREATE TRIGGER sede_guarda_todo BEFORE TRUNCATE ON sede_transicion EXECUTE FUNCTION sede_solo_anadir();
CREATE TRIGGER sede_guarda_todo BEFORE TRUNCATE ON sede_anuncio EXECUTE FUNCTION sede_solo_anadir();
CREATE TRIGGER sede_guarda_todo BEFORE TRUNCATE ON sede_archivo EXECUTE FUNCTION sede_solo_anadir();
