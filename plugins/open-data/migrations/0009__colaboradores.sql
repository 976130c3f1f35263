-- Who sees a dataset that not everybody sees, or changes it, without being let write the others: the collaborators of CKAN's API.
CREATE TABLE open_data_collaborator (
    dataset     uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    who         text NOT NULL,                     -- "token:…"
    capacity    text NOT NULL CHECK (capacity IN ('member', 'editor', 'admin')),
    modified_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dataset, who)
);
CREATE INDEX open_data_collaborator_of ON open_data_collaborator (who);
