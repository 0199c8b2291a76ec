-- Cars as they stand. Filters, order and limit are added by the asker.
select c.vehicle_id, c.plate, c.vehicle_class, c.seats, c.licence, c.status, c.odometer_km
from fleet_vehicles c
where c.tenant_id = $1
  and c.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
