-- Notices and reminders with the events that they are. Filters, order and limit are added by the asker.
select n.account_id, n.version, n.position, n.project_id, n.period_id, n.serial, n.level, n.form, n.made_on, n.due_on,
       n.building, n.unit, n.payable_fen, n.verification, n.rests_on, n.gone, n.taken_back_on,
       e.topic, e.state
from fee_notices n
join events e
  on e.tenant_id = n.tenant_id and e.originator_id = n.account_id and e.originator_version = n.version
where n.tenant_id = $1
  and n.build = (select build from projections where tenant_id = $1 and name = 'fees' and status = 'live')
