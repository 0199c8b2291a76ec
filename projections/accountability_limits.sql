select l.case_id, c.matter, c.status, l.key, l.stage, l.respondent_id, l.respondent_name, l.form, l.started_on, l.days,
    l.due_on, l.due_at, l.provisional, l.own, l.clause, l.role, l.level, l.role is not null and l.due_at <= $2 as overdue
from accountability_limits l
join accountability_cases c on c.tenant_id = l.tenant_id and c.build = l.build and c.case_id = l.case_id
where l.tenant_id = $1
and l.build = (select build from projections where tenant_id = $1 and name = 'accountability' and status = 'live')
