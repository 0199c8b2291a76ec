select l.liaison_id, l.issued_position as position, l.from_department, l.to_department, l.addressee, l.subject, l.status,
    l.issued_by, l.issued_on, l.answer_by, l.overdue, l.closed_on
from liaison_sheets l
where l.tenant_id = $1
and l.build = (select build from projections where tenant_id = $1 and name = 'quality_matters' and status = 'live')
