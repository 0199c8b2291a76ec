select y.goals_id, y.planned_position as position, y.year, y.status, y.planned_by, y.goals, y.adopted_by, y.adopted_on
from quality_years y
where y.tenant_id = $1
and y.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
