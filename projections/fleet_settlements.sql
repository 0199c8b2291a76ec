-- Units' months. Filters, order and limit are added by the asker.
select s.settlement_id, s.unit, s.month, s.status, s.closes_at, s.lines, s.amount_fen, s.left_out, s.left_out_worth_fen,
       s.contested
from fleet_settlements s
where s.tenant_id = $1
  and s.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
