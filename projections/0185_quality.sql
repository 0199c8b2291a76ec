-- Quality monitoring (projection "quality"): departments with their places, sheets by day, months as they were
-- submitted, a year's goals with their measurements, reports with their lines and measures.

create table quality_departments (
    tenant_id uuid not null,
    build integer not null,
    department_id uuid not null,
    name text not null,
    head uuid not null,
    compiles boolean not null,
    begins_on date not null,
    closed boolean not null,
    primary key (tenant_id, build, department_id)
);
select secure_tenant_table('quality_departments');
grant select, insert, update, delete on quality_departments to kaohe_app;

create table quality_places (
    tenant_id uuid not null,
    build integer not null,
    department_id uuid not null,
    scope_id uuid not null,
    primary key (tenant_id, build, department_id, scope_id)
);
comment on table quality_places is 'Where duties count as a department''s own: the department itself, and its projects.';
select secure_tenant_table('quality_places');
grant select, insert, update, delete on quality_places to kaohe_app;

create table quality_sheets (
    tenant_id uuid not null,
    build integer not null,
    sheets_id uuid not null,
    day date not null,
    department_id uuid not null,
    percent numeric not null,
    problems bigint not null,
    raised bigint not null,
    late boolean not null,
    primary key (tenant_id, build, sheets_id, day)
);
create index on quality_sheets (tenant_id, build, day);
select secure_tenant_table('quality_sheets');
grant select, insert, update, delete on quality_sheets to kaohe_app;

create table quality_months (
    tenant_id uuid not null,
    build integer not null,
    sheets_id uuid not null,
    department_id uuid not null,
    department text not null,
    month text collate "C" not null,
    submit_by date not null,
    submitted_at timestamptz,
    late boolean not null,
    primary key (tenant_id, build, sheets_id)
);
create index on quality_months (tenant_id, build, month, department_id);
create index on quality_months (tenant_id, build, department_id);
select secure_tenant_table('quality_months');
grant select, insert, update, delete on quality_months to kaohe_app;

create table quality_goals (
    tenant_id uuid not null,
    build integer not null,
    goals_id uuid not null,
    code text collate "C" not null,
    year text not null,
    parent text,
    department_id uuid,
    department text not null,
    process text not null,
    indicator text not null,
    unit text not null,
    direction text not null,
    target numeric not null,
    every text not null,
    weight numeric not null,
    person uuid not null,
    primary key (tenant_id, build, goals_id, code)
);
select secure_tenant_table('quality_goals');
grant select, insert, update, delete on quality_goals to kaohe_app;

create table quality_measurements (
    tenant_id uuid not null,
    build integer not null,
    goals_id uuid not null,
    code text collate "C" not null,
    period text collate "C" not null,
    last_on date not null,
    department_id uuid,
    indicator text not null,
    unit text not null,
    weight numeric not null,
    direction text not null,
    target numeric not null,
    value numeric not null,
    achieved boolean not null,
    primary key (tenant_id, build, goals_id, code, period)
);
create index on quality_measurements (tenant_id, build, last_on);
select secure_tenant_table('quality_measurements');
grant select, insert, update, delete on quality_measurements to kaohe_app;

create table quality_reports (
    tenant_id uuid not null,
    build integer not null,
    report_id uuid not null,
    compiled_position bigint not null,
    kind text not null,
    period text collate "C" not null,
    status text not null,
    due_on date not null,
    submitted_at timestamptz,
    late boolean not null,
    approved_on date,
    compiled_by uuid not null,
    approved_by uuid,
    measures bigint not null,
    primary key (tenant_id, build, report_id)
);
create index on quality_reports (tenant_id, build, period, report_id);
select secure_tenant_table('quality_reports');
grant select, insert, update, delete on quality_reports to kaohe_app;

create table quality_report_lines (
    tenant_id uuid not null,
    build integer not null,
    report_id uuid not null,
    department_id uuid not null,
    month text collate "C" not null,
    filed bigint not null,
    late bigint not null,
    percent numeric,
    problems bigint not null,
    raised bigint not null,
    primary key (tenant_id, build, report_id, department_id)
);
comment on table quality_report_lines is 'What approved monthly reports say of each department.';
create index on quality_report_lines (tenant_id, build, month);
select secure_tenant_table('quality_report_lines');
grant select, insert, update, delete on quality_report_lines to kaohe_app;

create table quality_measures (
    tenant_id uuid not null,
    build integer not null,
    report_id uuid not null,
    number bigint not null,
    period text collate "C" not null,
    kind text not null,
    department text not null,
    action text not null,
    person uuid not null,
    opened_on date not null,
    due_on date not null,
    status text not null,
    level bigint not null,
    primary key (tenant_id, build, report_id, number)
);
create index on quality_measures (tenant_id, build, status, due_on, report_id, number);
select secure_tenant_table('quality_measures');
grant select, insert, update, delete on quality_measures to kaohe_app;

alter table nonconformities add column source_id uuid;
create index on nonconformities (tenant_id, build, source_id);
