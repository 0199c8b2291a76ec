select a.application_id, a.prepared_position as position, a.award, a.level, a.level_zh, a.level_en, a.year, a.project_id,
    a.status, a.items, a.checked, a.problems, a.submitted_on, a.result
from award_applications a
where a.tenant_id = $1
and a.build = (select build from projections where tenant_id = $1 and name = 'quality_matters' and status = 'live')
