-- Entries as they stand, with whose they are. Filters, order and limit are added by the asker.
select e.ledger_id, e.entry_key, e.number, e.position, e.version, e.department, e.issued_month, e.kind, e.amount_fen,
       e.form, e.effect, e.period, e.clause, e.rule_version, e.reading, e.overlap, e.causes, e.act, e.joint_role,
       e.principal_key, e.issued_on, e.status, e.contests, e.displaced_by, e.displaced_fen, e.waived_fen,
       e.reversed_fen, e.settled_fen, l.subject_kind, l.subject, l.member_id, p.display_name as name
from penalty_entries e
join penalty_ledgers l on l.tenant_id = e.tenant_id and l.build = e.build and l.ledger_id = e.ledger_id
left join penalty_people p on p.tenant_id = l.tenant_id and p.build = l.build and p.member_id = l.member_id
where e.tenant_id = $1
  and e.build = (select build from projections where tenant_id = $1 and name = 'penalties' and status = 'live')
