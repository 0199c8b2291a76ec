select i.inspection_id, i.opened_position as position, i.site_id, i.project_id, i.post, i.level, i.person, i.scheduled,
    i.planned_for, i.rule_version, i.status, i.begun_at, i.completed_at, i.nonconforming, i.lacking
from inspections i
where i.tenant_id = $1
and i.build = (select build from projections where tenant_id = $1 and name = 'inspections' and status = 'live')
