select f.period, f.subject_kind, f.subject,
    array_agg(f.subject_name order by f.imposed_position) as names,
    array_agg(f.entry_key order by f.imposed_position) as entry_keys,
    array_agg(f.case_id order by f.imposed_position) as case_ids,
    array_agg(f.effect order by f.imposed_position) as effects,
    array_agg(f.form order by f.imposed_position) as forms,
    array_agg(f.form_zh order by f.imposed_position) as forms_zh,
    array_agg(f.form_en order by f.imposed_position) as forms_en,
    array_agg(f.clause order by f.imposed_position) as clauses,
    array_agg(f.rule_version order by f.imposed_position) as rule_versions,
    array_agg(f.readings order by f.imposed_position) as readings,
    array_agg(f.imposed_at order by f.imposed_position) as imposed_ats,
    array_agg(f.reversed_at order by f.imposed_position) as reversed_ats,
    array_agg(f.reversal_reason order by f.imposed_position) as reasons
from appraisal_effects f
where f.tenant_id = $1
and f.build = (select build from projections where tenant_id = $1 and name = 'accountability' and status = 'live')
