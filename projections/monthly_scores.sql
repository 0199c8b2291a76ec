-- The assessed months of a tenant, with what each cost or earned. Filters, order and limit are added by the asker.
select m.assessment_id, m.project_id, m.month, m.project_name, m.contractor, m.status, m.rule_version,
       m.staff_ballots, m.student_ballots, m.findings, m.complaints, m.incidents,
       m.score, m.band, m.vetoed, m.centre, m.satisfaction, m.complaints_deducted, m.dissatisfaction_percent,
       m.revision, m.scorecard_version, m.closed_at, m.scored_at, m.streak,
       m.deposit_effect_fen, m.payout_fen, m.uncollected_fen
from assessed_months m
where m.tenant_id = $1
  and m.build = (select build from projections where tenant_id = $1 and name = 'assessments' and status = 'live')
