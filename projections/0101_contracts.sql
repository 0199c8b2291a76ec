-- What contracts come to (projection "contracts"): projects with what stands between the parties, their deposits with
-- every entry, and the events each entry rests on. Deposits and projects share one build, so that a list of projects
-- shows balances of the same moment.

create table contract_projects (
    tenant_id uuid not null,
    build integer not null,
    project_id uuid not null,
    registered_position bigint not null,
    name text not null,
    contractor text not null,
    status text not null,
    contract_from date not null,
    contract_to date not null,
    starts_month text collate "C" not null,
    streak integer not null,
    last_month text collate "C",
    right_since text collate "C",
    ground_lost boolean not null,
    termination_position bigint,
    termination_version integer,
    reinstatement_position bigint,
    reinstatement_version integer,
    end_position bigint,
    end_version integer,
    primary key (tenant_id, build, project_id)
);
comment on column contract_projects.right_since is 'The month since which the right to terminate stands.';
create index contract_projects_in_order on contract_projects (tenant_id, build, registered_position);
create index contract_projects_by_status on contract_projects (tenant_id, build, status, registered_position);

create table contract_corrections (
    tenant_id uuid not null,
    build integer not null,
    project_id uuid not null,
    month text collate "C" not null,
    due_on date not null,
    due_at timestamptz not null,
    status text not null check (status in ('open', 'overdue', 'confirmed')),
    primary key (tenant_id, build, project_id, month)
);

create table contract_priorities (
    tenant_id uuid not null,
    build integer not null,
    project_id uuid not null,
    month text collate "C" not null,
    primary key (tenant_id, build, project_id, month)
);
comment on table contract_priorities is 'Excellent months, which give priority in the next tender.';

create table deposits (
    tenant_id uuid not null,
    build integer not null,
    deposit_id uuid not null,
    opened_position bigint not null,
    project_id uuid not null,
    contractor text not null,
    status text not null,
    contract_from date not null,
    contract_to date not null,
    agreed_fen bigint not null,
    received_fen bigint not null,
    topped_up_fen bigint not null,
    balance_fen bigint not null,
    penalties_fen bigint not null,
    rewards_fen bigint not null,
    uncollected_fen bigint not null,
    paid_out_fen bigint not null,
    refunded_fen bigint not null,
    forfeited_fen bigint not null,
    demanded_fen bigint not null,
    entries integer not null,
    primary key (tenant_id, build, deposit_id)
);
comment on column deposits.penalties_fen is 'What penalties that stand cost, taken or not.';
comment on column deposits.rewards_fen is 'What rewards that stand gave, credited or paid out.';
comment on column deposits.demanded_fen is 'What is still owed in top-ups.';
create index deposits_in_order on deposits (tenant_id, build, opened_position);
create index deposits_by_status on deposits (tenant_id, build, status, opened_position);
create index deposits_by_project on deposits (tenant_id, build, project_id, opened_position);

create table deposit_entries (
    tenant_id uuid not null,
    build integer not null,
    deposit_id uuid not null,
    number integer not null,
    entry_id text not null,
    kind text not null,
    topic text not null,
    version integer not null,
    position bigint not null,
    booked_at timestamptz not null,
    effect_fen bigint not null,
    balance_after_fen bigint not null,
    payout_fen bigint not null,
    uncollected_fen bigint not null,
    penalties_total_fen bigint not null,
    rewards_total_fen bigint not null,
    uncollected_total_fen bigint not null,
    paid_out_total_fen bigint not null,
    clause text,
    rule_version integer,
    readings text not null,
    base_fen bigint,
    percent numeric,
    month text collate "C",
    assessment_id uuid,
    revision integer,
    reverses text,
    collects text,
    reference text,
    allocation text not null,
    contract_topic text,
    contract_version integer,
    contract_position bigint,
    primary key (tenant_id, build, deposit_id, number)
);
comment on column deposit_entries.number is 'Counts the entries of a deposit from 1.';
comment on column deposit_entries.readings is 'id=value pairs, as steps of a scorecard name them.';
comment on column deposit_entries.contract_topic is 'The project''s event that ended or reinstated the contract, where the entry rests on one.';
create index deposit_entries_booked on deposit_entries (tenant_id, build, deposit_id, booked_at);
create index deposit_entries_reversing on deposit_entries (tenant_id, build, deposit_id, reverses)
    where reverses is not null;

create table deposit_demands (
    tenant_id uuid not null,
    build integer not null,
    deposit_id uuid not null,
    demand_id text not null,
    month text collate "C" not null,
    state text not null check (state in ('open', 'overdue', 'met', 'withdrawn')),
    demanded_fen bigint not null,
    received_fen bigint not null,
    reduced_fen bigint not null,
    due_on date not null,
    due_at timestamptz not null,
    clause text not null,
    rule_version integer not null,
    readings text not null,
    version integer not null,
    position bigint not null,
    primary key (tenant_id, build, deposit_id, demand_id)
);
comment on column deposit_demands.demand_id is 'The entry whose taking is to be made up for.';
create index deposit_demands_owed on deposit_demands (tenant_id, build, deposit_id, position)
    where state in ('open', 'overdue');

create table deposit_sources (
    tenant_id uuid not null,
    build integer not null,
    assessment_id uuid not null,
    revision integer not null,
    scored_topic text not null,
    scored_version integer not null,
    scored_position bigint not null,
    score numeric not null,
    band text not null,
    vetoed boolean not null,
    project_id uuid not null,
    recorded_topic text,
    recorded_version integer,
    recorded_position bigint,
    primary key (tenant_id, build, assessment_id, revision)
);
comment on table deposit_sources is 'The scorecards that entries rest on, and the events by which projects took them over.';

create table deposit_rules (
    tenant_id uuid not null,
    build integer not null,
    regulation text not null,
    rule_version integer not null,
    effective_from date not null,
    topic text not null,
    stream_id uuid not null,
    version integer not null,
    position bigint not null,
    primary key (tenant_id, build, regulation, rule_version)
);
comment on table deposit_rules is 'Which event of which rule book put each version of the rules in force.';

do $$
declare
    relation text;
begin
    foreach relation in array array[
        'contract_projects', 'contract_corrections', 'contract_priorities', 'deposits', 'deposit_entries',
        'deposit_demands', 'deposit_sources', 'deposit_rules'
    ] loop
        perform secure_tenant_table(relation);
        execute format('grant select, insert, update, delete on %I to kaohe_app', relation);
    end loop;
end $$;
