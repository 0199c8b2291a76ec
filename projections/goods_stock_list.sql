select g.stock_id, g.good_id, g.good, g.unit, g.on_hand, g.stored, g.issued, g.returned, g.written_off, g.last_moved_on
from goods_stocks g
where g.tenant_id = $1
and g.build = (select build from projections where tenant_id = $1 and name = 'goods' and status = 'live')
