-- Assessments that are not closed, with the counts from which follows what each still lacks, and the contents whose
-- result is still awaited, in the catalogue's order. Filters, order and limit are added by the asker.
select m.assessment_id, m.project_id, m.month, m.project_name, m.contractor, m.status, m.rule_version,
       m.survey_closes_on, m.survey_closes_at, m.staff_wanted, m.students_wanted, m.staff_seats, m.student_seats,
       m.drawn, m.ballots_required, m.staff_ballots, m.student_ballots, m.findings, m.complaints, m.incidents,
       m.corrections,
       array(
           select r.code from awaited_results r
           where r.tenant_id = m.tenant_id and r.build = m.build and r.assessment_id = m.assessment_id
           order by r.ordinal
       ) as codes,
       array(
           select r.zh from awaited_results r
           where r.tenant_id = m.tenant_id and r.build = m.build and r.assessment_id = m.assessment_id
           order by r.ordinal
       ) as zh,
       array(
           select r.en from awaited_results r
           where r.tenant_id = m.tenant_id and r.build = m.build and r.assessment_id = m.assessment_id
           order by r.ordinal
       ) as en
from assessed_months m
where m.tenant_id = $1
  and m.build = (select build from projections where tenant_id = $1 and name = 'assessments' and status = 'live')
  and m.status <> 'closed'
