select m.code, m.period, m.department_id, m.indicator, m.unit, m.weight, m.direction, m.target, m.value, m.achieved
from quality_measurements m
where m.tenant_id = $1
and m.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
