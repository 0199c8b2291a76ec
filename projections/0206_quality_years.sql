-- A year's goals as one (projection "quality"), found by whose goals stand among them.

create table quality_years (
    tenant_id uuid not null,
    build integer not null,
    goals_id uuid not null,
    planned_position bigint not null,
    year text not null,
    planned_by uuid not null,
    status text not null,
    goals bigint not null,
    adopted_by uuid,
    adopted_on date,
    primary key (tenant_id, build, goals_id)
);
create index on quality_years (tenant_id, build, planned_position);
select secure_tenant_table('quality_years');
grant select, insert, update, delete on quality_years to kaohe_app;

create index on quality_goals (tenant_id, build, department_id, goals_id);
create index on quality_goals (tenant_id, build, person, goals_id);
