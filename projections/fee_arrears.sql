-- What was unpaid at an instant ($2) of what was due before a day ($3), by age: the place of the age among the limits
-- ($4) that part it. What is unpaid still stands with its charge, what was so until later stands apart.
select u.project_id, u.building, u.kind, width_bucket(($3::date - u.due_on)::integer, $4::integer[]) as age,
    count(*)::bigint as charges, sum(u.unpaid_fen)::bigint as unpaid_fen
from (
    select c.tenant_id, c.build, c.project_id, c.building, c.kind, c.due_on, c.unpaid_fen
    from fee_charges c
    where c.tenant_id = $1 and c.build = (select build from projections where tenant_id = $1 and name = 'fee_charges' and status = 'live')
      and c.unpaid_fen > 0 and c.unpaid_since <= $2
    union all
    select p.tenant_id, p.build, p.project_id, p.building, p.kind, p.due_on, p.unpaid_fen
    from fee_unpaid_before p
    where p.tenant_id = $1 and p.build = (select build from projections where tenant_id = $1 and name = 'fee_charges' and status = 'live')
      and p.until > $2 and p.since <= $2
) u
where u.due_on < $3
