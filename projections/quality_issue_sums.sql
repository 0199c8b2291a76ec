select n.project_id, n.source_id, count(*) filter (where n.found_on >= $2)::bigint as found,
    count(*) filter (where n.status <> 'effective')::bigint as open
from nonconformities n
where n.tenant_id = $1
and n.build = (select build from projections where tenant_id = $1 and name = 'nonconformities' and status = 'live')
