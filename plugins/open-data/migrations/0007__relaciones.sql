-- Relationships between datasets. Each is kept once, as its subject says it; the object says the reverse (dependency_of …).
CREATE TABLE open_data_relationship (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject     uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    object      uuid NOT NULL REFERENCES open_data_dataset (id) ON DELETE CASCADE,
    type        text NOT NULL CHECK (type IN ('depends_on', 'derives_from', 'links_to', 'child_of')),
    comment     text NOT NULL DEFAULT '',
    serial      bigint GENERATED ALWAYS AS IDENTITY,
    CHECK (subject <> object),
    UNIQUE (subject, object, type)
);
CREATE INDEX open_data_relationship_object ON open_data_relationship (object);
