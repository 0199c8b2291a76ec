-- When cars and drivers are kept free, between $2 and $3. Filters, order and limit are added by the asker.
select w.window_id, w.kind, w.resource_id, w.starts_at, w.ends_at, w.reason
from fleet_windows w
where w.tenant_id = $1
  and w.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
  and w.starts_at < $3 and (w.ends_at is null or w.ends_at > $2)
