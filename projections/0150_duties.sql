-- What is owed by whom until when, how windows ended (projection "duties"), and nonconformities with their age.
-- A duty has one row; windows that ended are counted by place, role, kind, person and day. Windows to come have none.

create table duties (
    tenant_id uuid not null,
    build integer not null,
    duty_id uuid not null,
    scope_kind text not null,
    scope_id uuid not null,
    scope_name text not null,
    role text collate "C" not null,
    person uuid,
    kind text collate "C" not null,
    title_zh text not null,
    title_en text not null,
    clause text not null,
    rule_version bigint,
    status text not null,
    times bigint not null,
    performed bigint not null,
    in_a_row bigint not null,
    next_times bigint,
    next_rule_version bigint,
    opens_at timestamptz,
    closes_at timestamptz,
    last_on date,
    primary key (tenant_id, build, duty_id)
);
create index on duties (tenant_id, build, closes_at, duty_id);
create index on duties (tenant_id, build, person, closes_at, duty_id);
create index on duties (tenant_id, build, role, closes_at, duty_id);
create index on duties (tenant_id, build, scope_id, closes_at, duty_id);
select secure_tenant_table('duties');
grant select, insert, update, delete on duties to kaohe_app;

create table duty_days (
    tenant_id uuid not null,
    build integer not null,
    scope_id uuid not null,
    day date not null,
    role text collate "C" not null,
    kind text collate "C" not null,
    person uuid not null,
    met bigint not null,
    missed bigint not null,
    excused bigint not null,
    primary key (tenant_id, build, scope_id, day, role, kind, person)
);
comment on column duty_days.person is 'Who held the duty at the end of the window; zeroes where a role did.';
create index on duty_days (tenant_id, build, day, scope_id, role);
create index on duty_days (tenant_id, build, person, day);
select secure_tenant_table('duty_days');
grant select, insert, update, delete on duty_days to kaohe_app;

create table nonconformities (
    tenant_id uuid not null,
    build integer not null,
    nonconformity_id uuid not null,
    opened_position bigint not null,
    project_id uuid,
    clause text not null,
    subject text not null,
    item_class text,
    area text,
    unit text,
    status text not null,
    round bigint not null,
    found_on date not null,
    times_found bigint not null,
    liabilities bigint not null,
    corrector uuid,
    due_by timestamptz,
    overdue boolean not null,
    closed_on date,
    primary key (tenant_id, build, nonconformity_id)
);
create index on nonconformities (tenant_id, build, opened_position);
create index on nonconformities (tenant_id, build, status, opened_position);
create index on nonconformities (tenant_id, build, project_id, opened_position);
select secure_tenant_table('nonconformities');
grant select, insert, update, delete on nonconformities to kaohe_app;
