-- The audit's viewer: pages by time, and by who, what or on what, newest first.
create index audit_at on audit (tenant, at, id);
create index audit_actor on audit (tenant, actor, at, id);
create index audit_action on audit (tenant, action, at, id);
create index audit_object on audit (tenant, object, at, id);
