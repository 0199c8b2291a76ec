-- Projects with the latest correction still owed, their excellent months, and their deposit.
-- Filters, order and limit are added by the asker.
select p.project_id, p.registered_position as position, p.name, p.contractor, p.status, p.contract_from, p.contract_to,
       p.starts_month, p.last_month as last_recorded_month, p.streak, p.right_since as termination_right_since,
       p.ground_lost,
       c.month as correction_month, c.due_on as correction_due_on, c.due_at as correction_due_at,
       c.status as correction_status,
       array(
           select t.month from contract_priorities t
           where t.tenant_id = p.tenant_id and t.build = p.build and t.project_id = p.project_id
           order by t.month
       ) as priorities,
       d.deposit_id, d.status as deposit_status, d.balance_fen as deposit_balance_fen
from contract_projects p
left join lateral (
    select k.month, k.due_on, k.due_at, k.status from contract_corrections k
    where k.tenant_id = p.tenant_id and k.build = p.build and k.project_id = p.project_id and k.status <> 'confirmed'
    order by k.month desc limit 1
) c on true
left join lateral (
    select x.deposit_id, x.status, x.balance_fen from deposits x
    where x.tenant_id = p.tenant_id and x.build = p.build and x.project_id = p.project_id
    order by x.opened_position limit 1
) d on true
where p.tenant_id = $1
  and p.build = (select build from projections where tenant_id = $1 and name = 'contracts' and status = 'live')
