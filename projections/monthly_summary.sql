-- A year of each project: the average of its closed months, how many fell into each band, what they cost and earned.
-- $2 and $3 are the year's first and last month. The rows of one project stand together in the index by project, so
-- that a page reads the projects on it and no others.
select m.project_id,
       (array_agg(m.project_name order by m.month desc))[1] as project_name,
       (array_agg(m.contractor order by m.month desc))[1] as contractor,
       count(*)::integer as months,
       count(m.score)::integer as closed,
       round(avg(m.score), 2) as average,
       min(m.score) as lowest,
       max(m.score) as highest,
       count(*) filter (where m.band = 'excellent')::integer as excellent,
       count(*) filter (where m.band = 'qualified')::integer as qualified,
       count(*) filter (where m.band = 'marginal')::integer as marginal,
       count(*) filter (where m.band = 'failed')::integer as failed,
       count(*) filter (where m.vetoed)::integer as vetoed,
       sum(m.deposit_effect_fen)::bigint as deposit_effect_fen,
       sum(m.payout_fen)::bigint as payout_fen,
       sum(m.uncollected_fen)::bigint as uncollected_fen
from assessed_months m
where m.tenant_id = $1
  and m.build = (select build from projections where tenant_id = $1 and name = 'assessments' and status = 'live')
  and m.month between $2 and $3
