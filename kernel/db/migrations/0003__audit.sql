-- Who did what. Append only: the platform's roles may insert and read; not even the owner changes or removes rows.

create table audit (
    id bigint generated always as identity primary key,
    tenant text not null,                   -- '' : the installation itself
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    object text not null default '',
    result text not null,
    ip_prefix text not null default '',
    request_id text not null default '',
    details jsonb not null default '{}'
);
create index audit_tenant on audit (tenant, id);

-- Entry number n of a tenant holds sha-256(hash of n-1 || its canonical text), whatever its id is in this cluster. Written at COMMIT, so that a long
-- transaction keeps nobody waiting; the order of the chain is the order of the commits.
create table audit_chain (
    tenant text not null,
    number bigint not null,
    audit_id bigint not null unique references audit,
    hash bytea not null,
    primary key (tenant, number)
);

create function audit_text(entry audit) returns text language sql stable set search_path = concejo, pg_catalog as $$
    select jsonb_build_array(entry.tenant, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.actor, entry.action, entry.object, entry.result, entry.ip_prefix, entry.request_id, entry.details)::text
$$;

create function audit_link() returns trigger language plpgsql security definer set search_path = concejo, pg_catalog as $$
declare
    head record;
begin
    perform pg_advisory_xact_lock(hashtextextended('concejo.audit.' || new.tenant, 0));
    select number, hash into head from audit_chain where tenant = new.tenant order by number desc limit 1;
    insert into audit_chain (tenant, number, audit_id, hash)
    values (new.tenant, coalesce(head.number, 0) + 1, new.id,
            sha256(coalesce(head.hash, ''::bytea) || convert_to(audit_text(new), 'UTF8')));
    return null;
end $$;
create constraint trigger audit_link after insert on audit deferrable initially deferred
    for each row execute function audit_link();

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit record is append only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
create trigger audit_chain_append_only before update or delete or truncate on audit_chain
    for each statement execute function audit_is_append_only();

alter table audit enable row level security;
create policy of_tenant on audit to concejo_kernel
    using (coalesce(nullif(current_setting('concejo.tenant', true), ''), tenant) = tenant);
alter table audit_chain enable row level security;
create policy of_tenant on audit_chain to concejo_kernel
    using (coalesce(nullif(current_setting('concejo.tenant', true), ''), tenant) = tenant);
grant select, insert on audit to concejo_kernel;
grant select on audit_chain to concejo_kernel;
revoke execute on function audit_link() from public;
grant execute on function audit_text(audit) to concejo_kernel;
