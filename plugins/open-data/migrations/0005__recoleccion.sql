-- What is gathered from other catalogues: each round, and each dataset that a source has.
CREATE TABLE open_data_round (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,
    outcome     text NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'done', 'failed', 'held', 'interrupted')),
    by_whom     text NOT NULL,
    pages       integer NOT NULL DEFAULT 0,
    tally       jsonb NOT NULL DEFAULT '{}',   -- {"seen","added","changed","same","returned","absent","withdrawn","refused",…}
    error       text NOT NULL DEFAULT ''
);
CREATE INDEX open_data_round_source ON open_data_round (source, id DESC);

CREATE TABLE open_data_harvested (
    source      text NOT NULL,
    key         text NOT NULL,                 -- what tells it apart there
    dataset     uuid REFERENCES open_data_dataset (id) ON DELETE SET NULL,
    hash        text NOT NULL DEFAULT '',      -- of what was taken
    outcome     text NOT NULL CHECK (outcome IN ('taken', 'draft', 'refused', 'duplicate', 'own', 'local')),
    title       text NOT NULL DEFAULT '',
    page        text NOT NULL DEFAULT '',
    notes       jsonb NOT NULL DEFAULT '[]',   -- [{"what": msgid, "value" | "values"}]
    seen_at     timestamptz NOT NULL DEFAULT now(),
    round       bigint NOT NULL DEFAULT 0,     -- the last one that saw it
    absent      integer NOT NULL DEFAULT 0,    -- whole rounds in a row without it
    gone        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (source, key)
);
CREATE INDEX open_data_harvested_dataset ON open_data_harvested (dataset);
CREATE UNIQUE INDEX open_data_dataset_origin ON open_data_dataset ((meta #>> '{origin,uri}')) WHERE meta #>> '{origin,uri}' <> '' AND state <> 'deleted';
CREATE INDEX open_data_dataset_identifier ON open_data_dataset ((meta #>> '{origin,identifier}')) WHERE meta #>> '{origin,identifier}' <> '';

CREATE TABLE open_data_source (
    name        text PRIMARY KEY,              -- as the municipality's configuration calls it
    asked_at    timestamptz,
    failures    integer NOT NULL DEFAULT 0     -- rounds in a row
);

-- Pages of a source: which a round has read, and what a 304 stands for the next time.
CREATE TABLE open_data_harvest_page (
    source      text NOT NULL,
    url         text NOT NULL,
    how         text NOT NULL,                 -- how it was read; another way reads it again
    etag        text NOT NULL DEFAULT '',
    modified    text NOT NULL DEFAULT '',
    next        text NOT NULL DEFAULT '',
    keys        text[] NOT NULL DEFAULT '{}',
    round       bigint NOT NULL DEFAULT 0,     -- the last one that read it
    PRIMARY KEY (source, url)
);
