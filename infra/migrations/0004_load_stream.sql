-- One call loads a stream in one round trip: its snapshot of the shape asked for, if there is one, then the events after it.
create function load_stream(p_tenant uuid, p_originator uuid, p_snapshot_topic text)
returns table (stream_version integer, stream_topic text, stream_state bytea) language plpgsql as $$
declare
    since integer;
begin
    perform set_config('app.tenant_id', p_tenant::text, true);
    select max(s.originator_version) into since from snapshots s
        where s.tenant_id = p_tenant and s.originator_id = p_originator and s.topic = p_snapshot_topic;
    if since is not null then
        return query select s.originator_version, s.topic, s.state from snapshots s
            where s.tenant_id = p_tenant and s.originator_id = p_originator and s.originator_version = since;
    end if;
    return query select e.originator_version, e.topic, e.state from events e
        where e.tenant_id = p_tenant and e.originator_id = p_originator and e.originator_version > coalesce(since, 0)
        order by e.originator_version;
end $$;
revoke all on function load_stream from public;
grant execute on function load_stream to kaohe_app;
