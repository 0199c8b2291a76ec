select n.nonconformity_id, n.opened_position, n.project_id, n.clause, n.subject, n.item_class, n.area, n.unit, n.status,
    n.round, n.found_on, n.times_found, n.liabilities, n.corrector, n.due_by, n.overdue, n.closed_on
from nonconformities n
where n.tenant_id = $1
and n.build = (select build from projections where tenant_id = $1 and name = 'nonconformities' and status = 'live')
