select d.document_id, d.issued_position as position, d.kind, d.number, d.year, d.reference, d.subject_noun,
    d.subject_id, d.organisation, d.clause, d.rule_version, d.issued_on, d.status, d.verification, d.digest,
    d.replaces, d.replaced_by, d.rests_on, d.gone, d.taken_back_on
from documents d
where d.tenant_id = $1
and d.build = (select build from projections where tenant_id = $1 and name = 'documents' and status = 'live')
and d.issued_position is not null
