-- What the assessments of a tenant are folded into (projection "assessments"): one row a month assessed, and what
-- has to be remembered of single ballots, findings and awaited results to keep the counts of those rows right.

create table assessed_months (
    tenant_id uuid not null,
    build integer not null,
    assessment_id uuid not null,
    project_id uuid not null,
    month text collate "C" not null,
    project_name text not null,
    contractor text not null,
    status text not null,
    rule_version integer not null,
    survey_closes_on date not null,
    survey_closes_at timestamptz not null,
    staff_wanted integer not null,
    students_wanted integer not null,
    staff_seats integer not null,
    student_seats integer not null,
    drawn boolean not null,
    ballots_required boolean not null,
    staff_ballots integer not null,
    student_ballots integer not null,
    findings integer not null,
    complaints integer not null,
    incidents integer not null,
    corrections integer not null,
    score numeric,
    band text,
    vetoed boolean,
    centre numeric,
    satisfaction numeric,
    complaints_deducted numeric,
    dissatisfaction_percent numeric,
    revision integer not null,
    scorecard_version integer,
    closed_at timestamptz,
    scored_at timestamptz,
    recorded_revision integer not null,
    streak integer,
    deposit_effect_fen bigint not null,
    payout_fen bigint not null,
    uncollected_fen bigint not null,
    primary key (tenant_id, build, assessment_id)
);
comment on column assessed_months.recorded_revision is 'The scorecard''s revision that the project has taken over; 0 before the first.';
comment on column assessed_months.streak is 'The streak after this month, where an event has told it: null for months before a later one was recorded and after an earlier one was revised.';
comment on column assessed_months.corrections is 'Minor findings that stand and still await their correction.';
create index assessed_months_by_month on assessed_months (tenant_id, build, month, project_id);
create index assessed_months_by_project on assessed_months (tenant_id, build, project_id, month);
create index assessed_months_by_band on assessed_months (tenant_id, build, band, month, project_id);
create index assessed_months_by_status on assessed_months (tenant_id, build, status, month, project_id);
create index assessed_months_open on assessed_months (tenant_id, build, survey_closes_at, assessment_id)
    where status <> 'closed';
create index assessed_months_open_by_project
    on assessed_months (tenant_id, build, project_id, survey_closes_at, assessment_id) where status <> 'closed';

create table assessed_marks (
    tenant_id uuid not null,
    build integer not null,
    mark_id uuid not null,
    assessment_id uuid not null,
    kind text not null check (kind in ('staff', 'students', 'correction')),
    primary key (tenant_id, build, mark_id)
);
comment on table assessed_marks is 'Ballots that count, by their group, and findings that await correction, so that voiding one is taken off the right count.';

create table awaited_results (
    tenant_id uuid not null,
    build integer not null,
    assessment_id uuid not null,
    code text not null,
    ordinal integer not null,
    zh text not null,
    en text not null,
    primary key (tenant_id, build, assessment_id, code)
);
comment on table awaited_results is 'Contents whose result a department has still to declare.';

create table assessed_scorecards (
    tenant_id uuid not null,
    build integer not null,
    assessment_id uuid not null,
    revision integer not null,
    version integer not null,
    position bigint not null,
    score numeric not null,
    band text not null,
    vetoed boolean not null,
    scored_at timestamptz not null,
    primary key (tenant_id, build, assessment_id, revision)
);
comment on table assessed_scorecards is 'Where each scorecard of an assessment stands in its stream.';

select secure_tenant_table('assessed_months');
select secure_tenant_table('assessed_marks');
select secure_tenant_table('awaited_results');
select secure_tenant_table('assessed_scorecards');
grant select, insert, update, delete on assessed_months, assessed_marks, awaited_results, assessed_scorecards to kaohe_app;
