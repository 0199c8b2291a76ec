-- Which files are attached to what (projection "evidence"): who may read the stream may read the file.

create table evidence_attachments (
    tenant_id uuid not null,
    build integer not null,
    digest text collate "C" not null,
    stream_id uuid not null,
    noun text not null,
    primary key (tenant_id, build, digest, stream_id)
);
select secure_tenant_table('evidence_attachments');
grant select, insert, update, delete on evidence_attachments to kaohe_app;
