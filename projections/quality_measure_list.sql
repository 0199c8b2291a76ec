select m.report_id, m.number, m.period, m.kind, m.department, m.action, m.person, m.opened_on, m.due_on, m.status, m.level
from quality_measures m
where m.tenant_id = $1
and m.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
