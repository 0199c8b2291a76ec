-- What is still owed in top-ups on deposit $2, oldest first. Limit is added by the asker.
select q.demand_id, q.month as demand_month, q.state, q.demanded_fen, q.received_fen, q.reduced_fen, q.due_on, q.due_at,
       q.clause as demand_clause, q.rule_version as demand_rule_version, q.readings as demand_readings,
       q.version as demand_version, q.position as demand_position
from deposit_demands q
where q.tenant_id = $1
  and q.build = (select build from projections where tenant_id = $1 and name = 'contracts' and status = 'live')
  and q.deposit_id = $2 and q.state in ('open', 'overdue')
