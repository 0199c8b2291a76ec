-- The event store, tenancy and accounts. Every key leads with tenant_id; row level security is enabled
-- and forced on every tenant table; no sequence, no trigger, no foreign key, so that the schema stays
-- distributable by tenant_id.

create table tenants (
    tenant_id uuid primary key,
    slug text not null unique,
    name text not null,
    status text not null default 'active' check (status in ('active', 'suspended')),
    created_at timestamptz not null default now()
);
comment on table tenants is 'The organisations that the platform hosts; written by the platform alone.';

-- The row lock on a tenant''s ledger is what makes position order commit order.
create table ledger (
    tenant_id uuid primary key,
    position bigint not null default 0,
    epoch bigint not null default 1
) with (fillfactor = 50);
comment on column ledger.position is 'The position of the tenant''s last event; positions have no gaps.';
comment on column ledger.epoch is 'Grows with every change of members, rules, calendar or credentials; a decision taken under an older epoch starts over.';

create table events (
    tenant_id uuid not null,
    position bigint not null,
    originator_id uuid not null,
    originator_version integer not null,
    topic text not null,
    state bytea not null,
    metadata bytea not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, position),
    unique (tenant_id, originator_id, originator_version)
);
comment on column events.state is 'The exact bytes of the event as canonical JSON (or its ciphertext).';
alter table events alter column state set storage external;

create table snapshots (
    tenant_id uuid not null,
    originator_id uuid not null,
    originator_version integer not null,
    topic text not null,
    state bytea not null,
    primary key (tenant_id, originator_id, originator_version)
);

create table tracking (
    tenant_id uuid not null,
    application_name text not null,
    position bigint not null,
    primary key (tenant_id, application_name)
) with (fillfactor = 50);

create table idempotency (
    tenant_id uuid not null,
    principal_id uuid not null,
    key text not null,
    body_hash bytea not null,
    status smallint not null,
    response bytea not null,
    position bigint not null,
    version integer not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, principal_id, key)
);
-- rows are purged by age and come in its order: a block range index costs an append next to nothing
create index idempotency_by_age on idempotency using brin (recorded_at);

create table deadlines (
    tenant_id uuid not null,
    originator_id uuid not null,
    key text not null,
    due_at timestamptz not null,
    noun text not null,
    command bytea not null,
    failed_at timestamptz,
    failure text,
    primary key (tenant_id, originator_id, key)
) with (fillfactor = 80);
comment on table deadlines is 'What streams still owe. A row goes when its command has been decided, or when the stream no longer owes it.';
create index deadlines_due on deadlines (tenant_id, due_at) where failed_at is null;
create index deadlines_due_anywhere on deadlines (due_at) where failed_at is null;

create table reaction_refusals (
    tenant_id uuid not null,
    reaction text not null,
    position bigint not null,
    ordinal integer not null,
    noun text not null,
    originator_id uuid not null,
    code text not null,
    message text not null,
    command bytea not null,
    recorded_at timestamptz not null,
    primary key (tenant_id, reaction, position, ordinal)
);
comment on table reaction_refusals is 'Commands of reactions that were refused: visible to the tenant''s admins and to the doctor, never dropped in silence.';

create table projections (
    tenant_id uuid not null,
    name text not null,
    build integer not null,
    schema_version integer not null,
    status text not null check (status in ('live', 'building')),
    position bigint not null default 0,
    primary key (tenant_id, name, build)
) with (fillfactor = 50);
comment on table projections is 'Each build of each read model and how far it has come; readers see the live one.';
create unique index projections_one_live on projections (tenant_id, name) where status = 'live';

create table credentials (
    tenant_id uuid not null,
    member_id uuid not null,
    password_hash text not null,
    updated_at timestamptz not null,
    primary key (tenant_id, member_id)
);

create table sessions (
    tenant_id uuid not null,
    token_hash bytea not null,
    member_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (tenant_id, token_hash)
);
create index sessions_by_member on sessions (tenant_id, member_id);

create table api_keys (
    tenant_id uuid not null,
    key_id uuid not null,
    secret_hash bytea not null,
    member_id uuid not null,
    name text not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (tenant_id, key_id)
);
create index api_keys_by_member on api_keys (tenant_id, member_id);

-- Keyed by a hash of organisation and username, whether they exist or not: throttling tells nobody which do.
create table login_failures (
    login_hash bytea primary key,
    failures integer not null,
    last_failed_at timestamptz not null,
    locked_until timestamptz
);

create table operators (
    operator_id uuid primary key,
    username text not null unique,
    password_hash text not null,
    created_at timestamptz not null default now()
);
create table operator_sessions (
    token_hash bytea primary key,
    operator_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

do $$
declare
    relation text;
begin
    foreach relation in array array[
        'tenants', 'ledger', 'events', 'snapshots', 'tracking', 'idempotency', 'deadlines', 'reaction_refusals',
        'projections', 'credentials', 'sessions', 'api_keys'
    ] loop
        perform secure_tenant_table(relation);
    end loop;
end $$;

-- What each role may do. The app role has no UPDATE, DELETE or TRUNCATE on events.
grant select on tenants to kaohe_app;
grant select, update (position, epoch) on ledger to kaohe_app;
grant select, insert on events to kaohe_app;
grant select, insert, delete on snapshots to kaohe_app;
grant select, insert, update, delete on
    tracking, idempotency, deadlines, reaction_refusals, projections, credentials, sessions, api_keys
    to kaohe_app;

grant select (name) on migrations to kaohe_directory;

-- The directory finds tenants with work to do, and the tenant of a login; it reads no content.
grant select (tenant_id, slug, status) on tenants to kaohe_directory;
grant select (tenant_id, position, epoch) on ledger to kaohe_directory;
grant select (tenant_id, application_name, position) on tracking to kaohe_directory;
grant select (tenant_id, name, build, schema_version, status, position) on projections to kaohe_directory;
grant select (tenant_id, due_at, failed_at) on deadlines to kaohe_directory;
grant select (tenant_id, reaction, code) on reaction_refusals to kaohe_directory;
create policy directory on tenants for select to kaohe_directory using (true);
create policy directory on ledger for select to kaohe_directory using (true);
create policy directory on tracking for select to kaohe_directory using (true);
create policy directory on projections for select to kaohe_directory using (true);
create policy directory on deadlines for select to kaohe_directory using (true);
create policy directory on reaction_refusals for select to kaohe_directory using (true);

-- The platform provisions and suspends tenants; it reads none of their content.
grant select, insert, update (name, status) on tenants to kaohe_platform;
grant select, insert, update (epoch) on ledger to kaohe_platform;
grant select, insert, update, delete on operators, operator_sessions, login_failures to kaohe_platform;
create policy platform on tenants for all to kaohe_platform using (true) with check (true);
create policy platform on ledger for all to kaohe_platform using (true) with check (true);
