"""Migrations are applied in order, once, by one process at a time, and never edited afterwards."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from infra import catalogue_check
from infra.database import Database
from infra.migrate import MigrationChanged, migrate, migrations
from infra.outbox import TASK


@pytest.fixture
def empty(servers):
    """A database in which nothing has been migrated."""
    database = servers.new_database(template="template1")
    yield database
    servers.drop_database(database)


async def shape(url):
    """Every column, key, policy, grant and function of the schema."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "select 'column' as kind, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as what"
        " from information_schema.columns where table_schema = 'kaohe'"
        " union all select 'index', indexdef from pg_indexes where schemaname = 'kaohe'"
        " union all select 'policy', tablename || policyname || roles::text || coalesce(qual, '') from pg_policies"
        " union all select 'grant', c.relname || coalesce(c.relacl::text, '') from pg_class c"
        "   where c.relnamespace = 'kaohe'::regnamespace"
        " union all select 'function', pg_get_functiondef(p.oid) from pg_proc p"
        "   where p.pronamespace = 'kaohe'::regnamespace order by 1, 2"
    )
    await connection.close()
    return [tuple(row) for row in rows]


async def test_migrating_twice_is_migrating_once(empty):
    """The first run applies everything in order; the second finds nothing to do and changes nothing."""
    assert await migrate(empty.owner_url) == [name for name, _ in migrations()]
    first = await shape(empty.owner_url)
    assert await migrate(empty.owner_url) == []
    assert await shape(empty.owner_url) == first


async def test_what_is_migrated_may_be_served(empty):
    """A fresh database is one that the service starts on."""
    await migrate(empty.owner_url)
    opened = await Database.open(empty.url)
    assert await catalogue_check.findings(opened) == []
    await opened.close()


async def test_an_organisation_of_old_is_told_of_what_happens_from_now_on(empty, monkeypatch):
    """Where events were there before notices were, nobody is told of their whole past; the fences stand as before."""
    known, tenant = migrations(), uuid4()
    monkeypatch.setattr("infra.migrate.migrations", lambda: [one for one in known if one[0] < "0010"])
    await migrate(empty.owner_url)
    owner = await asyncpg.connect(empty.owner_url, server_settings={"search_path": "kaohe"})
    await owner.execute("insert into ledger (tenant_id, position) values ($1, 7)", tenant)
    monkeypatch.undo()
    await migrate(empty.owner_url)
    rows = await owner.fetch("select tenant_id, application_name, position from tracking")
    await owner.close()
    assert [tuple(row) for row in rows] == [(tenant, TASK, 7)]
    opened = await Database.open(empty.url)
    assert await catalogue_check.findings(opened) == []
    await opened.close()


async def test_a_run_that_stopped_half_way_is_taken_up(empty, monkeypatch):
    """What an older program applied and what this one adds come to the same schema as all at once."""
    known = migrations()
    monkeypatch.setattr("infra.migrate.migrations", lambda: known[:2])
    assert await migrate(empty.owner_url) == [name for name, _ in known[:2]]
    monkeypatch.undo()
    assert await migrate(empty.owner_url) == [name for name, _ in known[2:]]
    assert await shape(empty.owner_url) == await shape_of_all_at_once(empty)


async def shape_of_all_at_once(database):
    """The schema when every migration is applied in one run, in the same database made anew."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("drop schema kaohe cascade")
    await owner.close()
    await migrate(database.owner_url)
    return await shape(database.owner_url)


async def test_two_processes_migrate_in_turn(empty):
    """Started at the same moment, one applies everything and the other nothing."""
    first, second = await asyncio.gather(migrate(empty.owner_url), migrate(empty.owner_url))
    assert sorted([first, second], key=len) == [[], [name for name, _ in migrations()]]


async def test_an_edited_migration_is_refused(fresh_database):
    """A migration that was applied in another wording stops the run before it changes anything."""
    owner = await asyncpg.connect(fresh_database.owner_url)
    await owner.execute("update kaohe.migrations set sha256 = 'another' where name = '0001_foundation.sql'")
    await owner.close()
    with pytest.raises(MigrationChanged, match=r"0001_foundation\.sql"):
        await migrate(fresh_database.owner_url)


async def test_a_failing_migration_leaves_nothing(empty, monkeypatch):
    """Each migration is a transaction: of one that fails nothing stays, and those before it do."""
    known = migrations()
    broken = [*known, ("9999_broken.sql", "create table half_made (tenant_id uuid); select 1 / 0")]
    monkeypatch.setattr("infra.migrate.migrations", lambda: broken)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty.owner_url)
    monkeypatch.undo()
    assert not [what for _, what in await shape(empty.owner_url) if "half_made" in what]
    assert await migrate(empty.owner_url) == []


def test_migrations_are_numbered_once():
    """The order of names is the order of application, so no two share a number."""
    numbers = [name[:4] for name, _ in migrations()]
    assert len(numbers) == len(set(numbers))
