-- Complaints as they stand, with the departments they concern and those that have signed. Filters, order and limit are
-- added by the asker.
select c.complaint_id, c.lodged_position as position, c.complainant, c.kind, c.kind_zh, c.kind_en, c.subject, c.place,
       c.project_id, c.lodged_on, c.lodged_at, c.status, c.open, c.round, c.responsible, c.basis, c.due_on, c.due_by,
       c.provisional, c.running, c.level, c.next_level, c.next_role, c.next_at, c.next_provisional,
       c.instruction_awaited, c.promised_for, c.paused_at, c.pause_ends_at, c.clock_stopped, c.late, c.fine_owed,
       c.fined, c.rating, c.best_rating, c.upheld,
       array(
           select d.department from complaint_departments d
           where d.tenant_id = c.tenant_id and d.build = c.build and d.complaint_id = c.complaint_id
             and d.department <> ''
           order by d.department
       ) as departments,
       array(
           select d.department from complaint_departments d
           where d.tenant_id = c.tenant_id and d.build = c.build and d.complaint_id = c.complaint_id and d.signed
           order by d.department
       ) as signed
from complaints c
where c.tenant_id = $1
  and c.build = (select build from projections where tenant_id = $1 and name = 'complaints' and status = 'live')
