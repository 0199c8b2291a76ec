-- Drivers as they stand. Filters, order and limit are added by the asker.
select d.driver_id, d.name, d.member_id, d.licences, d.duty, d.status
from fleet_drivers d
where d.tenant_id = $1
  and d.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
