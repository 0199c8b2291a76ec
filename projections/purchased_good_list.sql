select g.good_id, g.registered_position as position, g.name, g.unit, g.department, g.status, g.drafted, g.deliveries,
    v.number as version, v.effective_from
from purchased_goods g
left join lateral (
    select p.number, p.effective_from
    from goods_procedures p
    where p.tenant_id = $1
    and p.build = g.build
    and p.good_id = g.good_id
    and p.effective_from <= $2
    order by p.effective_from desc, p.number desc
    limit 1
) v on true
where g.tenant_id = $1
and g.build = (select build from projections where tenant_id = $1 and name = 'goods' and status = 'live')
