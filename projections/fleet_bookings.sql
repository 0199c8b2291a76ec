-- Bookings as they stand. Filters, order and limit are added by the asker.
select b.booking_id, b.requested_position as position, b.unit, b.category, b.category_zh, b.category_en, b.free, b.purpose,
       b.collective, b.party_size, b.area, b.origin, b.destination, b.starts_at, b.ends_at, b.priority, b.urgent,
       b.vehicle_class, b.status, b.registered_at, b.class_rank, b.grounds, b.ground, b.clause, b.vehicle_id, b.plate,
       b.driver_id, b.driver_name, b.decided_by, b.rank, b.considered, b.dispatched_position, b.displaced, b.out_at,
       b.back_at, b.km, b.due_fen, b.worth_fen, b.month, b.overdue, b.late_since
from fleet_bookings b
where b.tenant_id = $1
  and b.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
