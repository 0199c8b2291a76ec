select p.department_id, p.scope_id
from quality_places p
where p.tenant_id = $1
and p.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
