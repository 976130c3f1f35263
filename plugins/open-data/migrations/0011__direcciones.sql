-- Resources that begin as an address: nobody sees one before its file is there. Some are fetched once, some kept as they come.
ALTER TABLE open_data_resource DROP CONSTRAINT open_data_resource_state_check;
ALTER TABLE open_data_resource ADD CONSTRAINT open_data_resource_state_check CHECK (state IN ('active', 'waiting', 'deleted'));
ALTER TABLE open_data_pull DROP CONSTRAINT open_data_pull_every_check;
ALTER TABLE open_data_pull
    ADD CONSTRAINT open_data_pull_every_check CHECK (every IN ('once', 'hour', 'day', 'week', 'month')),
    ADD COLUMN as_it_is boolean NOT NULL DEFAULT false,  -- what comes is kept to be downloaded, not read as a table
    ADD COLUMN advice   text NOT NULL DEFAULT '';        -- what to do about the error
