-- Effects outside the database (mail, calls to other systems): what their dispatcher needs.

alter table outbox alter column idempotency_key drop default;
alter table outbox alter column idempotency_key type text using idempotency_key::text;
alter table outbox alter column idempotency_key set default gen_random_uuid()::text;
alter table outbox
    add column order_key text,             -- effects of one kind with the same one go one after the other
    add column lease_token uuid,           -- of the attempt that is under way: another one marks nothing
    add column worker text,
    add column sent_at timestamptz,        -- from here on the other side may know of it
    add column reconcile_at timestamptz,   -- unknown, and the kind's handler will be asked
    add column reconciled integer not null default 0,
    add column note text,                  -- what the other side answered, or why it counts as delivered
    add column settled_by text;            -- the person who decided
create unique index outbox_key on outbox (tenant, plugin, kind, idempotency_key);
create index outbox_lane on outbox (tenant, plugin, kind, order_key, id) where order_key is not null and state <> 'delivered';
create index outbox_attention on outbox (tenant, id) where state in ('unknown', 'dead');
create index outbox_reconcile on outbox (reconcile_at) where state = 'unknown' and reconcile_at is not null;
create index outbox_delivered on outbox (delivered_at) where state = 'delivered';
