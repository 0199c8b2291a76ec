"""Concurrent appends of one tenant share transactions; each caller gets its own outcome, once."""

import asyncio
from collections import Counter
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from infra.database import Database
from infra.eventstore import ledger_position
from infra.group_commit import GroupCommit
from infra.recordings import Appended, Conflict, Replayed, Stale, StoreBusy, StoreUnavailable
from tests.infra.stores import everything, keyed, recording, rows


@pytest.fixture
async def appends(anyio_backend, database):
    """The append queue of one process."""
    queue = GroupCommit(database)
    yield queue
    await queue.drain()


async def transactions(database, tenant):
    """How many transactions the tenant's events came in."""
    [(count,)] = await rows(
        database, tenant, "select count(distinct xmin::text) from events where tenant_id = $1", tenant
    )
    return count


async def test_concurrent_appends_share_a_transaction_and_keep_their_outcomes(database, tenant, appends):
    """One batch holds an append, a conflict, a stale decision and a replay, and answers each caller alone."""
    stream, key = uuid4(), keyed()
    await appends.append(tenant, recording(stream, idempotency=key))
    outcomes = await asyncio.gather(
        appends.append(tenant, recording()),
        appends.append(tenant, recording(stream)),
        appends.append(tenant, recording(epoch=3)),
        appends.append(tenant, recording(idempotency=key)),
        appends.append(tenant, recording(epoch=1)),
    )
    assert outcomes == [
        Appended(2, 2),
        Conflict(),
        Stale(1),
        Replayed(b"hash", 201, b"answer", 1, 1),
        Appended(3, 3),
    ]
    assert await transactions(database, tenant) == 2


async def test_appends_to_one_stream_take_turns(tenant, appends):
    """Of two appends of the same version one is appended and the other hears of the conflict."""
    stream = uuid4()
    outcomes = await asyncio.gather(*(appends.append(tenant, recording(stream)) for _ in range(5)))
    assert Counter(type(outcome) for outcome in outcomes) == {Appended: 1, Conflict: 4}


async def test_consecutive_versions_of_one_stream_keep_their_order(tenant, appends):
    """Appends that wait together for one stream are committed in the order they came."""
    stream = uuid4()
    outcomes = await asyncio.gather(*(appends.append(tenant, recording(stream, n)) for n in range(1, 21)))
    assert outcomes == [Appended(n, n) for n in range(1, 21)]


async def test_positions_have_no_gap_under_fifty_writers_of_two_processes(database, database_url, tenant):
    """Two queues with their own pools, 25 writers each: every position once, and every outcome is true."""
    second = await Database.open(database_url)
    queues = [GroupCommit(database), GroupCommit(second)]

    async def writer(number: int) -> list[tuple[int, bytes]]:
        written = []
        for n in range(10):
            state = f"{number}-{n}".encode()
            outcome = await queues[number % 2].append(tenant, recording(state=state, events=1 + n % 3))
            assert isinstance(outcome, Appended)
            written += [(position, state) for position in range(outcome.first_position, outcome.last_position + 1)]
        return written

    written = sorted(pair for pairs in await asyncio.gather(*map(writer, range(50))) for pair in pairs)
    stored = [(row.position, row.state) for row in await everything(database, tenant)]
    await second.close()
    assert stored == written
    assert [position for position, _ in stored] == list(range(1, len(stored) + 1))
    assert await ledger_position(database, tenant) == (len(stored), 1)


async def test_readers_never_see_a_gap(database, tenant, appends):
    """While writers write, what a reader sees always reaches from 1 without a hole."""
    done = asyncio.Event()

    async def read() -> int:
        looks = 0
        while not done.is_set():
            positions = [row.position for row in await everything(database, tenant)]
            assert positions == list(range(1, len(positions) + 1))
            looks += 1
        return looks

    reader = asyncio.create_task(read())
    for _ in range(20):
        await asyncio.gather(*(appends.append(tenant, recording(events=3)) for _ in range(20)))
    done.set()
    assert await reader > 1


@pytest.mark.parametrize("same_process", [True, False], ids=["one process", "two processes"])
async def test_one_key_used_at_once_by_many_happens_once(database, database_url, tenant, same_process):
    """Of concurrent requests under one key one is appended and all others are told its answer."""
    second = await Database.open(database_url)
    queues = [GroupCommit(database), GroupCommit(database if same_process else second)]
    key = keyed()
    outcomes = await asyncio.gather(*(queues[n % 2].append(tenant, recording(idempotency=key)) for n in range(8)))
    await second.close()
    assert Counter(type(outcome) for outcome in outcomes) == {Appended: 1, Replayed: 7}
    assert len(await everything(database, tenant)) == 1


async def test_a_change_of_configuration_outdates_those_waiting_behind_it(database, tenant):
    """What was decided under the older configuration is stale, even when appended at the same moment."""
    queue = GroupCommit(database, lanes=1)
    outcomes = await asyncio.gather(
        queue.append(tenant, recording(epoch=1)),
        queue.append(tenant, recording(epoch=1, configures=True)),
        queue.append(tenant, recording(epoch=1)),
        queue.append(tenant, recording(epoch=2)),
    )
    assert outcomes == [Appended(1, 1), Appended(2, 2), Stale(2), Appended(3, 3)]


@pytest.mark.parametrize(
    "wrong",
    [
        recording(idempotency=keyed("nul\0")),
        recording(idempotency=keyed("\udc80")),
        recording(version=2**40),
        msgspec.structs.replace(recording(), recorded_at="today"),
        msgspec.structs.replace(recording(), events=recording().events * 2),
    ],
    ids=["nul", "surrogate", "too large", "wrong type", "two events at one place"],
)
async def test_a_value_the_database_cannot_take_fails_alone(tenant, appends, wrong):
    """The one bad recording fails at once; those beside it are appended."""
    async with asyncio.timeout(5):
        good, failed, more = await asyncio.gather(
            appends.append(tenant, recording()),
            appends.append(tenant, wrong),
            appends.append(tenant, recording()),
            return_exceptions=True,
        )
    assert (good, more) == (Appended(1, 1), Appended(2, 2))
    assert isinstance(failed, (asyncpg.PostgresError, ValueError, TypeError, OverflowError))


async def test_a_caller_that_goes_away_takes_nobody_along(database, tenant, appends):
    """A cancelled caller's recording is appended with its batch all the same."""
    leaving = asyncio.create_task(appends.append(tenant, recording(state=b"leaving")))
    staying = asyncio.create_task(appends.append(tenant, recording(state=b"staying")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert isinstance(await staying, Appended)
    assert leaving.cancelled()
    assert sorted(row.state for row in await everything(database, tenant)) == [b"leaving", b"staying"]


async def test_too_much_waiting_is_refused(database, owner_url, tenant):
    """Beyond its bound the queue answers busy at once, and what it took is appended when the way is free."""
    queue = GroupCommit(database, max_pending=3, max_batch=1, lanes=1)
    owner = await asyncpg.connect(owner_url)
    async with owner.transaction():
        await owner.execute("select from kaohe.ledger where tenant_id = $1 for update", tenant)
        blocked = asyncio.create_task(queue.append(tenant, recording()))
        await asyncio.sleep(0.05)
        waiting = [asyncio.create_task(queue.append(tenant, recording())) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(StoreBusy):
            await queue.append(tenant, recording())
    assert sorted((await asyncio.gather(blocked, *waiting)), key=lambda o: o.last_position) == [
        Appended(n, n) for n in range(1, 5)
    ]
    await owner.close()


async def test_a_full_queue_of_one_tenant_does_not_stop_another(database, owner_url, tenant, tenant_factory):
    """The bound is the tenant's own."""
    other = await tenant_factory()
    queue = GroupCommit(database, max_pending=1, lanes=1)
    owner = await asyncpg.connect(owner_url)
    async with owner.transaction():
        await owner.execute("select from kaohe.ledger where tenant_id = $1 for update", tenant)
        blocked = asyncio.create_task(queue.append(tenant, recording()))
        async with asyncio.timeout(5):
            assert await queue.append(other, recording()) == Appended(1, 1)
    assert await blocked == Appended(1, 1)
    await owner.close()


async def test_an_append_that_the_server_gives_up_is_busy(database_url, owner_url, tenant):
    """A statement that waits too long is undone, and its caller may try again."""
    impatient = await Database.open(database_url, statement_timeout_ms=100)
    queue = GroupCommit(impatient)
    owner = await asyncpg.connect(owner_url)
    async with owner.transaction():
        await owner.execute("select from kaohe.ledger where tenant_id = $1 for update", tenant)
        with pytest.raises(StoreBusy):
            await queue.append(tenant, recording())
    assert await queue.append(tenant, recording()) == Appended(1, 1)
    await owner.close()
    await impatient.close()


@pytest.mark.fault
async def test_interrupted_connections_lose_and_double_nothing(database, owner_url, tenant, appends):
    """While the server ends our connections again and again, each acknowledged append is there exactly once."""
    owner = await asyncpg.connect(owner_url)
    done = asyncio.Event()

    async def interrupt() -> None:
        ended = 0
        while ended < 20:
            await asyncio.sleep(0.1)
            ended += await owner.fetchval(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'kaohe_app' and datname = current_database()"
            )
        done.set()

    async def writer(number: int) -> list[tuple[int, bytes]]:
        acknowledged = []
        while not done.is_set():
            state = f"{number}-{len(acknowledged)}".encode()
            key = keyed() if len(acknowledged) % 3 else None
            outcome = await appends.append(tenant, recording(state=state, idempotency=key))
            assert isinstance(outcome, Appended)
            acknowledged.append((outcome.first_position, state))
        return acknowledged

    interrupting = asyncio.create_task(interrupt())
    acknowledged = [pair for pairs in await asyncio.gather(*map(writer, range(20))) for pair in pairs]
    await interrupting
    await owner.close()
    stored = [(row.position, row.state) for row in await everything(database, tenant)]
    assert stored == sorted(acknowledged)
    assert [position for position, _ in stored] == list(range(1, len(stored) + 1))


async def test_a_database_that_stays_away_is_unavailable(database, tenant, monkeypatch):
    """After the time allowed every caller of the batch hears it, and none waits longer."""
    monkeypatch.setattr("infra.group_commit.RESOLVE_FOR_S", 0.3)
    queue = GroupCommit(database)
    await database.tenants.close()
    async with asyncio.timeout(5):
        answers = await asyncio.gather(*(queue.append(tenant, recording()) for _ in range(50)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreUnavailable}
