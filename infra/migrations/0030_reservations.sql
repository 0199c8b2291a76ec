-- Resources that streams hold for a time: a car, a driver, later a room. Two streams never hold one at once; that is the
-- table's own guarantee, whatever runs concurrently. Rows are written by append_events, in the append's transaction.
-- The constraint leads with the tenant, so that the table stays distributable by it.
create extension if not exists btree_gist with schema public;

create table reservations (
    tenant_id uuid not null,
    originator_id uuid not null,
    key text not null,
    resource_kind text not null,
    resource_id uuid not null,
    during tstzrange not null check (not isempty(during)),
    primary key (tenant_id, originator_id, key),
    constraint reservations_apart exclude using gist
        (tenant_id with =, resource_kind with =, resource_id with =, during with &&)
);
comment on table reservations is 'What streams hold, by the stream and a key of its own. A row goes when the stream no longer holds it.';

select secure_tenant_table('reservations');
grant select, insert, update, delete on reservations to kaohe_app;

-- Releases and takes what the recordings of a batch say, one recording after the other; those that would overlap what
-- another stream holds, or an earlier recording of the batch took, are answered and leave nothing.
create function hold_reservations(
    p_tenant uuid,
    p_refused integer[],
    p_released_recording integer[],
    p_released_originators uuid[],
    p_released_keys text[],
    p_held_recording integer[],
    p_held_originators uuid[],
    p_held_keys text[],
    p_held_kinds text[],
    p_held_resources uuid[],
    p_held_during tstzrange[],
    out clashed integer[],
    out clashed_keys text[],
    out clashed_holders uuid[],
    out clashed_during tstzrange[]
) language plpgsql as $$
declare
    recording integer;
    found_clash record;
begin
    clashed := '{}';
    clashed_keys := '{}';
    clashed_holders := '{}';
    clashed_during := '{}';
    for recording in
        select distinct n from unnest(p_released_recording || p_held_recording) n where n <> all (p_refused) order by n
    loop
        select h.key, r.originator_id, r.during into found_clash
            from unnest(p_held_recording, p_held_keys, p_held_kinds, p_held_resources, p_held_during)
                 with ordinality h(n, key, kind, resource, during, place)
            cross join lateral (
                select x.originator_id, x.during from reservations x
                where x.tenant_id = p_tenant and x.resource_kind = h.kind and x.resource_id = h.resource
                  and x.during && h.during
                  -- what the recording itself gives back does not stand in its way
                  and not exists (
                      select from unnest(p_released_recording, p_released_originators, p_released_keys) d(n, originator, key)
                      where d.n = recording and d.originator = x.originator_id and d.key = x.key
                  )
                order by lower(x.during) limit 1
            ) r
            where h.n = recording order by h.place limit 1;
        if found then
            clashed := clashed || recording;
            clashed_keys := clashed_keys || found_clash.key;
            clashed_holders := clashed_holders || found_clash.originator_id;
            clashed_during := clashed_during || found_clash.during;
            continue;
        end if;
        delete from reservations x
            using unnest(p_released_recording, p_released_originators, p_released_keys) d(n, originator, key)
            where d.n = recording and x.tenant_id = p_tenant and x.originator_id = d.originator and x.key = d.key;
        insert into reservations (tenant_id, originator_id, key, resource_kind, resource_id, during)
            select p_tenant, h.originator, h.key, h.kind, h.resource, h.during
            from unnest(p_held_recording, p_held_originators, p_held_keys, p_held_kinds, p_held_resources, p_held_during)
                 h(n, originator, key, kind, resource, during)
            where h.n = recording;
    end loop;
end $$;
revoke all on function hold_reservations from public;
grant execute on function hold_reservations to kaohe_app;
