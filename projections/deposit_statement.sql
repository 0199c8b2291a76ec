-- The entries of a deposit, each with all it rests on: scorecard, rules, contract, what it reverses, what reversed it,
-- and the demand that followed. Each is looked up by its key (limit 1), whatever the planner believes of a young table.
-- Dates, order and limit are added by the asker.
select e.number, e.entry_id, e.kind, e.topic, e.version, e.position, e.booked_at, e.effect_fen, e.balance_after_fen,
       e.payout_fen, e.uncollected_fen, e.penalties_total_fen, e.rewards_total_fen, e.uncollected_total_fen,
       e.paid_out_total_fen, e.clause, e.rule_version, e.readings, e.base_fen, e.percent, e.month, e.assessment_id,
       e.revision, e.reverses, e.collects, e.reference, e.allocation,
       e.contract_topic, e.contract_version, e.contract_position,
       (
           select x.entry_id from deposit_entries x
           where x.tenant_id = e.tenant_id and x.build = e.build and x.deposit_id = e.deposit_id
             and x.reverses = e.entry_id
           order by x.number limit 1
       ) as reversed_by,
       s.scored_topic, s.scored_version, s.scored_position, s.score, s.band, s.vetoed, s.project_id,
       s.recorded_topic, s.recorded_version, s.recorded_position,
       r.effective_from, r.topic as rule_topic, r.stream_id as rule_stream, r.version as rule_event_version,
       r.position as rule_position,
       q.demand_id, q.month as demand_month, q.state, q.demanded_fen, q.received_fen, q.reduced_fen, q.due_on, q.due_at,
       q.clause as demand_clause, q.rule_version as demand_rule_version, q.readings as demand_readings,
       q.version as demand_version, q.position as demand_position
from deposit_entries e
left join lateral (
    select x.* from deposit_sources x
    where x.tenant_id = e.tenant_id and x.build = e.build and x.assessment_id = e.assessment_id
      and x.revision = e.revision
    limit 1
) s on true
left join lateral (
    select x.* from deposit_rules x
    where x.tenant_id = e.tenant_id and x.build = e.build and x.regulation = split_part(e.clause, '.', 1)
      and x.rule_version = e.rule_version
    limit 1
) r on true
left join lateral (
    select x.* from deposit_demands x
    where x.tenant_id = e.tenant_id and x.build = e.build and x.deposit_id = e.deposit_id and x.demand_id = e.entry_id
    limit 1
) q on true
where e.tenant_id = $1
  and e.build = (select build from projections where tenant_id = $1 and name = 'contracts' and status = 'live')
  and e.deposit_id = $2
