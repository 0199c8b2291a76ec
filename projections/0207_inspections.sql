-- Sites that are inspected by tiers, and the inspections of them (projection "inspections").

create table inspection_sites (
    tenant_id uuid not null,
    build integer not null,
    site_id uuid not null,
    registered_position bigint not null,
    project_id uuid not null,
    name text not null,
    status text not null,
    areas bigint not null,
    units bigint not null,
    items bigint not null,
    square_m bigint not null,
    posts bigint not null,
    inspections bigint not null,
    primary key (tenant_id, build, site_id)
);
create index on inspection_sites (tenant_id, build, registered_position);
create index on inspection_sites (tenant_id, build, project_id, registered_position);
select secure_tenant_table('inspection_sites');
grant select, insert, update, delete on inspection_sites to kaohe_app;

create table inspections (
    tenant_id uuid not null,
    build integer not null,
    inspection_id uuid not null,
    opened_position bigint not null,
    site_id uuid not null,
    project_id uuid not null,
    post text not null,
    level text not null,
    person uuid,
    scheduled boolean not null,
    planned_for date not null,
    rule_version bigint not null,
    status text not null,
    begun_at timestamptz,
    completed_at timestamptz,
    nonconforming bigint,
    lacking text not null,
    primary key (tenant_id, build, inspection_id)
);
comment on column inspections.lacking is 'What was not covered enough once it was completed, separated by spaces.';
create index on inspections (tenant_id, build, opened_position);
create index on inspections (tenant_id, build, site_id, opened_position);
create index on inspections (tenant_id, build, project_id, opened_position);
create index on inspections (tenant_id, build, level, opened_position);
create index on inspections (tenant_id, build, status, opened_position);
create index on inspections (tenant_id, build, planned_for);
select secure_tenant_table('inspections');
grant select, insert, update, delete on inspections to kaohe_app;
