"""Building anew: beside the live build, compared with it, switched at once, and never to be noticed by a reader."""

import asyncio

import asyncpg
import msgspec
import pytest

from infra.discovery import unfinished
from infra.follower import Follower
from infra.rebuild import BuiltByNewerCode, Rebuilder
from infra.wire import EventMapper
from projections.kernel import live_build
from tests import library
from tests.library import SHOWN_LOANS

MAPPER = EventMapper(library.EVENT_TYPES)


@pytest.fixture(autouse=True)
def tables(owner_url):
    """The projection's table."""
    library.create_tables(owner_url)


def follower(database, projection=SHOWN_LOANS):
    """A follower in small batches."""
    return Follower(database, MAPPER, (projection,), batch=50)


def rebuilder(database):
    """A rebuilder in small batches."""
    return Rebuilder(database, MAPPER, batch=50)


async def builds(database, tenant):
    """Number, status and position of each build."""
    async with database.tenant_transaction(tenant) as connection:
        rows = await connection.fetch("select build, status, position from projections order by build")
    return [tuple(row) for row in rows]


async def rows_by_build(database, tenant):
    """How many rows each build has."""
    async with database.tenant_transaction(tenant) as connection:
        rows = await connection.fetch("select build, count(*) from shown_loans group by build order by build")
    return {row["build"]: row["count"] for row in rows}


async def test_a_rebuild_of_sound_rows_finds_no_difference(database, tenant):
    """The replayed projection equals the live one and takes its place; the old rows go."""
    await library.lend(database, tenant, 30, renewals=9)
    await follower(database).follow(tenant)
    seen = []
    result = await rebuilder(database).rebuild(tenant, SHOWN_LOANS, lambda *at: seen.append(at))
    assert (result.build, result.position, result.compared, result.differences) == (2, 300, True, ())
    assert seen[0] == (50, 300)
    assert seen[-1] == (300, 300)
    assert await builds(database, tenant) == [(2, "live", 300)]
    assert await rows_by_build(database, tenant) == {2: 30}


@pytest.mark.parametrize(
    ("damage", "rows"),
    [
        ("update shown_loans set book = 'forged' where version = 1", 30),
        ("delete from shown_loans where book = 'book 3'", 29),
    ],
)
async def test_a_difference_is_reported_and_mended(database, tenant, damage, rows):
    """Rows that are not what the events say are named, and replaced."""
    await library.lend(database, tenant, 30)
    await follower(database).follow(tenant)
    async with database.tenant_transaction(tenant) as connection:
        await connection.execute(damage)
    result = await rebuilder(database).rebuild(tenant, SHOWN_LOANS)
    [difference] = result.differences
    assert (difference.table, difference.live_rows, difference.rebuilt_rows) == ("shown_loans", rows, 30)
    assert (await rebuilder(database).rebuild(tenant, SHOWN_LOANS)).differences == ()


async def test_a_rebuild_goes_on_where_it_was_stopped(database, tenant):
    """What is folded of a build is not folded again after an interruption."""
    await library.lend(database, tenant, 300)
    await follower(database).follow(tenant)
    answers = iter([True, True, False])
    assert await rebuilder(database).rebuild(tenant, SHOWN_LOANS, keep_going=lambda: next(answers)) is None
    assert await builds(database, tenant) == [(1, "live", 300), (2, "building", 100)]
    assert [(u.tenant, u.name) for u in await unfinished(database, ["shown_loans"], [1])] == [(tenant, "shown_loans")]
    done = []
    result = await rebuilder(database).rebuild(tenant, SHOWN_LOANS, lambda at, _: done.append(at))
    assert done[0] == 150
    assert result.differences == ()
    assert await unfinished(database, ["shown_loans"], [1]) == []


async def test_a_new_schema_is_built_while_the_old_rows_are_read(database, tenant):
    """Newer code builds its own rows up to the ledger's end; older code leaves them alone."""
    await library.lend(database, tenant, 80)
    await follower(database).follow(tenant)
    newer = msgspec.structs.replace(SHOWN_LOANS, schema_version=2)
    assert [u.name for u in await unfinished(database, ["shown_loans"], [2])] == ["shown_loans"]
    await library.lend(database, tenant, 20)
    result = await rebuilder(database).rebuild(tenant, newer)
    assert (result.position, result.compared) == (100, False)
    assert await rows_by_build(database, tenant) == {2: 100}
    assert await unfinished(database, ["shown_loans"], [1]) == []
    await library.lend(database, tenant, 1)
    assert await follower(database).follow(tenant) == 0
    assert await follower(database, newer).follow(tenant) == 1


async def test_readers_never_see_a_gap(database, tenant):
    """While events are appended and builds replaced one another, a reader's rows never become fewer."""
    await library.lend(database, tenant, 200)
    await follower(database).follow(tenant)
    counted, running = [], True

    async def read():
        while running:
            async with database.tenant_transaction(tenant, read_only=True) as connection:
                counted.append(
                    await connection.fetchval(
                        "select count(*) from shown_loans where tenant_id = $1 and build = "
                        + live_build("shown_loans"),
                        tenant,
                    )
                )

    async def append():
        while running:
            await library.lend(database, tenant, 5)
            await follower(database).follow(tenant)

    tasks = [asyncio.create_task(read()), asyncio.create_task(append())]
    results = [await rebuilder(database).rebuild(tenant, SHOWN_LOANS) for _ in range(5)]
    running = False
    await asyncio.gather(*tasks)
    assert [result.build for result in results] == [2, 3, 4, 5, 6]
    assert all(result.differences == () for result in results)
    assert counted == sorted(counted)
    assert counted[0] >= 200
    assert counted[-1] > counted[0]


async def test_two_rebuilds_at_once_end_as_one(database, tenant):
    """Processes that rebuild the same share one build and delete nothing that is read."""
    await library.lend(database, tenant, 400)
    await follower(database).follow(tenant)
    results = await asyncio.gather(*(rebuilder(database).rebuild(tenant, SHOWN_LOANS) for _ in range(3)))
    assert all(result.differences == () for result in results)
    [(number, status, position)] = await builds(database, tenant)
    assert (status, position) == ("live", 400)
    assert await rows_by_build(database, tenant) == {number: 400}


async def test_a_switch_during_the_wait_to_begin_is_noticed(database, tenant, owner_url):
    """A rebuild that begins while another one switches builds beside what is live then."""
    await library.lend(database, tenant, 30)
    await follower(database).follow(tenant)
    async with database.tenant_transaction(tenant) as switching:
        await switching.execute("update projections set status = 'retired' where build = 1")
        await switching.execute("insert into projections values ($1, 'shown_loans', 2, 1, 'live', 0)", tenant)
        beginning = asyncio.create_task(rebuilder(database).rebuild(tenant, SHOWN_LOANS))
        while not await somebody_waits(owner_url):
            assert not beginning.done()
    result = await beginning
    assert result.build == 3
    assert [build[:2] for build in await builds(database, tenant)] == [(3, "live")]


async def somebody_waits(owner_url):
    """Whether a transaction in this database waits for another's lock."""
    connection = await asyncpg.connect(owner_url)
    try:
        return await connection.fetchval(
            "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("status", ["live", "building"])
async def test_older_code_does_not_replace_what_newer_code_builds(database, tenant, status):
    """During a deployment an older process refuses to rebuild, and resumes nothing."""
    await library.lend(database, tenant, 30)
    await follower(database).follow(tenant)
    newer = msgspec.structs.replace(SHOWN_LOANS, schema_version=2)
    answers = iter([True] * (1 if status == "live" else 0) + [False])
    await rebuilder(database).rebuild(tenant, newer, keep_going=lambda: next(answers))
    before = await builds(database, tenant)
    assert before[-1][:2] == (2, status)
    with pytest.raises(BuiltByNewerCode, match="shown_loans"):
        await rebuilder(database).rebuild(tenant, SHOWN_LOANS)
    await rebuilder(database).resume(tenant, SHOWN_LOANS)
    assert await builds(database, tenant) == before
