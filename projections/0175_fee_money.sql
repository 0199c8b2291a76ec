-- What units were charged and paid, charge by charge and as it stood at any time (projection "fee_charges"), and what
-- projects' books and repair funds hold (projection "fee_books").

create table fee_units (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    project_id uuid not null,
    building text collate "C" not null,
    unit text not null,
    balance_fen bigint not null,
    primary key (tenant_id, build, account_id)
);
create index fee_units_by_unit on fee_units (tenant_id, build, project_id, unit);

create table fee_entries (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    number bigint not null,
    position bigint not null,
    booked_at timestamptz not null,
    what text not null,
    kind text,
    item text not null,
    first_month text,
    last_month text,
    effect_fen bigint not null,
    balance_after_fen bigint not null,
    means text,
    reference text not null,
    paid_on date,
    due_on date,
    reverses bigint,
    primary key (tenant_id, build, account_id, number)
);
create index fee_entries_reversed on fee_entries (tenant_id, build, account_id, reverses) where reverses is not null;

create table fee_charges (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    number bigint not null,
    project_id uuid not null,
    building text collate "C" not null,
    kind text collate "C" not null,
    item text collate "C" not null,
    first_month text collate "C" not null,
    last_month text collate "C" not null,
    due_on date not null,
    amount_fen bigint not null,
    paid_fen bigint not null,
    reversed boolean not null,
    unpaid_fen bigint not null,
    unpaid_since timestamptz not null,
    primary key (tenant_id, build, account_id, number)
);
comment on column fee_charges.unpaid_since is 'Since when just so much has been unpaid; what was before stands in fee_unpaid_before.';
create index fee_charges_unpaid on fee_charges (tenant_id, build, project_id, building, kind) where unpaid_fen > 0;

create table fee_unpaid_before (
    tenant_id uuid not null,
    build integer not null,
    account_id uuid not null,
    number bigint not null,
    since timestamptz not null,
    until timestamptz not null,
    project_id uuid not null,
    building text collate "C" not null,
    kind text collate "C" not null,
    due_on date not null,
    unpaid_fen bigint not null,
    primary key (tenant_id, build, account_id, number, since)
);
create index fee_unpaid_before_until on fee_unpaid_before (tenant_id, build, until);
create index fee_unpaid_before_of_project on fee_unpaid_before (tenant_id, build, project_id, until);

create table fee_collection (
    tenant_id uuid not null,
    build integer not null,
    project_id uuid not null,
    first_month text collate "C" not null,
    last_month text collate "C" not null,
    building text collate "C" not null,
    kind text collate "C" not null,
    item text collate "C" not null,
    charged_fen bigint not null,
    paid_fen bigint not null,
    primary key (tenant_id, build, project_id, first_month, last_month, building, kind, item)
);
create index fee_collection_by_month on fee_collection (tenant_id, build, first_month, last_month, project_id, kind);

create table fee_books (
    tenant_id uuid not null,
    build integer not null,
    book_id uuid not null,
    project_id uuid not null,
    opened_position bigint not null,
    owed_first_month text,
    owed_last_month text,
    owed_by date,
    published_until text,
    primary key (tenant_id, build, book_id)
);
create index fee_books_in_order on fee_books (tenant_id, build, opened_position);

create table fee_receipts_held (
    tenant_id uuid not null,
    build integer not null,
    book_id uuid not null,
    number bigint not null,
    position bigint not null,
    project_id uuid not null,
    account_id uuid not null,
    entry bigint not null,
    unit text not null,
    collector uuid not null,
    means text not null,
    amount_fen bigint not null,
    received_on date not null,
    hand_over_by timestamptz,
    level bigint not null,
    primary key (tenant_id, build, book_id, number)
);
create index fee_receipts_held_in_order on fee_receipts_held (tenant_id, build, position);
create index fee_receipts_held_by_collector on fee_receipts_held (tenant_id, build, collector, position);
create index fee_receipts_held_by_project on fee_receipts_held (tenant_id, build, project_id, position);
create index fee_receipts_held_of_account on fee_receipts_held (tenant_id, build, account_id);

create table fee_handovers (
    tenant_id uuid not null,
    build integer not null,
    book_id uuid not null,
    handover bigint not null,
    position bigint not null,
    project_id uuid not null,
    collector uuid not null,
    handed_over_on date not null,
    entries bigint not null,
    due_cash_fen bigint not null,
    due_transfer_fen bigint not null,
    due_card_fen bigint not null,
    counted_cash_fen bigint not null,
    counted_transfer_fen bigint not null,
    counted_card_fen bigint not null,
    received_cash_fen bigint,
    received_transfer_fen bigint,
    received_card_fen bigint,
    status text collate "C" not null,
    note text,
    reason text,
    how text,
    closed_on date,
    primary key (tenant_id, build, book_id, handover)
);
create index fee_handovers_in_order on fee_handovers (tenant_id, build, position);
create index fee_handovers_by_status on fee_handovers (tenant_id, build, status, position);
create index fee_handovers_by_collector on fee_handovers (tenant_id, build, collector, position);
create index fee_handovers_by_project on fee_handovers (tenant_id, build, project_id, position);

create table fee_suppliers (
    tenant_id uuid not null,
    build integer not null,
    book_id uuid not null,
    item text collate "C" not null,
    project_id uuid not null,
    supplier text,
    collected_fen bigint not null,
    passed_on_fen bigint not null,
    primary key (tenant_id, build, book_id, item)
);
create index fee_suppliers_by_project on fee_suppliers (tenant_id, build, project_id, item);

create table fee_statements (
    tenant_id uuid not null,
    build integer not null,
    stream_id uuid not null,
    first_month text collate "C" not null,
    last_month text collate "C" not null,
    project_id uuid not null,
    what text collate "C" not null,
    position bigint not null,
    version bigint not null,
    published_on timestamptz not null,
    figures text not null,
    primary key (tenant_id, build, stream_id, first_month)
);
comment on column fee_statements.figures is 'The published event as JSON: figures are frozen, whoever reads them.';
create index fee_statements_of_project on fee_statements (tenant_id, build, project_id, first_month, what);

create table repair_funds (
    tenant_id uuid not null,
    build integer not null,
    fund_id uuid not null,
    project_id uuid not null,
    name text not null,
    opened_position bigint not null,
    balance_fen bigint not null,
    primary key (tenant_id, build, fund_id)
);
create index repair_funds_in_order on repair_funds (tenant_id, build, opened_position);
create index repair_funds_by_project on repair_funds (tenant_id, build, project_id, opened_position);

create table repair_fund_bookings (
    tenant_id uuid not null,
    build integer not null,
    fund_id uuid not null,
    number bigint not null,
    position bigint not null,
    version bigint not null,
    booked_on date not null,
    what text not null,
    effect_fen bigint not null,
    balance_after_fen bigint not null,
    purpose text,
    work text,
    payee text,
    unit text,
    reference text,
    reverses bigint,
    booked_by uuid,
    primary key (tenant_id, build, fund_id, number)
);

select secure_tenant_table('fee_units');
select secure_tenant_table('fee_entries');
select secure_tenant_table('fee_charges');
select secure_tenant_table('fee_unpaid_before');
select secure_tenant_table('fee_collection');
select secure_tenant_table('fee_books');
select secure_tenant_table('fee_receipts_held');
select secure_tenant_table('fee_handovers');
select secure_tenant_table('fee_suppliers');
select secure_tenant_table('fee_statements');
select secure_tenant_table('repair_funds');
select secure_tenant_table('repair_fund_bookings');
grant select, insert, update, delete on fee_units, fee_entries, fee_charges, fee_unpaid_before, fee_collection, fee_books,
    fee_receipts_held, fee_handovers, fee_suppliers, fee_statements, repair_funds, repair_fund_bookings to kaohe_app;
