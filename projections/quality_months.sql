select m.department_id, m.department, m.month, m.sheets_id, m.submit_by, m.submitted_at, m.late
from quality_months m
where m.tenant_id = $1
and m.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
