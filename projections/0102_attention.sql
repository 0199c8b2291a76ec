-- What needs an administrator's eye is few among many: refused reactions and failed deadlines, latest first.
create index reaction_refusals_latest on reaction_refusals (tenant_id, recorded_at);
create index deadlines_failed on deadlines (tenant_id, failed_at) where failed_at is not null;
