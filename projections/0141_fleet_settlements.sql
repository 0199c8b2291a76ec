-- Which month of which unit is open or closed, and what it comes to (projection "fleet").
create table fleet_settlements (
    tenant_id uuid not null,
    build integer not null,
    settlement_id uuid not null,
    unit text not null,
    month text collate "C" not null,
    status text not null,
    closes_at timestamptz not null,
    lines bigint not null,
    amount_fen bigint not null,
    left_out bigint not null,
    left_out_worth_fen bigint not null,
    contested bigint not null,
    primary key (tenant_id, build, settlement_id)
);
create index fleet_settlements_by_month on fleet_settlements (tenant_id, build, month desc, settlement_id desc);
create index fleet_settlements_by_unit on fleet_settlements (tenant_id, build, unit, month desc, settlement_id desc);

select secure_tenant_table('fleet_settlements');
grant select, insert, update, delete on fleet_settlements to kaohe_app;
