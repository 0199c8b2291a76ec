select g.code, g.year, g.parent, g.department_id, g.department, g.process, g.indicator, g.unit, g.direction, g.target, g.every,
    g.weight, g.person, m.period, m.value, m.target as measured_target, m.achieved
from quality_goals g
left join quality_measurements m on m.tenant_id = $1
    and m.build = g.build
    and m.goals_id = g.goals_id
    and m.code = g.code
where g.tenant_id = $1
and g.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
