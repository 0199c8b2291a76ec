-- Deliveries on their way to the store or back, and what lies there of each good (projection "goods").

create table goods_receipts (
    tenant_id uuid not null,
    build integer not null,
    receipt_id uuid not null,
    opened_position bigint not null,
    good_id uuid not null,
    good text not null,
    unit text not null,
    department text not null,
    supplier text collate "C" not null,
    buyer uuid not null,
    lot text not null,
    quantity bigint not null,
    delivered_on date not null,
    replaces uuid,
    rule_version bigint not null,
    status text not null,
    step text,
    due_by timestamptz,
    late boolean not null,
    trial_until date,
    defective bigint not null,
    storable bigint,
    failed_on date,
    reasons text not null,
    disposal text,
    primary key (tenant_id, build, receipt_id)
);
comment on column goods_receipts.step is 'What is to be done next; none once the lot is stored, returned or replaced.';
create index on goods_receipts (tenant_id, build, opened_position);
create index on goods_receipts (tenant_id, build, status, opened_position);
create index on goods_receipts (tenant_id, build, step, opened_position);
create index on goods_receipts (tenant_id, build, supplier, opened_position);
create index on goods_receipts (tenant_id, build, good_id, opened_position);
create index on goods_receipts (tenant_id, build, delivered_on);
select secure_tenant_table('goods_receipts');
grant select, insert, update, delete on goods_receipts to kaohe_app;

create table goods_stocks (
    tenant_id uuid not null,
    build integer not null,
    stock_id uuid not null,
    good_id uuid not null,
    good text not null,
    unit text not null,
    on_hand bigint not null,
    stored bigint not null,
    issued bigint not null,
    returned bigint not null,
    written_off bigint not null,
    last_moved_on date,
    primary key (tenant_id, build, stock_id)
);
select secure_tenant_table('goods_stocks');
grant select, insert, update, delete on goods_stocks to kaohe_app;
