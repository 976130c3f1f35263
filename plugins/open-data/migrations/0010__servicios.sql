-- Data services of the municipality besides the portal's own API: maps, feeds in real time, APIs of other programs.
CREATE TABLE open_data_service (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9_-]{2,100}$'),
    organization uuid NOT NULL REFERENCES open_data_organization (id),
    state       text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
    kind        text NOT NULL,                     -- "wms" …: service.cpp has them
    endpoint    text NOT NULL,                     -- where programs ask it
    meta        jsonb NOT NULL,                    -- as a dataset's, and {"described_by", "page"}
    version     integer NOT NULL DEFAULT 1,        -- one more with each change
    created_at  timestamptz NOT NULL DEFAULT now(),
    modified_at timestamptz NOT NULL DEFAULT now(),
    issued_at   timestamptz,                       -- first publication
    created_by  text NOT NULL
);

-- The datasets whose data a service gives.
CREATE TABLE open_data_served (
    service     uuid NOT NULL REFERENCES open_data_service (id) ON DELETE CASCADE,
    dataset     uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    PRIMARY KEY (service, dataset)
);
CREATE INDEX open_data_served_dataset ON open_data_served (dataset);
