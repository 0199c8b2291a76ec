-- Liaison sheets between departments, and applications for awards (projection "quality_matters").

create table liaison_sheets (
    tenant_id uuid not null,
    build integer not null,
    liaison_id uuid not null,
    issued_position bigint not null,
    from_department text not null,
    to_department text not null,
    addressee uuid not null,
    subject text not null,
    status text not null,
    issued_by uuid not null,
    issued_on date not null,
    answer_by date not null,
    overdue boolean not null,
    closed_on date,
    primary key (tenant_id, build, liaison_id)
);
create index on liaison_sheets (tenant_id, build, issued_position);
create index on liaison_sheets (tenant_id, build, addressee, issued_position);
create index on liaison_sheets (tenant_id, build, status, issued_position);
select secure_tenant_table('liaison_sheets');
grant select, insert, update, delete on liaison_sheets to kaohe_app;

create table award_applications (
    tenant_id uuid not null,
    build integer not null,
    application_id uuid not null,
    prepared_position bigint not null,
    award text not null,
    level text not null,
    level_zh text not null,
    level_en text not null,
    year text not null,
    project_id uuid,
    status text not null,
    items bigint not null,
    checked bigint not null,
    problems bigint not null,
    submitted_on date,
    result text,
    primary key (tenant_id, build, application_id)
);
create index on award_applications (tenant_id, build, prepared_position);
create index on award_applications (tenant_id, build, status, prepared_position);
select secure_tenant_table('award_applications');
grant select, insert, update, delete on award_applications to kaohe_app;
