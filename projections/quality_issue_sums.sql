select i.department_id, count(*) filter (where i.found_on between $2 and $3)::bigint as found,
    count(*) filter (where i.status <> 'effective')::bigint as open
from (
    select p.department_id, n.found_on, n.status
    from quality_places p
    join nonconformities n on n.tenant_id = $1
        and n.build = (select build from projections where tenant_id = $1 and name = 'nonconformities' and status = 'live')
        and n.project_id = p.scope_id
    where p.tenant_id = $1
    and p.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
    and n.found_on <= $3
    union all
    select m.department_id, n.found_on, n.status
    from quality_months m
    join nonconformities n on n.tenant_id = $1
        and n.build = (select build from projections where tenant_id = $1 and name = 'nonconformities' and status = 'live')
        and n.source_id = m.sheets_id
    where m.tenant_id = $1
    and m.build = (select build from projections where tenant_id = $1 and name = 'quality' and status = 'live')
    and n.found_on <= $3
) i
where true
