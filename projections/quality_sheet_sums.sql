select s.department_id, count(*)::bigint as filed, count(*) filter (where s.late)::bigint as late,
    sum(s.percent) as percents, sum(s.problems)::bigint as problems, sum(s.raised)::bigint as raised
from quality_sheets s
where s.tenant_id = $1
and s.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
