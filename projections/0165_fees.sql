-- Accounts of units, fee periods, and what owners were told (projection "fees").
create table fee_accounts (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    opened_position bigint not null,
    project_id uuid not null,
    building text collate "C" not null,
    unit text collate "C" not null,
    owner text not null,
    balance_fen bigint not null,
    credit_fen bigint not null,
    primary key (tenant_id, build, account_id)
);
create index fee_accounts_by_project on fee_accounts (tenant_id, build, project_id, account_id);
create index fee_accounts_by_place on fee_accounts (tenant_id, build, building, unit, account_id);

create table fee_periods (
    tenant_id uuid not null,
    build integer not null,
    period_id uuid not null,
    opened_position bigint not null,
    project_id uuid not null,
    name text not null,
    first_month text collate "C" not null,
    last_month text collate "C" not null,
    status text not null,
    closing_position bigint,
    closing_at timestamptz,
    notices bigint not null,
    amount_fen bigint not null,
    number_year bigint,
    first_number bigint,
    primary key (tenant_id, build, period_id)
);
create index fee_periods_by_month on fee_periods (tenant_id, build, first_month desc, period_id desc);
create index fee_periods_closing on fee_periods (tenant_id, build, closing_position) where status = 'closing';

create table fee_notices (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    version bigint not null,
    position bigint not null,
    project_id uuid not null,
    period_id uuid,
    serial bigint,
    level bigint not null,
    form text not null,
    made_on date,
    due_on date,
    building text not null,
    unit text not null,
    payable_fen bigint not null,
    verification text,
    primary key (tenant_id, build, account_id, version)
);
comment on column fee_notices.level is 'Which reminder of its notice it is; 0 for the notice of a period''s end.';
create index fee_notices_by_period on fee_notices (tenant_id, build, period_id, level, serial);
create index fee_notices_by_code on fee_notices (tenant_id, build, verification);

select secure_tenant_table('fee_accounts');
select secure_tenant_table('fee_periods');
select secure_tenant_table('fee_notices');
grant select, insert, update, delete on fee_accounts, fee_periods, fee_notices to kaohe_app;

-- The directory sees that a period is being closed, and nothing of which or whose.
grant select (tenant_id, status) on fee_periods to kaohe_directory;
create policy directory on fee_periods for select to kaohe_directory using (status = 'closing');
