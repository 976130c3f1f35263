-- Jobs that people can stop, wait as their kind says, carry a key for effects outside, and repeat by calendar rules.

alter table jobs drop constraint jobs_state_check;
alter table jobs add constraint jobs_state_check
    check (state in ('waiting', 'running', 'done', 'dead', 'cancelled', 'discarded'));
alter table jobs
    add column cancel_requested_at timestamptz,   -- of one that is running: its commit is refused from here on
    add column alone boolean not null default false, -- never again in a batch with others
    add column idempotency_key uuid not null default gen_random_uuid();

-- Lists by municipality, of one state or of all (one short scan for each).
drop index jobs_tenant;
create index jobs_listed on jobs (tenant, state, id);
-- A plugin asks for its own job by its key, whatever became of it.
create index jobs_keyed on jobs (tenant, plugin, kind, unique_key, id) where unique_key is not null;
drop index jobs_finished;
create index jobs_finished on jobs (finished_at) where state in ('done', 'cancelled', 'discarded');
-- Every step leaves two dead versions behind: vacuum early and without pauses, or the head of the queue grows slow.
alter table jobs set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

alter table schedules drop constraint schedules_check;
alter table schedules alter column next_at drop not null; -- a rule that has ended
alter table schedules
    add column rrule text,
    add column start text,                         -- DTSTART on the zone's wall clock
    add column late_seconds bigint,                -- a run later than this is left out
    add column priority integer not null default 0,
    add column max_attempts integer not null default 8 check (max_attempts > 0),
    add constraint schedules_check check (num_nonnulls(every_seconds, cron, rrule) = 1
                                          and (rrule is null) = (start is null));
