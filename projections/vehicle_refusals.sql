-- How often no car was given between $2 and $3, by ground and clause. Grouping, order and limit are added by the asker.
select b.ground, b.clause, count(*)::bigint as times, count(distinct b.unit)::bigint as units
from fleet_bookings b
where b.tenant_id = $1
  and b.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
  and b.refused_at >= $2 and b.refused_at < $3
