select g.supplier, count(*) as deliveries, count(g.failed_on) as failed,
    count(*) filter (where g.failed_on is not null and g.step is not null) as unsettled,
    count(*) filter (where g.status = 'returned') as returned,
    count(*) filter (where g.status = 'replaced') as replaced,
    count(*) filter (where g.failed_on is not null and g.storable is not null) as conceded,
    max(g.failed_on) as last_failed_on
from goods_receipts g
where g.tenant_id = $1
and g.build = (select build from projections where tenant_id = $1 and name = 'goods' and status = 'live')
