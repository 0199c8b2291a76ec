select d.department_id, d.name, d.head, d.compiles, d.begins_on, d.closed
from quality_departments d
where d.tenant_id = $1
and d.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
