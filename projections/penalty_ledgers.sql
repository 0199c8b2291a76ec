-- Ledgers with the name and department of their person, and what their entries add up to. Filters, order and limit are
-- added by the asker.
select l.ledger_id, l.opened_position as position, l.subject_kind, l.subject, l.member_id, p.display_name as name,
       p.department, l.entries, l.owing, t.*
from penalty_ledgers l
left join penalty_people p
    on p.tenant_id = l.tenant_id and p.build = l.build and p.member_id = l.member_id
cross join lateral (
    select coalesce(sum(e.amount_fen), 0)::bigint as issued_fen,
           coalesce(sum(e.displaced_fen), 0)::bigint as displaced_fen,
           coalesce(sum(e.waived_fen), 0)::bigint as waived_fen,
           coalesce(sum(e.reversed_fen), 0)::bigint as reversed_fen,
           coalesce(sum(e.settled_fen), 0)::bigint as settled_fen
    from penalty_entries e
    where e.tenant_id = l.tenant_id and e.build = l.build and e.ledger_id = l.ledger_id
) t
where l.tenant_id = $1
  and l.build = (select build from projections where tenant_id = $1 and name = 'penalties' and status = 'live')
