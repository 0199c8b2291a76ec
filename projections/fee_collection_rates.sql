select c.project_id, c.first_month, c.last_month, c.kind, sum(c.charged_fen)::bigint as charged_fen,
    sum(c.paid_fen)::bigint as paid_fen
from fee_collection c
where c.tenant_id = $1 and c.build = (select build from projections where tenant_id = $1 and name = 'fee_charges' and status = 'live')
