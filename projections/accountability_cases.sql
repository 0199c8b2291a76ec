select c.case_id, c.reported_position as position, c.reported_on, c.matter, c.source, c.source_zh, c.source_en,
    c.status, c.anonymous, c.complaint_id, c.about_case, c.merged_into, c.respondents, c.decided_on,
    l.stages, l.due_on, l.due_at, coalesce(l.overdue, 0) as overdue
from accountability_cases c
left join lateral (
    select array_agg(distinct l.stage order by l.stage) as stages,
        min(l.due_on) filter (where l.role is not null) as due_on,
        min(l.due_at) filter (where l.role is not null) as due_at,
        count(*) filter (where l.role is not null and l.due_at <= $2) as overdue
    from accountability_limits l
    where l.tenant_id = $1 and l.build = c.build and l.case_id = c.case_id
) l on true
where c.tenant_id = $1
and c.build = (select build from projections where tenant_id = $1 and name = 'accountability' and status = 'live')
