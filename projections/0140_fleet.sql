-- The vehicle centre's day (projection "fleet"): bookings as they stand, cars and drivers, and when each is kept free.
-- All in one build, so that a board shows requests, cars and drivers of the same moment.

create table fleet_bookings (
    tenant_id uuid not null,
    build integer not null,
    booking_id uuid not null,
    requested_position bigint not null,
    unit text not null,
    category text not null,
    category_zh text not null,
    category_en text not null,
    free boolean not null,
    purpose text not null,
    collective boolean not null,
    party_size bigint not null,
    area text not null,
    origin text not null,
    destination text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    priority text,
    urgent boolean not null,
    vehicle_class text,
    status text not null,
    round bigint not null,
    registered_at timestamptz,
    class_rank bigint,
    grounds text not null,
    ground text,
    clause text,
    refused_at timestamptz,
    vehicle_id uuid,
    plate text,
    driver_id uuid,
    driver_name text,
    decided_by text,
    rank bigint,
    considered bigint,
    dispatched_position bigint,
    displaced bigint not null,
    out_at timestamptz,
    back_at timestamptz,
    km bigint not null,
    due_fen bigint not null,
    worth_fen bigint not null,
    month text collate "C",
    overdue bigint not null,
    primary key (tenant_id, build, booking_id)
);
comment on column fleet_bookings.ground is 'Why no car was given; with the clause, and when.';
comment on column fleet_bookings.overdue is 'How many levels were told that the order is not completed or signed.';
create index fleet_bookings_in_order on fleet_bookings (tenant_id, build, requested_position);
create index fleet_bookings_by_unit on fleet_bookings (tenant_id, build, unit, requested_position);
create index fleet_bookings_by_status on fleet_bookings (tenant_id, build, status, requested_position);
create index fleet_bookings_by_day on fleet_bookings (tenant_id, build, starts_at);
create index fleet_bookings_waiting on fleet_bookings (tenant_id, build, starts_at) where status = 'accepted';
create index fleet_bookings_by_car on fleet_bookings (tenant_id, build, vehicle_id, starts_at) where vehicle_id is not null;
create index fleet_bookings_by_driver on fleet_bookings (tenant_id, build, driver_id, starts_at) where driver_id is not null;
create index fleet_bookings_by_return on fleet_bookings (tenant_id, build, back_at) where back_at is not null;
create index fleet_bookings_refused on fleet_bookings (tenant_id, build, refused_at) where refused_at is not null;

create table fleet_vehicles (
    tenant_id uuid not null,
    build integer not null,
    vehicle_id uuid not null,
    plate text not null,
    vehicle_class text not null,
    seats bigint not null,
    licence text not null,
    status text not null,
    odometer_km bigint not null,
    primary key (tenant_id, build, vehicle_id)
);

create table fleet_drivers (
    tenant_id uuid not null,
    build integer not null,
    driver_id uuid not null,
    name text not null,
    member_id uuid,
    licences text not null,
    duty text not null,
    status text not null,
    primary key (tenant_id, build, driver_id)
);
comment on column fleet_drivers.duty is 'Duty times as the driver''s events hold them, in JSON.';

create table fleet_windows (
    tenant_id uuid not null,
    build integer not null,
    window_id text not null,
    kind text not null check (kind in ('vehicle', 'driver')),
    resource_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz,
    reason text not null,
    primary key (tenant_id, build, window_id)
);
comment on table fleet_windows is 'When a car or a driver is kept free: maintenance, repair, absence; without an end for good.';
create index fleet_windows_by_resource on fleet_windows (tenant_id, build, resource_id, starts_at);

do $$
declare
    relation text;
begin
    foreach relation in array array['fleet_bookings', 'fleet_vehicles', 'fleet_drivers', 'fleet_windows'] loop
        perform secure_tenant_table(relation);
        execute format('grant select, insert, update, delete on %I to kaohe_app', relation);
    end loop;
end $$;
