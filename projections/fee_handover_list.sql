select h.book_id, h.handover, h.position, h.project_id, h.collector, h.handed_over_on, h.entries, h.due_cash_fen,
    h.due_transfer_fen, h.due_card_fen, h.counted_cash_fen, h.counted_transfer_fen, h.counted_card_fen,
    h.received_cash_fen, h.received_transfer_fen, h.received_card_fen, h.status, h.note, h.reason, h.how, h.closed_on
from fee_handovers h
where h.tenant_id = $1 and h.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
