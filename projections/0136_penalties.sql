-- Penalty ledgers with every entry as it stands (projection "penalties"), and the department of each member, so that an
-- entry keeps the one that its person belonged to when it was issued.

create table penalty_people (
    tenant_id uuid not null,
    build integer not null,
    member_id uuid not null,
    display_name text not null,
    department text collate "C",
    primary key (tenant_id, build, member_id)
);

create table penalty_ledgers (
    tenant_id uuid not null,
    build integer not null,
    ledger_id uuid not null,
    opened_position bigint not null,
    subject_kind text not null,
    subject text collate "C" not null,
    member_id uuid,
    entries integer not null,
    owing boolean not null,
    primary key (tenant_id, build, ledger_id)
);
create index penalty_ledgers_in_order on penalty_ledgers (tenant_id, build, opened_position);
create index penalty_ledgers_owing on penalty_ledgers (tenant_id, build, opened_position) where owing;

create table penalty_entries (
    tenant_id uuid not null,
    build integer not null,
    ledger_id uuid not null,
    entry_key text collate "C" not null,
    number integer not null,
    position bigint not null,
    version integer not null,
    department text collate "C",
    issued_month text collate "C" not null,
    kind text not null,
    amount_fen bigint not null,
    form text,
    effect text,
    period text,
    clause text not null,
    rule_version bigint not null,
    reading text,
    overlap text,
    causes text not null,
    act text collate "C" not null,
    joint_role text,
    principal_key text,
    issued_on date not null,
    status text not null,
    contests integer not null,
    displaced_by text,
    displaced_fen bigint not null,
    waived_fen bigint not null,
    reversed_fen bigint not null,
    settled_fen bigint not null,
    primary key (tenant_id, build, ledger_id, entry_key)
);
comment on column penalty_entries.position is 'Where the entry was issued; statements are in that order.';
create index penalty_entries_in_order on penalty_entries (tenant_id, build, position);
create index penalty_entries_of_ledger on penalty_entries (tenant_id, build, ledger_id, position);
create index penalty_entries_by_department on penalty_entries (tenant_id, build, department, position);
create index penalty_entries_by_month on penalty_entries (tenant_id, build, issued_month, position);
create index penalty_entries_by_act on penalty_entries (tenant_id, build, ledger_id, act, position);

select secure_tenant_table('penalty_people');
select secure_tenant_table('penalty_ledgers');
select secure_tenant_table('penalty_entries');
grant select, insert, update, delete on penalty_people, penalty_ledgers, penalty_entries to kaohe_app;
