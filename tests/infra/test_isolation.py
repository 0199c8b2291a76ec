"""What the service's role can do in SQL, whatever the program asks: one tenant's rows, and no change of history."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from infra.catalogue_check import NOT_TENANT_TABLES
from tests.conftest import provision_tenant
from tests.infra.stores import append, everything, keyed, recording

READERS = "select c.relname from pg_class c where c.relnamespace = 'kaohe'::regnamespace and c.relkind in ('r', 'p')"
DENIED = (asyncpg.InsufficientPrivilegeError,)


@asynccontextmanager
async def owner_of(owner_url):
    """A superuser's connection, which row level security does not bind."""
    connection = await asyncpg.connect(owner_url, server_settings={"search_path": "kaohe"})
    try:
        yield connection
    finally:
        await connection.close()


async def tenant_tables(owner):
    """Every table that has a tenant, found in the catalogue so that new ones are covered."""
    return [
        row["relname"]
        for row in await owner.fetch(
            f"{READERS} and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')"
            " order by 1"
        )
    ]


MADE_UP = {
    "uuid": "gen_random_uuid()",
    "text": "'planted'",
    "bytea": "'\\x00'",
    "jsonb": "'{}'",
    "date": "'2026-01-01'",
    "timestamptz": "now()",
    "bool": "false",
    "tstzrange": "'[2026-01-01,2026-01-02)'",
}
"""A value for columns of each type; numbers get 1, arrays are empty."""


async def accept_anything(owner, table):
    """Drop the checks of a table in this test's database, so that made-up rows fit."""
    for row in await owner.fetch(
        "select conname from pg_constraint where conrelid = $1::regclass and contype = 'c'", table
    ):
        await owner.execute(f"alter table {table} drop constraint {row['conname']}")


async def plant(owner, table, tenant):
    """A row of a tenant in a table, made up from the types of the columns that need a value."""
    columns = await owner.fetch(
        "select a.attname, t.typname from pg_attribute a join pg_type t on t.oid = a.atttypid"
        " where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attname <> 'tenant_id'"
        " and a.attnotnull and not a.atthasdef and a.attgenerated = ''",
        table,
    )
    names = ", ".join(["tenant_id", *(f'"{column["attname"]}"' for column in columns)])
    values = ", ".join(
        "'{}'" if column["typname"].startswith("_") else MADE_UP.get(column["typname"], "1") for column in columns
    )
    await owner.execute(f"insert into {table} ({names}) values ('{tenant}', {values})")


@pytest.fixture
async def two(anyio_backend, database, owner_url):
    """Two tenants, each with a row in every table that has tenants, and those tables' names."""
    here, there = await provision_tenant(database), await provision_tenant(database)
    async with owner_of(owner_url) as owner:
        tables = await tenant_tables(owner)
        for table in tables:
            await accept_anything(owner, table)
            for tenant in (here, there):
                if table not in ("tenants", "ledger"):  # provisioned already
                    await plant(owner, table, tenant)
    return here, there, tables


async def attempt(database, tenant, statement, *arguments):
    """What a statement of the service's role under a tenant does: its status, or that it is denied."""
    try:
        async with database.tenant_transaction(tenant) as connection:
            return await connection.execute(statement, *arguments)
    except DENIED:
        return "denied"


async def test_a_tenant_sees_its_rows_and_no_others(database, two):
    """In every table a tenant's transaction finds its own row, and none of the other's even when asked by id."""
    here, there, tables = two
    assert {"events", "ledger", "snapshots", "idempotency", "deadlines"} <= set(tables)
    for table in tables:
        async with database.tenant_transaction(here) as connection:
            assert await connection.fetchval(f"select count(*) from {table} where tenant_id = $1", here) == 1, table
            assert await connection.fetchval(f"select count(*) from {table}") == 1, table
            assert await connection.fetchval(f"select count(*) from {table} where tenant_id = $1", there) == 0, table


async def test_without_a_tenant_no_row_is_seen(database, two):
    """A connection that has set no tenant, or an empty one, finds nothing in any table."""
    _, _, tables = two
    async with database.tenants.acquire() as connection:
        for table in tables:
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table
            async with connection.transaction():
                await connection.execute("select set_config('app.tenant_id', '', true)")
                assert await connection.fetchval(f"select count(*) from {table}") == 0, table


async def test_without_a_tenant_no_row_is_written(database, two):
    """Copying a tenant's row needs the tenant to be set."""
    here, _, tables = two
    async with database.tenants.acquire() as connection:
        for table in tables:
            with pytest.raises(DENIED):
                await connection.execute(f"insert into {table} (tenant_id) values ('{here}')")


async def test_no_row_is_written_into_another_tenant(database, owner_url, two):
    """In every table that the role may insert into, a row of another tenant is refused, also by renaming one's own."""
    here, there, tables = two
    async with owner_of(owner_url) as owner:
        for table in tables:
            before = await owner.fetchval(f"select count(*) from {table} where tenant_id = $1", there)
            columns = [
                row["attname"]
                for row in await owner.fetch(
                    "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0"
                    " and not attisdropped and attgenerated = '' and attname <> 'tenant_id'",
                    table,
                )
            ]
            listed = ", ".join(f'"{column}"' for column in columns)
            for other in (there, uuid4()):
                copy = f"insert into {table} (tenant_id, {listed}) select '{other}', {listed} from {table}"
                assert await attempt(database, here, copy) == "denied", table
            assert await attempt(database, here, f"update {table} set tenant_id = '{there}'") == "denied", table
            assert await owner.fetchval(f"select count(*) from {table} where tenant_id = $1", there) == before, table


async def test_no_row_of_another_tenant_is_changed_or_deleted(database, owner_url, two):
    """Updates and deletions aimed at another tenant find nothing, or are denied; its rows stay as they were."""
    here, there, tables = two
    async with owner_of(owner_url) as owner:
        for table in tables:
            before = await owner.fetch(f"select * from {table} where tenant_id = $1", there)
            deleted = await attempt(database, here, f"delete from {table} where tenant_id = $1", there)
            assert deleted in ("DELETE 0", "denied"), table
            for column in await owner.fetch(
                "select column_name from information_schema.column_privileges"
                " where grantee = 'kaohe_app' and privilege_type = 'UPDATE' and table_name = $1",
                table,
            ):
                name = column["column_name"]
                changed = await attempt(
                    database, here, f'update {table} set "{name}" = "{name}" where tenant_id = $1', there
                )
                assert changed == "UPDATE 0", (table, name)
            assert await owner.fetch(f"select * from {table} where tenant_id = $1", there) == before, table


@pytest.mark.parametrize(
    "statement",
    [
        "update events set state = 'forged'",
        "update events set recorded_at = now()",
        "delete from events",
        "truncate events",
        "truncate ledger",
        "update access_log set detail = ''",
        "delete from access_log",
        "truncate access_log",
        "alter table events disable row level security",
        "alter table events no force row level security",
        "drop policy tenant on events",
        "create policy open on events using (true)",
        "create table kaohe.mine (n int)",
        "create view kaohe.peep as select * from events",
        "drop function append_events",
        "select secure_tenant_table('events')",
        "select * from operators",
        "select * from operator_sessions",
        "insert into migrations (name, sha256) values ('9999_forged.sql', '')",
        "insert into tenants (tenant_id, slug, name) values (gen_random_uuid(), 'own', 'own')",
        "update tenants set status = 'active'",
    ],
)
async def test_history_and_fences_cannot_be_changed_by_the_service(database, tenant, statement):
    """The role has no such right, under its own tenant either."""
    await append(database, tenant, recording(idempotency=keyed()))
    assert await attempt(database, tenant, statement) == "denied"
    assert len(await everything(database, tenant)) == 1


async def test_the_service_grants_itself_nothing(database, tenant):
    """Postgres only warns of a grant by one who may not grant; the right is not there afterwards."""
    await attempt(database, tenant, "grant update, delete on events to kaohe_app")
    assert await attempt(database, tenant, "delete from events") == "denied"


async def test_an_event_of_another_tenant_is_refused(database, two):
    """Past the append function, too, a tenant's transaction writes no other tenant's event."""
    here, there, _ = two
    async with database.tenant_transaction(here) as connection:
        with pytest.raises(DENIED):
            await connection.execute(
                "insert into events select $1, 99, gen_random_uuid(), 1, 't', '', '', now()", there
            )


@pytest.mark.parametrize("role", ["postgres", "pg_read_all_data", "pg_write_all_data", "kaohe_nobody"])
async def test_the_login_becomes_no_other_role(database_url, role):
    """The login may only become one of the three service roles."""
    connection = await asyncpg.connect(database_url)
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError)):
        await connection.execute(f"set role {role}")
    await connection.close()


async def test_the_login_itself_sees_nothing(database_url, tenant):
    """Before it has become a service role the login inherits no right, and the schema is closed to it."""
    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("select * from kaohe.events")
    await connection.close()


@pytest.mark.parametrize("role", ["kaohe_directory", "kaohe_platform"])
async def test_the_roles_across_tenants_read_no_content(database_url, owner_url, two, role):
    """Of what tenants wrote, those who look across tenants can read nothing."""
    connection = await asyncpg.connect(database_url, server_settings={"role": role, "search_path": "kaohe"})
    for query in (
        "select state from events",
        "select metadata from events",
        "select state from snapshots",
        "select response from idempotency",
        "select command from deadlines",
        "select message from reaction_refusals",
        "select password_hash from credentials",
        "select token_hash from sessions",
        "select secret_hash from api_keys",
        "select actor_id from access_log",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(query)
    await connection.close()


async def test_the_service_roles_own_nothing(owner_url):
    """No table, function or schema belongs to a role that the service can be, and none bypasses the fences."""
    async with owner_of(owner_url) as owner:
        roles = "('kaohe', 'kaohe_app', 'kaohe_directory', 'kaohe_platform')"
        assert not await owner.fetch(
            f"select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in {roles}"
            f" union select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname in {roles}"
        )
        assert not await owner.fetch(
            f"select rolname from pg_roles where rolname in {roles}"
            " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit)"
        )


async def test_no_function_runs_with_its_owners_rights(owner_url):
    """A security definer function would step over the fences of its caller."""
    async with owner_of(owner_url) as owner:
        assert not await owner.fetch(
            "select proname from pg_proc where pronamespace = 'kaohe'::regnamespace and prosecdef"
        )


async def test_every_key_of_a_tenants_table_leads_with_the_tenant(owner_url):
    """A unique key without the tenant would tell one tenant what another has; foreign keys would, too."""
    async with owner_of(owner_url) as owner:
        leading = await owner.fetch(
            "select i.indexrelid::regclass::text as index, a.attname from pg_index i"
            " join pg_class c on c.oid = i.indrelid and c.relnamespace = 'kaohe'::regnamespace"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
            " where i.indisunique and c.relname <> all ($1)",
            list(NOT_TENANT_TABLES),
        )
        wrong = {row["index"] for row in leading if row["attname"] != "tenant_id"}
        assert wrong == {"tenants_slug_key"}, "an organisation's short name is the platform's to give, and public"
        assert not await owner.fetch("select conname from pg_constraint where contype = 'f'")
        assert not await owner.fetch("select tgname from pg_trigger where not tgisinternal")


async def test_tenants_do_not_meet_on_a_shared_pool(database, tenant_factory):
    """Many tenants' transactions over few connections each see their own events alone."""
    tenants = [await tenant_factory() for _ in range(12)]

    async def live(tenant):
        for n in range(1, 6):
            await append(database, tenant, recording(state=tenant.bytes))
            rows = await everything(database, tenant)
            assert [(row.position, row.state) for row in rows] == [(k, tenant.bytes) for k in range(1, n + 1)]

    await asyncio.gather(*map(live, tenants))
