-- Run as concejo_owner with search_path = concejo. Everything here is for the kernel alone: plugins reach none of it.
-- Rows of a tenant are hidden from transactions of another by the policy `of_tenant`, which each table repeats: a
-- transaction with concejo.tenant set sees that tenant only; one of the whole installation leaves it empty.

create table tenants (
    id text primary key check (id ~ '^[a-z0-9_]{1,60}$'),
    schema text not null unique,
    created_at timestamptz not null default now()
);
grant select on tenants to concejo_kernel;

create table migrations_done (
    tenant text not null references tenants,
    plugin text not null,
    version integer not null check (version > 0),
    slug text not null,
    sha256 text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (tenant, plugin, version)
);
grant select on migrations_done to concejo_kernel;

-- Raised by transactions that change anonymous pages; a page is cached only if it did not move while it was rendered.
create table page_generations (
    tenant text primary key,
    generation bigint not null default 1
);
alter table page_generations enable row level security;
create policy of_tenant on page_generations to concejo_kernel
    using (coalesce(nullif(current_setting('concejo.tenant', true), ''), tenant) = tenant);
grant select, insert, update, delete on page_generations to concejo_kernel;
