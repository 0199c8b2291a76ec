"""Workers as real processes: killed at random, without Valkey, beside each other; nothing is lost, nothing doubled."""

import asyncio
import random
import statistics
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest

from infra.discovery import behind, due, reached
from infra.embedded import valkey
from infra.rebuild import Rebuilder
from infra.wire import EventMapper
from tests import library
from tests.library import OVERDUE_LIMIT, SHOWN_LOANS
from tests.worker_process import WorkerProcess
from tests.workshop import borrow, events_of, open_work, register, rows_of

pytestmark = pytest.mark.fault
WITHIN_S = 60.0


@pytest.fixture
async def work(anyio_backend, database_url, owner_url, valkey_url):
    """The means of an API: it appends and hints, and no worker of its own runs."""
    library.create_tables(owner_url)
    async with open_work(database_url, valkey_url) as opened:
        yield opened


@pytest.fixture
def start(database_url, valkey_url):
    """Starts workers; all are gone afterwards."""
    started = []

    async def start_one(valkey=valkey_url, *more):
        process = WorkerProcess(database_url, valkey, *more)
        started.append(process)
        return await process.ready()

    yield start_one
    for process in started:
        process.kill()


async def eventually(check):
    """Wait until an asynchronous check holds."""
    give_up_at = time.monotonic() + WITHIN_S
    while not await check():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        await asyncio.sleep(0.05)


async def all_settled(work, *tenants):
    """Nothing is due, nobody is behind."""
    database = work.runtime.database
    names = work.follower.names
    waiting = {found.tenant for found in [*await due(database, datetime.now(UTC)), *await behind(database, names)]}
    return waiting.isdisjoint(tenants)


async def fallen(work, tenant):
    """How often each loan fell due."""
    rows = await events_of(work.runtime.database, tenant, "loan.fell_due")
    return Counter(row["originator_id"] for row in rows)


async def counted(work, tenant):
    """How often each loan was counted against its reader."""
    rows = await events_of(work.runtime.database, tenant, "reader.overdue_counted")
    return Counter(msgspec.json.decode(row["state"])["loan"] for row in rows)


async def require_sound_rows(work, tenant):
    """Each event was folded once, and the rows are what a replay makes of the events."""
    rows = await rows_of(work.runtime.database, tenant, "shown_loans")
    assert all(row["folded"] == row["version"] for row in rows)
    result = await Rebuilder(work.runtime.database, EventMapper(library.EVENT_TYPES)).rebuild(tenant, SHOWN_LOANS)
    assert result.compared
    assert result.differences == ()


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_workers_fire_each_deadline_once(work, start, tenant_factory, seed):
    """Two workers are killed again and again while deadlines of several tenants fire, react and are shown."""
    chance = random.Random(seed)
    tenants = [await tenant_factory() for _ in range(3)]
    due_at = datetime.now(UTC) + timedelta(seconds=3)
    loans = {}
    for tenant in tenants:
        readers = [await register(work, tenant) for _ in range(60)]
        loans[tenant] = await asyncio.gather(
            *(
                borrow(work, tenant, due_at + timedelta(seconds=n / 40), reader=reader)
                for n, reader in enumerate(readers * 2)
            )
        )
    workers = [await start(), await start()]
    await asyncio.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
    for _ in range(6):
        await asyncio.sleep(chance.uniform(0.1, 0.6))
        victim = chance.randrange(2)
        workers[victim].kill()
        workers[victim] = await start()
    await eventually(lambda: no_loan_is_out(work, tenants))
    await eventually(lambda: all_settled(work, *tenants))
    for tenant in tenants:
        assert await fallen(work, tenant) == Counter(loans[tenant])
        assert await counted(work, tenant) == Counter(map(str, loans[tenant]))
        assert await rows_of(work.runtime.database, tenant, "deadlines") == []
        await require_sound_rows(work, tenant)


async def no_loan_is_out(work, tenants):
    """Every deadline's row is gone."""
    rows = [await rows_of(work.runtime.database, tenant, "deadlines") for tenant in tenants]
    return not any(rows)


async def test_deadlines_fire_while_valkey_is_flushed_and_stopped(work, start, tenant, tmp_path: Path):
    """Valkey carries hints and ids only: without it everything happens, a sweep later at most."""
    with valkey(tmp_path / "valkey") as server:
        await start(server.url)
        await start(server.url)
        first = [await borrow(work, tenant, datetime.now(UTC) + timedelta(seconds=1)) for _ in range(20)]
        with suppress(Exception):
            flush(server.url)
        await eventually(lambda: no_loan_is_out(work, [tenant]))
        server.stop()
        second = [await borrow(work, tenant, datetime.now(UTC) + timedelta(seconds=1)) for _ in range(20)]
        await eventually(lambda: no_loan_is_out(work, [tenant]))
        await eventually(lambda: all_settled(work, tenant))
    assert await fallen(work, tenant) == Counter(first + second)
    await require_sound_rows(work, tenant)


async def test_a_worker_that_starts_without_valkey_works(work, start, tenant):
    """The queue is looked for again and again, and nobody waits for it."""
    loan = await borrow(work, tenant, datetime.now(UTC))
    await start("redis://127.0.0.1:1/0")
    await eventually(lambda: no_loan_is_out(work, [tenant]))
    await eventually(lambda: all_settled(work, tenant))
    assert await fallen(work, tenant) == Counter([loan])


async def test_two_workers_react_once_and_keep_refusals(work, start, tenant):
    """Each overdue loan is counted once up to the limit; every one beyond it is a recorded refusal."""
    readers = [await register(work, tenant) for _ in range(20)]
    await asyncio.gather(
        *(borrow(work, tenant, datetime.now(UTC), reader=reader) for reader in readers * (OVERDUE_LIMIT + 1))
    )
    await start()
    await start()
    await eventually(lambda: no_loan_is_out(work, [tenant]))
    await eventually(lambda: all_settled(work, tenant))
    assert set((await counted(work, tenant)).values()) == {1}
    assert len(await counted(work, tenant)) == 20 * OVERDUE_LIMIT
    refusals = await rows_of(work.runtime.database, tenant, "reaction_refusals")
    assert Counter(row["code"] for row in refusals) == {"too_many_overdue": 20}


async def killed_while_it_waits(start, owner_url, lock, *values):
    """Start a worker, hold a lock that its transaction comes to want, and kill it when it waits for that."""
    with psycopg.connect(owner_url) as owner, psycopg.connect(owner_url, autocommit=True) as watcher:
        owner.execute("set search_path to kaohe")
        owner.execute(lock, values)
        process = await start()

        async def waits():
            found = watcher.execute(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
            ).fetchone()
            return found[0] > 0

        await eventually(waits)
        process.kill()
        owner.rollback()


async def test_a_follower_killed_in_a_batch_leaves_no_half_of_it(work, start, tenant, owner_url):
    """Killed while its rows are being written, a follower leaves neither rows nor position; the next one folds them."""
    await library.lend(work.runtime.database, tenant, 3_000, renewals=9)
    for _ in range(3):
        await killed_while_it_waits(start, owner_url, "lock table shown_loans in share mode")
        rows = await rows_of(work.runtime.database, tenant, "projections")
        assert [row["position"] for row in rows] == [0]
        assert await rows_of(work.runtime.database, tenant, "shown_loans") == []
    await start()
    await eventually(lambda: all_settled(work, tenant))
    assert len(await rows_of(work.runtime.database, tenant, "shown_loans")) == 3_000
    await require_sound_rows(work, tenant)


async def test_a_worker_killed_in_an_append_has_fired_nothing(work, start, tenant, owner_url):
    """Killed between its decisions and their commit, a worker leaves the deadlines to the next one."""
    loans = await asyncio.gather(*(borrow(work, tenant, datetime.now(UTC)) for _ in range(50)))
    for _ in range(3):
        await killed_while_it_waits(start, owner_url, "select from ledger where tenant_id = %s for update", tenant)
        assert len(await rows_of(work.runtime.database, tenant, "deadlines")) == 50
        assert await fallen(work, tenant) == Counter()
    await start()
    await eventually(lambda: no_loan_is_out(work, [tenant]))
    await eventually(lambda: all_settled(work, tenant))
    assert await fallen(work, tenant) == Counter(loans)


async def test_a_rebuild_that_was_killed_is_finished_by_the_next_worker(work, start, tenant, owner_url):
    """The build in the making is taken up where it was; the live rows are there all the time."""
    await library.lend(work.runtime.database, tenant, 3_000, renewals=9)
    await work.follower.follow(tenant)
    rebuilder = Rebuilder(work.runtime.database, EventMapper(library.EVENT_TYPES))
    answers = iter([True, True, False])
    assert await rebuilder.rebuild(tenant, SHOWN_LOANS, keep_going=lambda: next(answers)) is None
    await killed_while_it_waits(start, owner_url, "lock table shown_loans in share mode")
    builds = {row["build"]: row for row in await rows_of(work.runtime.database, tenant, "projections")}
    assert builds[1]["status"] == "live"
    assert (builds[2]["status"], builds[2]["position"]) == ("building", 8_000)
    await start()

    async def switched():
        rows = await rows_of(work.runtime.database, tenant, "projections")
        return [(row["build"], row["status"]) for row in rows] == [(2, "live")]

    await eventually(switched)
    rows = await rows_of(work.runtime.database, tenant, "shown_loans")
    assert {row["build"] for row in rows} == {2}
    await require_sound_rows(work, tenant)


async def test_a_worker_told_to_stop_finishes_and_leaves(work, start, tenant):
    """SIGTERM ends a worker at the end of a transaction, with status 0; the next one goes on."""
    await library.lend(work.runtime.database, tenant, 4_000, renewals=9)
    first = await start()
    await asyncio.sleep(0.1)
    assert first.stop() == 0
    await start()
    await eventually(lambda: all_settled(work, tenant))
    await require_sound_rows(work, tenant)


async def test_hinted_events_are_shown_before_the_next_poll(work, start, tenant, valkey_url):
    """With Valkey up, an append is shown long before a poll that comes every thirty seconds."""
    await start(valkey_url, 30, 30)
    await eventually(lambda: hints_are_heard(work, tenant))
    lags = []
    for _ in range(50):
        begun = time.perf_counter()
        await borrow(work, tenant, datetime.now(UTC) + timedelta(days=1))
        position = await ledger(work, tenant)
        while await reached(work.runtime.database, tenant, work.follower.names) < position:  # noqa: ASYNC110 - as a reader
            await asyncio.sleep(0.001)
        lags.append((time.perf_counter() - begun) * 1000)
    lags.sort()
    print(f"append to shown: p50 {statistics.median(lags):.1f} ms, p99 {lags[-1]:.1f} ms")
    assert lags[-1] < 25_000


async def hints_are_heard(work, tenant):
    """The worker listens, told by its following a hint."""
    work.runtime.hints.appended(tenant)
    await borrow(work, tenant, datetime.now(UTC) + timedelta(days=1))
    await asyncio.sleep(0.2)
    return await reached(work.runtime.database, tenant, work.follower.names) > 0


async def ledger(work, tenant):
    """The tenant's position."""
    [row] = await rows_of(work.runtime.database, tenant, "ledger")
    return row["position"]


def flush(url: str) -> None:
    """Empty Valkey, as an operator might."""
    import redis  # noqa: PLC0415 - for this alone

    with redis.Redis.from_url(url) as client:
        client.flushall()
