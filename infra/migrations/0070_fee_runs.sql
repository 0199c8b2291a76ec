-- How far the closing of a fee period has come. It is moved in the transaction that charges a page of accounts.
create table fee_runs (
    tenant_id uuid not null,
    period_id uuid not null,
    total bigint not null,
    after_account uuid,
    done bigint not null default 0,
    notices bigint not null default 0,
    refused bigint not null default 0,
    amount_fen bigint not null default 0,
    started_at timestamptz not null,
    last_step_at timestamptz not null,
    finished_at timestamptz,
    primary key (tenant_id, period_id)
);
comment on column fee_runs.total is 'The accounts that there were when the closing began; later ones belong to the next period.';
comment on column fee_runs.after_account is 'The last account, by id, that has had its turn.';

create table fee_run_refusals (
    tenant_id uuid not null,
    period_id uuid not null,
    account_id uuid not null,
    code text not null,
    message text not null,
    primary key (tenant_id, period_id, account_id)
);
comment on table fee_run_refusals is 'Accounts that a closing could not charge, and why; people charge them singly.';

select secure_tenant_table('fee_runs');
select secure_tenant_table('fee_run_refusals');
grant select, insert, update on fee_runs to kaohe_app;
grant select, insert on fee_run_refusals to kaohe_app;
