select d.duty_id, d.scope_kind, d.scope_id, d.scope_name, d.role, d.person, d.kind, d.title_zh, d.title_en, d.clause,
    d.rule_version, d.times, d.performed, d.in_a_row, d.opens_at, d.closes_at, d.last_on
from duties d
where d.tenant_id = $1
and d.build = (select build from projections where tenant_id = $1 and name = 'duties' and status = 'live')
and d.closes_at is not null
