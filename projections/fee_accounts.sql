-- Accounts of units. Filters, order and limit are added by the asker.
select a.account_id, a.project_id, a.building, a.unit, a.owner, a.balance_fen, a.credit_fen
from fee_accounts a
where a.tenant_id = $1
  and a.build = (select build from projections where tenant_id = $1 and name = 'fees' and status = 'live')
