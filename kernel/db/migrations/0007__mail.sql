-- Mail by recipient: what became of each, as far as it is known (SMTP says "taken", a notification may come back later).
create table mail (
    tenant text not null,
    message_id text not null,
    recipient text not null,
    plugin text not null,
    state text not null default 'queued' check (state in ('queued', 'sent', 'refused', 'delayed', 'bounced', 'delivered')),
    detail text not null default '',
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    primary key (tenant, message_id, recipient)
);
create index mail_message on mail (message_id);
create index mail_age on mail (created_at);
alter table mail enable row level security;
create policy of_tenant on mail to concejo_kernel using
    (coalesce(nullif(current_setting('concejo.tenant', true), ''), tenant) = tenant);
grant select, insert, update, delete on mail to concejo_kernel;
