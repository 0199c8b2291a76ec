select p.department_id, sum(d.met)::bigint as met, sum(d.missed)::bigint as missed, sum(d.excused)::bigint as excused,
    coalesce(sum(d.missed) filter (where d.kind = 'r15.sheet'), 0)::bigint as missing
from quality_places p
join duty_days d on d.tenant_id = $1
    and d.build = (select build from projections where tenant_id = $1 and name = 'duties' and status = 'live')
    and d.scope_id = p.scope_id
where p.tenant_id = $1
and p.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
