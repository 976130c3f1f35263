-- The catalogue. What describes a dataset is one document (meta): texts by language, themes, licence, coverage, contact; columns
-- hold what is searched, sorted or referred to. The rows of each resource stand in a table of their own, made as they are loaded.

CREATE TABLE open_data_organization (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9_-]{2,100}$'),
    kind        text NOT NULL DEFAULT 'organization' CHECK (kind IN ('organization', 'group')),
    state       text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    meta        jsonb NOT NULL DEFAULT '{}',   -- {"title": {"es"}, "description": {"es"}, "dir3", "image_url", "extras"}
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE open_data_dataset (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9_-]{2,100}$'),
    organization uuid NOT NULL REFERENCES open_data_organization (id),
    state       text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'review', 'published', 'withdrawn', 'deleted')),
    private     boolean NOT NULL DEFAULT false,
    meta        jsonb NOT NULL,
    tags        text[] NOT NULL DEFAULT '{}',      -- of the default language, as CKAN has them
    sectors     text[] NOT NULL DEFAULT '{}',      -- NTI
    license     text NOT NULL DEFAULT '',
    formats     text[] NOT NULL DEFAULT '{}',      -- of its resources
    serial      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now(),
    publish_at  timestamptz,                       -- scheduled; not visible before
    issued_at   timestamptz,                       -- first publication
    created_by  text NOT NULL,
    search      tsvector NOT NULL DEFAULT ''
);
CREATE INDEX open_data_dataset_order ON open_data_dataset (modified_at DESC, serial DESC) WHERE state = 'published' AND NOT private;
CREATE INDEX open_data_dataset_organization ON open_data_dataset (organization);
CREATE INDEX open_data_dataset_search ON open_data_dataset USING gin (search);
CREATE INDEX open_data_dataset_tags ON open_data_dataset USING gin (tags);
CREATE INDEX open_data_dataset_sectors ON open_data_dataset USING gin (sectors);
CREATE INDEX open_data_dataset_formats ON open_data_dataset USING gin (formats);
CREATE INDEX open_data_dataset_words ON open_data_dataset USING gin ((ext.fold(meta #>> '{title,es}')) ext.gin_trgm_ops);

CREATE TABLE open_data_resource (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dataset     uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    position    integer NOT NULL DEFAULT 0,
    state       text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'deleted')),
    format      text NOT NULL DEFAULT '',          -- as CKAN writes it: CSV, JSON …
    url         text NOT NULL DEFAULT '',          -- of what is elsewhere
    blob        text,                              -- the file as it came
    file_name   text NOT NULL DEFAULT '',
    media_type  text NOT NULL DEFAULT '',
    bytes       bigint,
    table_name  text,                              -- where its rows are; null: not tabular
    version     integer NOT NULL DEFAULT 0,        -- of its data
    rows        bigint NOT NULL DEFAULT 0,
    columns     jsonb NOT NULL DEFAULT '[]',       -- [{"name","type","title","description","unit"}]
    recipe      jsonb,                             -- how its files are read
    meta        jsonb NOT NULL DEFAULT '{}',       -- {"name": {"es"}, "description": {"es"}, "extras"}
    created_at  timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now(),
    data_at     timestamptz                        -- when its rows were loaded
);
CREATE INDEX open_data_resource_dataset ON open_data_resource (dataset, position);

-- Each load. A table is dropped once no version that is kept has it.
CREATE TABLE open_data_version (
    resource    uuid NOT NULL REFERENCES open_data_resource (id) ON DELETE CASCADE,
    number      integer NOT NULL CHECK (number > 0),
    blob        text,
    file_name   text NOT NULL DEFAULT '',
    bytes       bigint NOT NULL DEFAULT 0,
    table_name  text,
    read        bigint NOT NULL DEFAULT 0,
    accepted    bigint NOT NULL DEFAULT 0,
    rejected    bigint NOT NULL DEFAULT 0,
    report      jsonb NOT NULL,                    -- {"encoding","delimiter","header_line","columns","rejects"}
    loaded_at   timestamptz NOT NULL DEFAULT now(),
    loaded_by   text NOT NULL,
    CHECK (read = accepted + rejected),
    PRIMARY KEY (resource, number)
);

-- Names of tables that were made: given once, never again.
CREATE SEQUENCE open_data_table_number;

-- An instant as CKAN's API writes it, in UTC without a zone.
CREATE FUNCTION open_data_written(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') $$;

-- A version's rows in another format, made when they are first asked for.
CREATE TABLE open_data_dump (
    resource    uuid NOT NULL REFERENCES open_data_resource (id) ON DELETE CASCADE,
    version     integer NOT NULL,
    format      text NOT NULL,
    blob        text NOT NULL,
    bytes       bigint NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (resource, version, format)
);
