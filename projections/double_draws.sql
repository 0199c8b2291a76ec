-- Acts that drew more than one clause in one ledger, reversed entries left out. Filters, grouping and limit are added by
-- the asker.
select e.ledger_id, e.act, array_agg(distinct e.clause) as clauses,
       array_agg(e.entry_key order by e.position) as entry_keys
from penalty_entries e
where e.tenant_id = $1
  and e.build = (select build from projections where tenant_id = $1 and name = 'penalties' and status = 'live')
  and e.status <> 'reversed'
