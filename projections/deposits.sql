-- Deposits with the names of their projects. Filters, order and limit are added by the asker.
select d.deposit_id, d.opened_position as position, d.project_id, p.name as project_name, d.contractor, d.status,
       d.contract_from, d.contract_to, d.agreed_fen, d.received_fen, d.topped_up_fen, d.balance_fen, d.penalties_fen,
       d.rewards_fen, d.uncollected_fen, d.paid_out_fen, d.refunded_fen, d.forfeited_fen, d.demanded_fen, d.entries
from deposits d
join contract_projects p on p.tenant_id = d.tenant_id and p.build = d.build and p.project_id = d.project_id
where d.tenant_id = $1
  and d.build = (select build from projections where tenant_id = $1 and name = 'contracts' and status = 'live')
