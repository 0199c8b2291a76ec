select l.department_id, count(*)::bigint as reports, sum(l.filed)::bigint as filed, sum(l.late)::bigint as late,
    sum(l.percent) as percents, count(l.percent)::bigint as rated, sum(l.problems)::bigint as problems,
    sum(l.raised)::bigint as raised
from quality_report_lines l
where l.tenant_id = $1
and l.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
