-- Refused commands of reactions and deadlines whose command failed, latest first: the first $2 rows, or with $3 and $4
-- those after the row of that instant and reference. Each half reads its own index from there on, and stops.
select * from (
    (
        select 'reaction_refused' as kind, r.recorded_at as at, f.ref, r.noun, r.originator_id as stream_id, r.command,
               r.code, r.message, r.reaction, r.position, null::text as key, null::timestamptz as due_at
        from reaction_refusals r
        cross join lateral (
            select ('reaction/' || r.reaction || '/' || r.position || '/' || r.ordinal) collate "C" as ref
        ) f
        where r.tenant_id = $1 and r.recorded_at <= coalesce($3::timestamptz, 'infinity')
          and ($3::timestamptz is null or (r.recorded_at, f.ref) < ($3, $4::text))
        order by r.recorded_at desc, f.ref desc
        limit $2
    ) union all (
        select 'deadline_failed', d.failed_at, f.ref, d.noun, d.originator_id, d.command,
               null, d.failure, null, null, d.key, d.due_at
        from deadlines d
        cross join lateral (select ('deadline/' || d.originator_id || '/' || d.key) collate "C" as ref) f
        where d.tenant_id = $1 and d.failed_at is not null and d.failed_at <= coalesce($3::timestamptz, 'infinity')
          and ($3::timestamptz is null or (d.failed_at, f.ref) < ($3, $4::text))
        order by d.failed_at desc, f.ref desc
        limit $2
    )
) attention
order by at desc, ref desc
limit $2
