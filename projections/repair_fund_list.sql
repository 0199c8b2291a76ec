select f.fund_id, f.project_id, f.name, f.opened_position, f.balance_fen
from repair_funds f
where f.tenant_id = $1 and f.build = (select build from projections where tenant_id = $1 and name = 'fee_books' and status = 'live')
