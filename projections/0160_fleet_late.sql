-- A car that is still out after its planned return (projection "fleet").
alter table fleet_bookings add column late_since timestamptz;
comment on column fleet_bookings.late_since is 'The planned return of a trip that is not back long after it; none once it is.';
