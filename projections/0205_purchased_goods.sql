-- Goods that are bought, and which versions of their inspection procedures apply from when (projection "goods").

create table purchased_goods (
    tenant_id uuid not null,
    build integer not null,
    good_id uuid not null,
    registered_position bigint not null,
    name text not null,
    unit text not null,
    department text not null,
    status text not null,
    drafted boolean not null,
    deliveries bigint not null,
    primary key (tenant_id, build, good_id)
);
comment on column purchased_goods.drafted is 'Whether a draft of its procedure awaits approval.';
create index on purchased_goods (tenant_id, build, registered_position);
create index on purchased_goods (tenant_id, build, status, registered_position);
create index on purchased_goods (tenant_id, build, department, registered_position);
select secure_tenant_table('purchased_goods');
grant select, insert, update, delete on purchased_goods to kaohe_app;

create table goods_procedures (
    tenant_id uuid not null,
    build integer not null,
    good_id uuid not null,
    number bigint not null,
    effective_from date not null,
    primary key (tenant_id, build, good_id, number)
);
comment on table goods_procedures is 'Versions that were approved and not withdrawn; which one applies depends on the day.';
create index on goods_procedures (tenant_id, build, good_id, effective_from, number);
select secure_tenant_table('goods_procedures');
grant select, insert, update, delete on goods_procedures to kaohe_app;
