-- Appending holds resources, too: a recording whose reservation would overlap another stream's is refused (clash), the
-- others of its batch are appended. Everything else is as it was (0002); what is new is marked by p_held and p_released.
-- The ledger's row lock makes a tenant's appends take turns, so what is looked up here is what stands; the exclusion
-- constraint of the table holds whoever writes.
drop function append_events;
create function append_events(
    p_tenant uuid,
    p_epochs bigint[],
    p_one_epoch bigint,
    p_configuring integer[],
    p_event_counts integer[],
    p_metadata bytea[],
    p_recorded_at timestamptz[],
    p_principals uuid[],
    p_keys text[],
    p_body_hashes bytea[],
    p_statuses smallint[],
    p_responses bytea[],
    p_versions_after integer[],
    p_slice_recording integer[],
    p_slice_originators uuid[],
    p_slice_first_versions integer[],
    p_event_recording integer[],
    p_event_originators uuid[],
    p_event_versions integer[],
    p_event_topics text[],
    p_event_states bytea[],
    p_cleared_recording integer[],
    p_cleared_originators uuid[],
    p_cleared_keys text[],
    p_due_recording integer[],
    p_due_originators uuid[],
    p_due_keys text[],
    p_due_at timestamptz[],
    p_due_nouns text[],
    p_due_commands bytea[],
    p_released_recording integer[],
    p_released_originators uuid[],
    p_released_keys text[],
    p_held_recording integer[],
    p_held_originators uuid[],
    p_held_keys text[],
    p_held_kinds text[],
    p_held_resources uuid[],
    p_held_during tstzrange[],
    out first_position bigint,
    out ledger_epoch bigint,
    out refused integer[],
    out reasons text[],
    out replayed integer[],
    out replayed_hashes bytea[],
    out replayed_statuses smallint[],
    out replayed_responses bytea[],
    out replayed_positions bigint[],
    out replayed_versions integer[],
    out clashed integer[],
    out clashed_keys text[],
    out clashed_holders uuid[],
    out clashed_during tstzrange[]
) language plpgsql as $$
declare
    appended integer;
begin
    perform set_config('app.tenant_id', p_tenant::text, true);
    select l.position, l.epoch into first_position, ledger_epoch
        from ledger l where l.tenant_id = p_tenant for update;
    if not found then
        raise exception 'no such tenant' using errcode = 'no_data_found';
    end if;
    refused := '{}';
    reasons := '{}';

    if p_keys is not null then
        select array_agg(r.n), array_agg(i.body_hash), array_agg(i.status), array_agg(i.response),
               array_agg(i.position), array_agg(i.version)
            into replayed, replayed_hashes, replayed_statuses, replayed_responses, replayed_positions, replayed_versions
            from unnest(p_principals, p_keys) with ordinality r(principal, key, n)
            -- the limit keeps this a lookup a key: a join may be planned, while the table is young, as a scan of
            -- all that the tenant ever sent
            cross join lateral (
                select * from idempotency i
                where i.tenant_id = p_tenant and i.principal_id = r.principal and i.key = r.key limit 1
            ) i;
        if replayed is not null then
            refused := replayed;
            reasons := array_fill('replayed'::text, array[cardinality(replayed)]);
        end if;
    end if;

    -- a batch decided under one epoch, the usual case, needs but one comparison
    if p_one_epoch is distinct from ledger_epoch then
        select refused || coalesce(array_agg(e.n order by e.n), '{}'),
               reasons || coalesce(array_agg('stale'::text), '{}')
            into refused, reasons
            from unnest(p_epochs) with ordinality e(epoch, n)
            where e.epoch <> ledger_epoch and e.n <> all (refused);
    end if;

    select refused || coalesce(array_agg(bad.n order by bad.n), '{}'),
           reasons || coalesce(array_agg('conflict'::text), '{}')
        into refused, reasons
        from (
            select distinct s.n
                from unnest(p_slice_recording, p_slice_originators, p_slice_first_versions) s(n, originator, first_version)
                cross join lateral (
                    select max(e.originator_version) as current_version
                    from events e where e.tenant_id = p_tenant and e.originator_id = s.originator
                ) c
                where coalesce(c.current_version + 1, least(s.first_version, 1)) <> s.first_version
                  and s.n <> all (refused)
        ) bad;

    if p_released_recording is not null or p_held_recording is not null then
        select h.clashed, h.clashed_keys, h.clashed_holders, h.clashed_during
            into clashed, clashed_keys, clashed_holders, clashed_during
            from hold_reservations(
                p_tenant, refused, p_released_recording, p_released_originators, p_released_keys, p_held_recording,
                p_held_originators, p_held_keys, p_held_kinds, p_held_resources, p_held_during
            ) h;
        refused := refused || clashed;
        reasons := reasons || array_fill('clash'::text, array[cardinality(clashed)]);
    end if;

    insert into events (tenant_id, position, originator_id, originator_version, topic, state, metadata, recorded_at)
        select p_tenant, first_position + row_number() over (order by e.ordinal), e.originator, e.version, e.topic, e.state,
               p_metadata[e.n], p_recorded_at[e.n]
        from unnest(p_event_recording, p_event_originators, p_event_versions, p_event_topics, p_event_states)
             with ordinality e(n, originator, version, topic, state, ordinal)
        where e.n <> all (refused);
    get diagnostics appended = row_count;

    if appended > 0 then
        update ledger l
            set position = l.position + appended,
                epoch = l.epoch + case when p_configuring is null then 0 else (
                    exists (select from unnest(p_configuring) c(n) where c.n <> all (refused))
                )::integer end
            where l.tenant_id = p_tenant
            returning l.epoch into ledger_epoch;
    end if;

    if p_keys is not null then
        insert into idempotency (tenant_id, principal_id, key, body_hash, status, response, position, version, recorded_at)
            select p_tenant, k.principal, k.key, k.body_hash, k.status, k.response, k.last_position, k.version, k.recorded_at
            from (
                -- recordings without a key still count towards the positions of those after them
                select r.*, first_position + sum(r.event_count) over (order by r.n) as last_position
                from unnest(p_principals, p_keys, p_body_hashes, p_statuses, p_responses, p_versions_after, p_recorded_at,
                            p_event_counts)
                     with ordinality r(principal, key, body_hash, status, response, version, recorded_at, event_count, n)
                where r.n <> all (refused)
            ) k
            where k.key is not null;
    end if;

    if p_cleared_recording is not null then
        -- one by one, again so that each is a lookup
        for cleared in 1 .. cardinality(p_cleared_recording) loop
            delete from deadlines d
                where d.tenant_id = p_tenant and d.originator_id = p_cleared_originators[cleared]
                  and d.key = p_cleared_keys[cleared] and p_cleared_recording[cleared] <> all (refused);
        end loop;
    end if;

    if p_due_recording is not null then
        insert into deadlines as d (tenant_id, originator_id, key, due_at, noun, command)
            select p_tenant, w.originator, w.key, w.due_at, w.noun, w.command
            from unnest(p_due_recording, p_due_originators, p_due_keys, p_due_at, p_due_nouns, p_due_commands)
                 w(n, originator, key, due_at, noun, command)
            where w.n <> all (refused)
            on conflict (tenant_id, originator_id, key) do update
                set due_at = excluded.due_at, noun = excluded.noun, command = excluded.command,
                    failed_at = null, failure = null;
    end if;
end $$;
revoke all on function append_events from public;
grant execute on function append_events to kaohe_app;
