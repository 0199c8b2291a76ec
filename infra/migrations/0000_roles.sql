-- The roles that own nothing, and the one function that fences a table off by tenant. Run as the owner
-- of the database; roles belong to the whole server, so each is created only where it is missing.

do $$
declare
    role_name text;
begin
    foreach role_name in array array['kaohe_app', 'kaohe_directory', 'kaohe_platform'] loop
        begin
            execute format('create role %I nologin noinherit nosuperuser nobypassrls', role_name);
        exception when duplicate_object or unique_violation then
            null; -- another database of this server has it already
        end;
    end loop;
end $$;

create schema if not exists kaohe;
revoke all on schema kaohe from public;
grant usage on schema kaohe to kaohe_app, kaohe_directory, kaohe_platform;

-- Enable and force row level security: a row is seen and written only under its own tenant.
create function secure_tenant_table(relation text) returns void language plpgsql as $$
begin
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
        'create policy tenant on %I to kaohe_app'
        ' using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)'
        ' with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
        relation);
end $$;
revoke all on function secure_tenant_table(text) from public;
