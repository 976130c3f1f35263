-- Queues share the tenant's transaction: what was not committed was never asked for.

create table jobs (
    id bigint generated always as identity primary key,
    tenant text not null,
    plugin text not null,
    kind text not null,
    payload jsonb not null default '{}',
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'dead')),
    priority integer not null default 0,
    run_at timestamptz not null default now(),
    unique_key text,
    attempts integer not null default 0,
    max_attempts integer not null default 8 check (max_attempts > 0),
    lease_token uuid,                       -- of the attempt that is running: a worker that lost it commits nothing
    lease_until timestamptz,
    worker text,
    last_error text,
    progress_done bigint not null default 0,
    progress_total bigint not null default 0,
    message text not null default '',
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz
);
create index jobs_waiting on jobs (priority desc, run_at, id) where state = 'waiting';
create index jobs_running on jobs (lease_until) where state = 'running';
create index jobs_tenant on jobs (tenant, id);
create index jobs_finished on jobs (finished_at) where state = 'done';
create unique index jobs_unique on jobs (tenant, plugin, kind, unique_key)
    where unique_key is not null and state in ('waiting', 'running');

create table schedules (
    tenant text not null,
    plugin text not null,
    kind text not null,
    every_seconds bigint,
    cron text,
    zone text not null default 'Europe/Madrid',
    payload jsonb not null default '{}',
    next_at timestamptz not null,
    last_at timestamptz,
    primary key (tenant, plugin, kind),
    check ((every_seconds is null) <> (cron is null))
);
create index schedules_due on schedules (next_at);

create table blobs (
    tenant text not null,
    id text not null check (id ~ '^[0-9a-f]{64}$'),
    bytes bigint not null check (bytes >= 0),
    media_type text not null,
    created_at timestamptz not null default now(),
    primary key (tenant, id)
);

create table outbox (
    id bigint generated always as identity primary key,
    tenant text not null,
    plugin text not null,
    kind text not null,
    payload jsonb not null default '{}',
    idempotency_key uuid not null default gen_random_uuid(),
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'unknown', 'dead')),
    attempts integer not null default 0,
    next_at timestamptz not null default now(),
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    delivered_at timestamptz
);
create index outbox_waiting on outbox (next_at, id) where state in ('waiting', 'sending');
create index outbox_tenant on outbox (tenant, id);

do $$
declare name text;
begin
    foreach name in array array['jobs', 'schedules', 'blobs', 'outbox'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy of_tenant on %I to concejo_kernel using '
            '(coalesce(nullif(current_setting(''concejo.tenant'', true), ''''), tenant) = tenant)', name);
        execute format('grant select, insert, update, delete on %I to concejo_kernel', name);
    end loop;
end $$;
