select s.book_id, s.project_id, s.item, s.supplier, s.collected_fen, s.passed_on_fen,
    s.collected_fen - s.passed_on_fen as owed_fen
from fee_suppliers s
where s.tenant_id = $1 and s.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
