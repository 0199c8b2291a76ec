-- Who read what: the log of reads that an organisation must be able to account for. The service may add to it and read
-- it, never change or shorten it; the platform may let entries go, and only such as are older than half a year.
create table access_log (
    tenant_id uuid not null,
    at timestamptz not null,
    entry_id uuid not null,
    actor_kind text not null,
    actor_id uuid,
    actor_name text not null,
    roles text[] not null,
    what text not null,
    noun text not null,
    stream_id uuid,
    detail text not null,
    correlation text,
    primary key (tenant_id, at, entry_id)
);
comment on table access_log is 'Reads of histories, of earlier moments, of personal data, files and documents, and of this log itself.';
create index access_log_by_person on access_log (tenant_id, actor_id, at, entry_id);
create index access_log_by_stream on access_log (tenant_id, stream_id, at, entry_id);
create index access_log_by_noun on access_log (tenant_id, noun, at, entry_id);
select secure_tenant_table('access_log');
grant select, insert on access_log to kaohe_app;

grant select (tenant_id, at), delete on access_log to kaohe_platform;
create policy ages on access_log for select to kaohe_platform using (true);
create policy retention on access_log for delete to kaohe_platform using (at < now() - interval '183 days');
