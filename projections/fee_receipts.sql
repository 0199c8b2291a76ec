select r.book_id, r.number, r.position, r.project_id, r.account_id, r.entry, r.unit, r.collector, r.means, r.amount_fen,
    r.received_on, r.hand_over_by, r.level
from fee_receipts_held r
where r.tenant_id = $1 and r.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
