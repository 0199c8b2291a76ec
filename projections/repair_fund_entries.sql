select b.number, b.position, b.version, b.booked_on, b.what, b.effect_fen, b.balance_after_fen, b.purpose, b.work, b.payee,
    b.unit, b.reference, b.reverses, b.booked_by
from repair_fund_bookings b
where b.tenant_id = $1 and b.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
and b.fund_id = $2
