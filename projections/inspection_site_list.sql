select s.site_id, s.registered_position as position, s.project_id, s.name, s.status, s.areas, s.units, s.items, s.square_m,
    s.posts, s.inspections
from inspection_sites s
where s.tenant_id = $1
and s.build = (select build from projections where tenant_id = $1 and name = 'inspections' and status = 'live')
