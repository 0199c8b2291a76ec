-- Files that are being stored.

-- A content is announced here before it is put into the store, so that one whose event never came is found and
-- removed. The day alone is kept: an anonymous report's hour is nobody's business.
create table evidence_uploads (
    tenant_id uuid not null,
    digest text collate "C" not null,
    begun_on date not null,
    primary key (tenant_id, digest)
);
comment on table evidence_uploads is 'Contents on their way into the store; the purge takes each row away, and its content with it where no event was recorded.';
select secure_tenant_table('evidence_uploads');
grant select, insert, update (begun_on), delete on evidence_uploads to kaohe_app;

-- A sample of the stored files is drawn by it; events of other topics are not in it and cost it nothing.
create index events_of_files on events (tenant_id, originator_id) where topic = 'evidence_file.stored';
