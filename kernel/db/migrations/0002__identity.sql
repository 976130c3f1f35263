-- Accounts of staff, their sessions, tokens of programs, and what guards them.

create table users (
    id uuid primary key default gen_random_uuid(),
    tenant text not null,
    login text not null check (login <> ''),
    name text not null default '',
    email text,
    password_hash text,                     -- argon2id as libsodium writes it; null: cannot log in by password
    roles text[] not null default '{}',
    totp_secret text,                       -- sealed by the identity folder
    totp_confirmed_at timestamptz,
    totp_last_step bigint,                  -- a code serves once
    disabled_at timestamptz,
    failed_count integer not null default 0,
    locked_until timestamptz,
    must_change boolean not null default false,
    created_at timestamptz not null default now()
);
create unique index users_login on users (tenant, lower(login));

create table sessions (
    id_hash bytea primary key check (octet_length(id_hash) = 32),  -- sha-256 of the cookie's value
    tenant text not null,
    user_id uuid references users on delete cascade,                -- null before the login
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ip_prefix text,
    agent text,
    csrf_secret bytea,
    data jsonb not null default '{}',
    revoked_at timestamptz
);
create index sessions_of_user on sessions (user_id) where revoked_at is null;
create index sessions_expired on sessions (expires_at);

create table api_tokens (
    id uuid primary key default gen_random_uuid(),
    tenant text not null,
    name text not null,
    token_hash bytea not null unique,
    scopes text[] not null default '{}',
    created_by text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_tokens_tenant on api_tokens (tenant, created_at);

create table login_attempts (
    id bigint generated always as identity primary key,
    tenant text not null,
    login text not null,
    ip_prefix text,
    succeeded boolean not null,
    at timestamptz not null default now()
);
create index login_attempts_login on login_attempts (tenant, lower(login), at);
create index login_attempts_address on login_attempts (tenant, ip_prefix, at);
create index login_attempts_at on login_attempts (at);

-- The answer that a repeated form or API call gets again. status null: the first one is still running.
create table idempotency_keys (
    tenant text not null,
    owner text not null,                    -- session or token that sent it: nobody reads another's answer
    key text not null,
    route text not null,
    request_hash bytea not null,
    status integer,
    response bytea,
    created_at timestamptz not null default now(),
    primary key (tenant, owner, key)
);
create index idempotency_keys_at on idempotency_keys (created_at);

do $$
declare name text;
begin
    foreach name in array array['users', 'sessions', 'api_tokens', 'login_attempts', 'idempotency_keys'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy of_tenant on %I to concejo_kernel using '
            '(coalesce(nullif(current_setting(''concejo.tenant'', true), ''''), tenant) = tenant)', name);
        execute format('grant select, insert, update, delete on %I to concejo_kernel', name);
    end loop;
end $$;
