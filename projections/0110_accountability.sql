-- The board of accountability cases (projection "accountability"): cases, their running limits, effects on appraisal.

create table accountability_cases (
    tenant_id uuid not null,
    build integer not null,
    case_id uuid not null,
    reported_position bigint not null,
    reported_on date not null,
    matter text not null,
    source text not null,
    source_zh text not null,
    source_en text not null,
    status text collate "C" not null,
    anonymous boolean not null,
    complaint_id uuid,
    about_case uuid,
    merged_into uuid,
    respondents bigint not null,
    to_serve bigint not null,
    decided_on date,
    primary key (tenant_id, build, case_id)
);
create index on accountability_cases (tenant_id, build, reported_position);
create index on accountability_cases (tenant_id, build, status, reported_position);
select secure_tenant_table('accountability_cases');
grant select, insert, update, delete on accountability_cases to kaohe_app;

create table accountability_limits (
    tenant_id uuid not null,
    build integer not null,
    case_id uuid not null,
    key text collate "C" not null,
    stage text collate "C" not null,
    respondent_id uuid,
    respondent_name text,
    form text,
    started_on date not null,
    days bigint not null,
    due_on date not null,
    due_at timestamptz not null,
    own boolean not null,
    clause text not null,
    role text,
    level bigint not null,
    primary key (tenant_id, build, case_id, key)
);
create index on accountability_limits (tenant_id, build, due_at, case_id, key);
create index on accountability_limits (tenant_id, build, stage, due_at, case_id, key);
create index on accountability_limits (tenant_id, build, role, due_at, case_id, key);
select secure_tenant_table('accountability_limits');
grant select, insert, update, delete on accountability_limits to kaohe_app;

create table accountability_respondents (
    tenant_id uuid not null,
    build integer not null,
    case_id uuid not null,
    respondent_id uuid not null,
    name text not null,
    primary key (tenant_id, build, case_id, respondent_id)
);
select secure_tenant_table('accountability_respondents');
grant select, insert, update, delete on accountability_respondents to kaohe_app;

create table appraisal_effects (
    tenant_id uuid not null,
    build integer not null,
    entry_key text collate "C" not null,
    case_id uuid not null,
    subject_kind text collate "C" not null,
    subject text collate "C" not null,
    subject_name text not null,
    period text collate "C" not null,
    effect text not null,
    form text not null,
    form_zh text not null,
    form_en text not null,
    clause text not null,
    rule_version bigint not null,
    readings text not null,
    imposed_at timestamptz not null,
    imposed_position bigint not null,
    reversed_at timestamptz,
    reversed_position bigint,
    reversal_reason text,
    primary key (tenant_id, build, entry_key)
);
create index on appraisal_effects (tenant_id, build, period, subject_kind, subject);
create index on appraisal_effects (tenant_id, build, subject_kind, subject, period);
select secure_tenant_table('appraisal_effects');
grant select, insert, update, delete on appraisal_effects to kaohe_app;
