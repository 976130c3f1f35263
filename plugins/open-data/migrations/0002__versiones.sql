-- What each version is to whoever cites it: since when everybody sees it, its rows as a file that stays, its codes of verification.
ALTER TABLE open_data_version
    ADD COLUMN public_at     timestamptz,  -- null: nobody outside ever saw it
    ADD COLUMN cited_at      timestamptz,  -- kept for ever from here on
    ADD COLUMN dump          text,         -- its rows as CSV, of a cited one
    ADD COLUMN dump_bytes    bigint,
    ADD COLUMN csv           text,         -- of the file as it came; null: nothing seals here
    ADD COLUMN dump_csv      text,
    ADD COLUMN erased_at     timestamptz,  -- its content is gone; the hash and the figures stay
    ADD COLUMN erased_reason text NOT NULL DEFAULT '';
UPDATE open_data_version v SET public_at = greatest(v.loaded_at, d.issued_at) FROM open_data_resource r JOIN open_data_dataset d ON d.id = r.dataset
    WHERE r.id = v.resource AND v.number = r.version AND d.state = 'published' AND NOT d.private;

-- What changed between two versions: figures, and which rows of their two tables.
CREATE TABLE open_data_comparison (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource    uuid NOT NULL REFERENCES open_data_resource (id) ON DELETE CASCADE,
    older       integer NOT NULL,
    newer       integer NOT NULL,
    wanted      text[] NOT NULL,               -- the key that the resource had
    key         text[] NOT NULL,               -- columns that tell these rows apart; empty: the whole row
    of          text NOT NULL,                 -- when rows that can change were last changed: another instant, another comparison
    added       bigint NOT NULL DEFAULT 0,
    removed     bigint NOT NULL DEFAULT 0,
    changed     bigint NOT NULL DEFAULT 0,
    UNIQUE (resource, older, newer)
);
CREATE TABLE open_data_change (
    comparison  bigint NOT NULL REFERENCES open_data_comparison (id) ON DELETE CASCADE,
    n           integer NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('added', 'removed', 'changed')),
    old_id      bigint,
    new_id      bigint,
    times       bigint NOT NULL,               -- equal rows
    PRIMARY KEY (comparison, n)
);

-- Resources whose file is somewhere else and is asked for from time to time.
CREATE TABLE open_data_pull (
    resource    uuid PRIMARY KEY REFERENCES open_data_resource (id) ON DELETE CASCADE,
    url         text NOT NULL,
    every       text NOT NULL CHECK (every IN ('hour', 'day', 'week', 'month')),
    etag        text NOT NULL DEFAULT '',      -- of what was loaded last
    modified    text NOT NULL DEFAULT '',
    next_at     timestamptz NOT NULL DEFAULT now(),
    asked_at    timestamptz,
    outcome     text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'loaded', 'same', 'failed')),
    error       text NOT NULL DEFAULT '',
    failures    integer NOT NULL DEFAULT 0     -- in a row
);
CREATE INDEX open_data_pull_next ON open_data_pull (next_at);

-- Files that wait to be loaded: meta.load = {"state": "waiting" | "failed", "blob", "file_name", "media_type", "by", "error"}.
UPDATE open_data_resource SET meta = jsonb_set(meta, '{load}', jsonb_build_object('state', 'waiting', 'blob', blob, 'file_name', file_name, 'media_type', media_type, 'by', 'system:jobs'))
    WHERE meta ->> 'load' = 'pending';
CREATE INDEX open_data_resource_waiting ON open_data_resource (id) WHERE meta #>> '{load,state}' = 'waiting';

-- What people said to each other before publishing.
CREATE TABLE open_data_review (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dataset     uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    action      text NOT NULL CHECK (action IN ('sent', 'returned', 'scheduled', 'unscheduled', 'published', 'failed')),
    note        text NOT NULL DEFAULT '',
    by_whom     text NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX open_data_review_dataset ON open_data_review (dataset, id);

-- Datasets that another module keeps alive, by the name that it gives them.
CREATE UNIQUE INDEX open_data_dataset_live ON open_data_dataset ((meta #>> '{live,id}')) WHERE meta #>> '{live,id}' IS NOT NULL;
