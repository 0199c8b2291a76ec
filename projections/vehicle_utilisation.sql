-- What each car did between $2 and $3, by the return of its trips: trips, kilometres, hours out, what they were worth.
select c.vehicle_id, c.plate, c.vehicle_class, c.status, t.trips, t.km, t.minutes_out, t.due_fen, t.worth_fen
from fleet_vehicles c
cross join lateral (
    select count(*)::bigint as trips, coalesce(sum(b.km), 0)::bigint as km,
           coalesce(sum(extract(epoch from b.back_at - b.out_at) / 60), 0)::bigint as minutes_out,
           coalesce(sum(b.due_fen), 0)::bigint as due_fen, coalesce(sum(b.worth_fen), 0)::bigint as worth_fen
    from fleet_bookings b
    where b.tenant_id = c.tenant_id and b.build = c.build and b.vehicle_id = c.vehicle_id
      -- a trip lasts so long at most: the index by car and departure is entered from there on
      and b.starts_at >= $2::timestamptz - interval '70 days' and b.starts_at < $3::timestamptz
      and b.back_at >= $2 and b.back_at < $3
) t
where c.tenant_id = $1
  and c.build = (select build from projections where tenant_id = $1 and name = 'fleet' and status = 'live')
