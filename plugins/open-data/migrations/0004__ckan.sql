-- What CKAN's API keeps besides the catalogue.

-- The tables whose rows anybody may read now: what datastore_search_sql shows while they are here.
CREATE VIEW open_data_shown_table AS
    SELECT r.table_name AS name FROM open_data_resource r JOIN open_data_dataset d ON d.id = r.dataset
    WHERE r.table_name IS NOT NULL AND r.state = 'active' AND d.state = 'published' AND NOT d.private;

-- Lists of tags that somebody chose, for clients that offer them.
CREATE TABLE open_data_vocabulary (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name        text NOT NULL UNIQUE CHECK (length(name) BETWEEN 2 AND 100)
);
CREATE TABLE open_data_vocabulary_tag (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    vocabulary  uuid NOT NULL REFERENCES open_data_vocabulary (id) ON DELETE CASCADE,
    name        text NOT NULL CHECK (length(name) BETWEEN 2 AND 100),
    UNIQUE (vocabulary, name)
);

-- Tokens that follow a dataset, an organisation or a group.
CREATE TABLE open_data_ckan_follower (
    follower    text NOT NULL,                     -- "token:…"
    kind        text NOT NULL CHECK (kind IN ('dataset', 'organization', 'group')),
    object      uuid NOT NULL,
    since       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (object, follower)
);
CREATE INDEX open_data_ckan_follower_of ON open_data_ckan_follower (follower, kind);

-- How clients want to see a resource. They draw it.
CREATE TABLE open_data_resource_view (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resource    uuid NOT NULL REFERENCES open_data_resource (id) ON DELETE CASCADE,
    position    integer NOT NULL DEFAULT 0,
    view        jsonb NOT NULL                     -- {"title","description","view_type"} and what the view keeps
);
CREATE INDEX open_data_resource_view_of ON open_data_resource_view (resource, position);

-- The words of each row of a long table, in a table beside it with an index: made by a job once somebody has looked for words there.
CREATE TABLE open_data_words (
    table_name  text PRIMARY KEY,
    words_table text NOT NULL
);
