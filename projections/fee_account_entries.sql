-- The entries of an account in their order, each with the one that took it back. Number, order and limit come after.
select e.number, e.position, e.booked_at, e.what, e.kind, e.item, e.first_month, e.last_month, e.effect_fen,
    e.balance_after_fen, e.means, e.reference, e.paid_on, e.due_on, e.reverses,
    (
        select x.number from fee_entries x
        where x.tenant_id = e.tenant_id and x.build = e.build and x.account_id = e.account_id and x.reverses = e.number
        order by x.number limit 1
    ) as reversed_by
from fee_entries e
where e.tenant_id = $1 and e.build = (select build from projections where tenant_id = $1 and name = 'fee_charges' and status = 'live')
and e.account_id = $2
