// What stands before the first migration: roles and extensions. Internal to kernel/db.
#pragma once

namespace kernel::db {

/// Roles of the whole cluster. Repeatable.
inline constexpr const char* bootstrap_roles = R"sql(
do $$
begin
    if not exists (select from pg_roles where rolname = 'concejo_owner') then
        create role concejo_owner nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'concejo_kernel') then
        create role concejo_kernel nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'concejo_app') then
        create role concejo_app login noinherit;
    end if;
    if not pg_has_role('concejo_app', 'concejo_kernel', 'member') then
        grant concejo_kernel to concejo_app;
    end if;
    if not pg_has_role(session_user, 'concejo_owner', 'member') then
        execute format('grant concejo_owner to %I', session_user);
    end if;
    if not pg_has_role(session_user, 'concejo_app', 'member') then
        execute format('grant concejo_app to %I', session_user);
    end if;
end $$;
)sql";

/// Schemas and who may use them. Repeatable; after the SDK's search_schema.
inline constexpr const char* bootstrap_schemas = R"sql(
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to concejo_app, concejo_owner', current_database());
    execute format('grant create on database %I to concejo_owner', current_database());
    revoke all on schema public from public;
    grant usage on schema ext to concejo_owner;
    if not exists (select from pg_namespace where nspname = 'concejo') then
        create schema concejo authorization concejo_owner;
    end if;
end $$;
grant usage on schema concejo to concejo_kernel;
set role concejo_owner;
create table if not exists concejo.kernel_migrations (
    version integer primary key,
    slug text not null,
    sha256 text not null,
    at timestamptz not null default clock_timestamp()
);
grant select on concejo.kernel_migrations to concejo_kernel;
reset role;
)sql";

}  // namespace kernel::db
