select d.scope_id, sum(d.met)::bigint as met, sum(d.missed)::bigint as missed, sum(d.excused)::bigint as excused,
    coalesce(sum(d.missed) filter (where d.kind = 'r15.sheet'), 0)::bigint as missing
from duty_days d
where d.tenant_id = $1
and d.build = (select build from projections where tenant_id = $1 and name = 'duties' and status = 'live')
