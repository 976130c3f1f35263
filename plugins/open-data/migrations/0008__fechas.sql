-- How to_char() writes is not the same in every session: called immutable, it kept the function out of the statements that use it,
-- and PostgreSQL parsed and planned it for each column of each of them. Stable, it is written into them.
ALTER FUNCTION open_data_written(timestamptz) STABLE;
