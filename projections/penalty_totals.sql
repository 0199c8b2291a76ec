-- What entries add up to. Filters are added by the asker.
select count(*) as entries,
       coalesce(sum(e.amount_fen), 0)::bigint as issued_fen,
       coalesce(sum(e.displaced_fen), 0)::bigint as displaced_fen,
       coalesce(sum(e.waived_fen), 0)::bigint as waived_fen,
       coalesce(sum(e.reversed_fen), 0)::bigint as reversed_fen,
       coalesce(sum(e.settled_fen), 0)::bigint as settled_fen
from penalty_entries e
where e.tenant_id = $1
  and e.build = (select build from projections where tenant_id = $1 and name = 'penalties' and status = 'live')
