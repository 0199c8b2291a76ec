-- Fee periods, with how far their closing has come. Filters, order and limit are added by the asker.
select p.period_id, p.project_id, p.name, p.first_month, p.last_month, p.status, p.amount_fen, p.number_year,
       p.first_number, p.closing_position, r.total, r.done, coalesce(r.notices, p.notices) as notices, r.refused,
       r.started_at, r.last_step_at, r.finished_at
from fee_periods p
left join fee_runs r on r.tenant_id = p.tenant_id and r.period_id = p.period_id
where p.tenant_id = $1
  and p.build = (select build from projections where tenant_id = $1 and name = 'fees' and status = 'live')
