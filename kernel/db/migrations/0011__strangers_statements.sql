-- What answers strangers' statements (tables/1: view and select). Each municipality has a login of its own for them, r_<id>, which
-- may read the views of schema r_<id> and nothing else. The kernel keeps its password here, and logs in with it.

create table readers (
    tenant text primary key references tenants,
    secret text not null
);
alter table readers enable row level security;
create policy of_tenant on readers to concejo_kernel
    using (coalesce(nullif(current_setting('concejo.tenant', true), ''), tenant) = tenant);
grant select on readers to concejo_kernel;

-- {"name", "table", "columns": [names], "while": {"table", "column"}}: the rows of a table that a plugin made, as long as the other
-- table has a row with its name. One that is described as before is left as it is.
create function make_reader_view(place text, described jsonb) returns void
language plpgsql security definer set search_path = concejo, pg_catalog, pg_temp as $$
declare
    source constant text := plugin_table(place, described ->> 'table');
    listing constant text := plugin_table(place, described #>> '{while,table}');
    reader constant text := 'r_' || substr(place, 3);
    called constant text := coalesce(described ->> 'name', '');
    named constant text := format('%I.%I', reader, called);
    columns constant text := plugin_names(described -> 'columns');
begin
    if called = '' or octet_length(called) > 63 then
        raise exception 'a view''s name has from 1 to 63 bytes: «%»', left(called, 100) using errcode = 'invalid_parameter_value';
    end if;
    if columns is null or described #>> '{while,column}' is null then
        raise exception 'the view «%» says neither its columns nor while what it is shown', called using errcode = 'invalid_parameter_value';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('concejo.reader ' || named, 0));
    if obj_description(to_regclass(named), 'pg_class') = md5(described::text) then
        return;
    end if;
    execute format('drop view if exists %s', named);
    execute format('create view %s with (security_barrier) as select %s from %s where exists (select from %s w where w.%I = %L)',
                   named, columns, source, listing, described #>> '{while,column}', described ->> 'table');
    execute format('grant select on %s to %I', named, reader);
    execute format('comment on view %s is %L', named, md5(described::text));
end $$;

-- A table goes with the views that showed it.
create or replace function drop_plugin_table(place text, name text) returns void
language plpgsql security definer set search_path = concejo, pg_catalog, pg_temp as $$
begin
    execute format('drop table if exists %s cascade', plugin_table(place, name));
end $$;

revoke execute on function make_reader_view(text, jsonb) from public;
grant execute on function make_reader_view(text, jsonb) to concejo_kernel;
