-- Complaints as they stand (projection "complaints"): what is due when, whom it concerns, and how long each round took.
-- Of a report whose day alone is kept no column tells the hour.

create table complaints (
    tenant_id uuid not null,
    build integer not null,
    complaint_id uuid not null,
    lodged_position bigint not null,
    complainant text not null,
    kind text collate "C" not null,
    kind_zh text not null,
    kind_en text not null,
    subject text not null,
    place text,
    project_id uuid,
    lodged_on date not null,
    lodged_at timestamptz,
    status text not null,
    open boolean not null,
    round integer not null,
    responsible uuid,
    basis text,
    due_on date,
    due_by timestamptz,
    provisional boolean not null,
    running boolean not null,
    level integer not null,
    next_level integer,
    next_role text,
    next_at timestamptz,
    next_provisional boolean not null,
    instruction_awaited boolean not null,
    promised_for date,
    paused_at timestamptz,
    pause_ends_at timestamptz,
    clock_stopped boolean not null,
    late boolean not null,
    fine_owed boolean not null,
    fined boolean not null,
    rating integer,
    best_rating integer,
    upheld boolean not null,
    primary key (tenant_id, build, complaint_id)
);
comment on column complaints.due_by is 'Also of a limit that has passed, until the complaint is closed.';
comment on column complaints.running is 'Whether the limit is still to come.';
create index complaints_in_order on complaints (tenant_id, build, lodged_position);
create index complaints_by_status on complaints (tenant_id, build, status, lodged_position);
create index complaints_by_kind on complaints (tenant_id, build, kind, lodged_position);
create index complaints_by_project on complaints (tenant_id, build, project_id, lodged_position);
create index complaints_by_person on complaints (tenant_id, build, responsible, lodged_position);
create index complaints_due on complaints (tenant_id, build, due_by, complaint_id) where open;

create table complaint_departments (
    tenant_id uuid not null,
    build integer not null,
    complaint_id uuid not null,
    department text collate "C" not null,
    signed boolean not null,
    primary key (tenant_id, build, complaint_id, department)
);
comment on table complaint_departments is 'The departments concerned; a complaint that concerns none yet has the empty one.';
create index complaints_of_department on complaint_departments (tenant_id, build, department, complaint_id);

create table complaint_rounds (
    tenant_id uuid not null,
    build integer not null,
    complaint_id uuid not null,
    round integer not null,
    month text collate "C" not null,
    began_at timestamptz not null,
    stopped_s bigint not null,
    response_s bigint,
    resolution_s bigint,
    outcome text not null check (outcome in ('open', 'settled', 'unfounded', 'withdrawn')),
    late boolean not null,
    rating integer,
    best_rating integer,
    upheld boolean not null,
    primary key (tenant_id, build, complaint_id, round)
);
comment on table complaint_rounds is 'Each time a complaint was taken up: lodged, or reopened; its times without the pauses in which the clock stood.';
create index complaint_rounds_by_month on complaint_rounds (tenant_id, build, month, complaint_id);

select secure_tenant_table('complaints');
select secure_tenant_table('complaint_departments');
select secure_tenant_table('complaint_rounds');
grant select, insert, update, delete on complaints, complaint_departments, complaint_rounds to kaohe_app;
