-- Notices on their way: the inbox of each member, and the outbox through which they leave the house.

create table inbox (
    tenant_id uuid not null,
    member_id uuid not null,
    notice_id uuid not null,
    cause text not null,
    unread boolean not null default true,
    made_at timestamptz not null,
    read_at timestamptz,
    topic text not null,
    subject_zh text not null,
    subject_en text not null,
    body_zh text not null,
    body_en text not null,
    clause text,
    noun text not null,
    stream_id uuid not null,
    due_at timestamptz,
    primary key (tenant_id, member_id, notice_id)
);
comment on table inbox is 'What each member was told. notice_id follows from the cause and the member, so a cause is told once.';
create index inbox_listed on inbox (tenant_id, member_id, unread, made_at, notice_id);
create index inbox_by_age on inbox (tenant_id, made_at);

create table outbox (
    tenant_id uuid not null,
    delivery_id uuid not null,
    cause text not null,
    channel text not null,
    recipient uuid not null,
    letter bytea not null,
    state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'dead', 'uncertain')),
    attempts integer not null default 0,
    allowed integer not null,
    next_attempt_at timestamptz not null,
    last_error text,
    made_at timestamptz not null,
    done_at timestamptz,
    primary key (tenant_id, delivery_id),
    unique (tenant_id, cause, channel, recipient)
) with (fillfactor = 50);
comment on table outbox is 'One delivery a cause, channel and recipient (a member for mail, else an endpoint). delivery_id follows from them and is what receivers know it by.';
comment on column outbox.next_attempt_at is 'When it is to be sent; while it is being sent, when its sender counts as dead.';
create index outbox_due on outbox (tenant_id, next_attempt_at) where state in ('waiting', 'sending');
create index outbox_due_anywhere on outbox (next_attempt_at) where state in ('waiting', 'sending');
create index outbox_listed on outbox (tenant_id, made_at, delivery_id);
create index outbox_by_state on outbox (tenant_id, state, made_at, delivery_id);
create index outbox_done_anywhere on outbox (tenant_id) where state in ('dead', 'uncertain');

create table notice_endpoints (
    tenant_id uuid not null,
    endpoint_id uuid not null,
    kind text not null check (kind in ('webhook', 'wecom', 'dingtalk', 'feishu')),
    name text not null,
    host text not null,
    takes text not null check (takes in ('named', 'all')),
    roles text[] not null,
    enabled boolean not null default true,
    sealed text not null,
    created_at timestamptz not null,
    created_by uuid,
    changed_at timestamptz not null,
    changed_by uuid,
    primary key (tenant_id, endpoint_id)
);
comment on column notice_endpoints.sealed is 'Address and secret, encrypted under the installation''s key.';

create table notice_addresses (
    tenant_id uuid not null,
    member_id uuid not null,
    email text not null,
    takes text not null check (takes in ('named', 'all')),
    changed_at timestamptz not null,
    changed_by uuid,
    primary key (tenant_id, member_id)
);
comment on table notice_addresses is 'Where a member gets notices by mail; kept beside the events, so that it can be forgotten.';

do $$
declare
    relation text;
begin
    foreach relation in array array['inbox', 'outbox', 'notice_endpoints', 'notice_addresses'] loop
        perform secure_tenant_table(relation);
    end loop;
end $$;

grant select, insert, delete, update (unread, read_at) on inbox to kaohe_app;
grant select, insert, delete, update (state, attempts, allowed, next_attempt_at, last_error, done_at) on outbox to kaohe_app;
grant select, insert, update, delete on notice_endpoints, notice_addresses to kaohe_app;

-- The directory sees that something waits or failed, and nothing of what or to whom.
grant select (tenant_id, state, next_attempt_at, made_at) on outbox to kaohe_directory;
create policy directory on outbox for select to kaohe_directory using (true);

-- Organisations that are there already are told of what happens from now on, not of their whole past.
alter table ledger no force row level security;
alter table tracking no force row level security;
insert into tracking (tenant_id, application_name, position) select tenant_id, 'notices', position from ledger;
alter table ledger force row level security;
alter table tracking force row level security;
