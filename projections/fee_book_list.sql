select b.book_id, b.project_id, b.opened_position, b.owed_first_month, b.owed_last_month, b.owed_by, b.published_until
from fee_books b
where b.tenant_id = $1 and b.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
