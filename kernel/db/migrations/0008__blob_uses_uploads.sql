-- Who uses a content, and uploads on their way to becoming one.

alter table blobs
    add column unused_since timestamptz,    -- set by the collector; whoever takes the content up again clears it
    add column checked_at timestamptz,      -- last time that all of it was read and had its sha-256
    add column damaged_at timestamptz;      -- since when it is known not to have it
create index blobs_quota on blobs (tenant) include (bytes);
create index blobs_damaged on blobs (tenant) where damaged_at is not null;
create index blobs_unused on blobs (tenant, unused_since) where unused_since is not null;

-- As often as a plugin has put or kept a content without removing it again. Never collected while a row is here:
-- there is no cascade.
create table blob_uses (
    tenant text not null,
    blob text not null,
    plugin text not null,                   -- '' stands for contents from before uses were counted
    uses integer not null check (uses > 0),
    primary key (tenant, blob, plugin),
    foreign key (tenant, blob) references blobs (tenant, id)
);
insert into blob_uses (tenant, blob, plugin, uses) select tenant, id, '', 1 from blobs;

-- The bytes stand in a file, whose size is the offset; a finished upload is a content that the kernel uses.
create table uploads (
    tenant text not null,
    id text not null check (id ~ '^[0-9a-f]{32}$'),
    owner text not null,                    -- "user:<uuid>" or "token:<uuid>"
    bytes bigint check (bytes >= 0),        -- null: not told yet
    metadata text not null default '',      -- as the client wrote it
    blob text,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (tenant, id),
    foreign key (tenant, blob) references blobs (tenant, id)
);
create index uploads_owner on uploads (tenant, owner);
create index uploads_expired on uploads (expires_at);
create index uploads_blob on uploads (tenant, blob) where blob is not null;

do $$
declare name text;
begin
    foreach name in array array['blob_uses', 'uploads'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy of_tenant on %I to concejo_kernel using '
            '(coalesce(nullif(current_setting(''concejo.tenant'', true), ''''), tenant) = tenant)', name);
        execute format('grant select, insert, update, delete on %I to concejo_kernel', name);
    end loop;
end $$;
