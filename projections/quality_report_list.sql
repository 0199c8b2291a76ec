select r.report_id, r.kind, r.period, r.status, r.due_on, r.submitted_at, r.late, r.approved_on, r.compiled_by,
    r.approved_by, r.measures
from quality_reports r
where r.tenant_id = $1
and r.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
