-- What was put on paper (projection "documents"): every document, its number once it has one, and whether it counts.

create table documents (
    tenant_id uuid not null,
    build integer not null,
    document_id uuid not null,
    drawn_position bigint not null,
    kind text collate "C" not null,
    subject_noun text collate "C" not null,
    subject_id uuid not null,
    organisation text not null,
    clause text not null,
    rule_version bigint,
    issued_on date not null,
    replaces uuid,
    status text not null check (status in ('drawn', 'issued', 'voided', 'superseded')),
    issued_position bigint,
    year integer,
    number integer,
    reference text,
    verification text collate "C",
    digest text collate "C",
    replaced_by uuid,
    primary key (tenant_id, build, document_id)
);
comment on table documents is 'Listed by issued_position, which follows the order of what caused them.';
comment on column documents.verification is 'The random part of the code that stands on the paper.';
create index documents_in_order on documents (tenant_id, build, issued_position);
create index documents_by_kind on documents (tenant_id, build, kind, issued_position);
create index documents_by_year on documents (tenant_id, build, year, issued_position);
create index documents_by_subject on documents (tenant_id, build, subject_id, issued_position);
create unique index documents_by_verification on documents (tenant_id, build, verification);

select secure_tenant_table('documents');
grant select, insert, update, delete on documents to kaohe_app;
