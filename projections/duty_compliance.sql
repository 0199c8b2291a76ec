select d.scope_id, d.role, to_char(d.day, 'YYYY-MM') as month, sum(d.met)::bigint as met, sum(d.missed)::bigint as missed,
    sum(d.excused)::bigint as excused
from duty_days d
where d.tenant_id = $1
and d.build = (select build from projections where tenant_id = $1 and name = 'duties' and status = 'live')
