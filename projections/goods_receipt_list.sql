select g.receipt_id, g.opened_position, g.good_id, g.good, g.unit, g.department, g.supplier, g.buyer, g.lot, g.quantity,
    g.delivered_on, g.replaces, g.rule_version, g.status, g.step, g.due_by, g.late, g.trial_until, g.defective, g.storable,
    g.failed_on, g.reasons, g.disposal
from goods_receipts g
where g.tenant_id = $1
and g.build = (select build from projections where tenant_id = $1 and name = 'goods' and status = 'live')
