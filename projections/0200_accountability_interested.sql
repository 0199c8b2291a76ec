-- From whom a case is kept (R4.21): what the cases' lists leave out for a reader who has an interest.
create table accountability_interested (
    tenant_id uuid not null,
    build integer not null,
    case_id uuid not null,
    person uuid not null,
    primary key (tenant_id, build, case_id, person)
);
select secure_tenant_table('accountability_interested');
grant select, insert, update, delete on accountability_interested to kaohe_app;
