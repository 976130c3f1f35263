-- Tables that a plugin makes while it runs, because their columns are somebody's data (tables/1 of the SDK). Their owner is that of
-- all tables; the municipality's role has its data rights on them and no other. Called by the kernel, in the municipality's own
-- transaction: what it makes is there when that commits, or never was.

create function plugin_table(place text, name text) returns text language plpgsql stable as $$
begin
    if not exists (select from concejo.tenants where schema = place) then
        raise exception 'no municipality has the schema %', place using errcode = 'invalid_parameter_value';
    end if;
    if name !~ '^[a-z][a-z0-9_]{1,55}$' then
        raise exception 'a table cannot be called «%»: lower case letters, digits and _, at most 56', name using errcode = 'invalid_parameter_value';
    end if;
    return format('%I.%I', place, name);
end $$;

create function plugin_column(described jsonb) returns text language plpgsql immutable as $$
declare
    called constant text := coalesce(described ->> 'name', '');
    kind constant text := coalesce(described ->> 'type', '');
begin
    if called = '' or octet_length(called) > 63 then
        raise exception 'a column''s name has from 1 to 63 bytes: «%»', left(called, 100) using errcode = 'invalid_parameter_value';
    end if;
    if kind not in ('text', 'bigint', 'numeric', 'double precision', 'boolean', 'date', 'time', 'timestamp', 'timestamptz', 'jsonb', 'tsvector') then
        raise exception 'column «%»: there is no type «%»', called, left(kind, 100) using errcode = 'invalid_parameter_value';
    end if;
    return format('%I %s%s', called, kind, case when (described ->> 'required')::boolean then ' not null' else '' end);
end $$;

create function plugin_names(listed jsonb) returns text language sql immutable as $$
    select string_agg(format('%I', one), ', ' order by at) from jsonb_array_elements_text(listed) with ordinality as l(one, at)
$$;

create function make_plugin_table(place text, described jsonb) returns void
language plpgsql security definer set search_path = concejo, pg_catalog, pg_temp as $$
declare
    named constant text := plugin_table(place, described ->> 'table');
    columns text;
begin
    select string_agg(plugin_column(one), ', ' order by at) into columns
    from jsonb_array_elements(described -> 'columns') with ordinality as l(one, at);
    if columns is null or jsonb_array_length(described -> 'columns') > 1500 then
        raise exception 'a table has from 1 to 1,500 columns' using errcode = 'invalid_parameter_value';
    end if;
    execute format('create table %s (%s)', named, columns);
    execute format('grant select, insert, update, delete on %s to %I', named, place);
end $$;

-- {"table", "add": [columns], "drop": [names], "key": [names], "index": [{"name", "columns": [names], "method": "btree|trigram|text",
-- "unique": bool}], "drop_index": [names], "analyze": bool}. "trigram" and "text" are of one column.
create function change_plugin_table(place text, described jsonb) returns void
language plpgsql security definer set search_path = concejo, pg_catalog, pg_temp as $$
declare
    named constant text := plugin_table(place, described ->> 'table');
    one jsonb;
    called text;
begin
    for one in select * from jsonb_array_elements(coalesce(described -> 'add', '[]')) loop
        execute format('alter table %s add column %s', named, plugin_column(one));
    end loop;
    for called in select * from jsonb_array_elements_text(coalesce(described -> 'drop', '[]')) loop
        execute format('alter table %s drop column %I', named, called);
    end loop;
    if jsonb_array_length(coalesce(described -> 'key', '[]')) > 0 then
        execute format('alter table %s add primary key (%s)', named, plugin_names(described -> 'key'));
    end if;
    for one in select * from jsonb_array_elements(coalesce(described -> 'index', '[]')) loop
        perform plugin_table(place, one ->> 'name');
        execute format(case one ->> 'method'
                           when 'trigram' then 'create %1$s index %2$I on %3$s using gin (%4$s ext.gin_trgm_ops)'
                           when 'text' then 'create %1$s index %2$I on %3$s using gin (%4$s)'
                           else 'create %1$s index %2$I on %3$s (%4$s)' end,
                       case when (one ->> 'unique')::boolean then 'unique' else '' end, one ->> 'name', named, plugin_names(one -> 'columns'));
    end loop;
    for called in select * from jsonb_array_elements_text(coalesce(described -> 'drop_index', '[]')) loop
        execute format('drop index %s', plugin_table(place, called));
    end loop;
    if (described ->> 'analyze')::boolean then
        execute format('analyze %s', named);
    end if;
end $$;

create function drop_plugin_table(place text, name text) returns void
language plpgsql security definer set search_path = concejo, pg_catalog, pg_temp as $$
begin
    execute format('drop table if exists %s', plugin_table(place, name));
end $$;

revoke execute on function make_plugin_table(text, jsonb), change_plugin_table(text, jsonb), drop_plugin_table(text, text) from public;
grant execute on function make_plugin_table(text, jsonb), change_plugin_table(text, jsonb), drop_plugin_table(text, text) to concejo_kernel;
