-- Who follows data by mail. An address is here while it follows something; one that nobody confirmed, for two days.
CREATE TABLE open_data_follower (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    address     text NOT NULL,
    language    text NOT NULL,
    key         text NOT NULL UNIQUE DEFAULT replace(gen_random_uuid()::text, '-', ''),  -- in each mail: opens its list, ends it
    mail        text NOT NULL DEFAULT '',      -- the key of the last one
    mailed_at   timestamptz
);
CREATE UNIQUE INDEX open_data_follower_address ON open_data_follower (lower(address));

CREATE TABLE open_data_following (
    follower    uuid NOT NULL REFERENCES open_data_follower (id) ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('dataset', 'sector', 'catalogue')),
    object      text NOT NULL,                 -- a dataset's id, a sector of the NTI, or nothing
    since       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, object, follower)
);
CREATE INDEX open_data_following_of ON open_data_following (follower);

CREATE TABLE open_data_follow_request (
    token       text PRIMARY KEY,              -- SHA-256 of what the link has
    address     text NOT NULL,
    language    text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('dataset', 'sector', 'catalogue')),
    object      text NOT NULL,
    asked_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX open_data_follow_request_asked ON open_data_follow_request (asked_at);
CREATE INDEX open_data_follow_request_address ON open_data_follow_request (lower(address));

-- What each follower is to be told in the next mail; what is told goes.
CREATE TABLE open_data_news (
    follower    uuid NOT NULL REFERENCES open_data_follower (id) ON DELETE CASCADE,
    dataset     uuid NOT NULL,
    what        text NOT NULL CHECK (what IN ('published', 'version', 'withdrawn')),
    name        text NOT NULL,
    title       jsonb NOT NULL,                -- by language, as it was
    reason      text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower, dataset)
);

-- What a view of a long table's map shows, counted once for each version.
CREATE TABLE open_data_map (
    resource    uuid NOT NULL REFERENCES open_data_resource (id) ON DELETE CASCADE,
    version     integer NOT NULL,
    of          text NOT NULL,                 -- when rows that can change were last changed
    box         text NOT NULL,                 -- "W,S,E,N"; empty: where the rows are at all
    view        jsonb NOT NULL,
    PRIMARY KEY (resource, version, of, box)
);
