-- Deposits with the names of their projects. Filters, order and limit are added by the asker.
select d.deposit_id, d.opened_position as position, d.project_id, p.name as project_name, d.contractor, d.status,
       d.contract_from, d.contract_to, d.agreed_fen, d.received_fen, d.topped_up_fen, d.balance_fen, d.penalties_fen,
       d.rewards_fen, d.uncollected_fen, d.paid_out_fen, d.refunded_fen, d.forfeited_fen, d.demanded_fen, d.entries
from deposits d
cross join lateral (
    select x.name from contract_projects x
    where x.tenant_id = d.tenant_id and x.build = d.build and x.project_id = d.project_id
    limit 1
) p
where d.tenant_id = $1
  and d.build = (select build from projections where tenant_id = $1 and name = 'contracts' and status = 'live')
