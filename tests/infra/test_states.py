"""States folded from the store: cached and snapshotted, and always those of their version."""

import threading
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from domain.kernel import Decider
from infra import states
from infra.recordings import NewEvent, Recording
from infra.states import ABSENT, StateStore, Versioned, snapshot_is_due
from infra.wire import EventMapper
from tests.infra.counting import COUNTER, TYPES, Counter, CounterOpened, CounterRaised
from tests.infra.stores import NOON, append

MAPPER = EventMapper(TYPES)


def new_store(decider: Decider = COUNTER, **options) -> StateStore:
    """What a process begins with: nothing cached."""
    return StateStore(MAPPER, {"counter": decider}, **options)


async def write(database, tenant, stream, *events, version=1, hours=0):
    """Append events to a stream, some hours after noon."""
    await append(
        database,
        tenant,
        Recording(
            events=[NewEvent(stream, version + n, *MAPPER.encode(event)) for n, event in enumerate(events)],
            metadata=uuid4().bytes,
            recorded_at=NOON + timedelta(hours=hours),
        ),
    )


async def read(database, tenant, store, stream):
    """The state as of now."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await store.read(connection, tenant, "counter", stream)


@pytest.fixture
async def stream(anyio_backend, database, tenant):
    """A counter that stands at 3 after three events."""
    stream = uuid4()
    await write(database, tenant, stream, CounterOpened("a"), CounterRaised(1), CounterRaised(2))
    return stream


async def test_a_state_is_the_fold_of_its_events(database, tenant, stream):
    """Read from the store it stands at what its events add up to, at their version."""
    assert await read(database, tenant, new_store(), stream) == Versioned(Counter("open", "a", 3), 3)


async def test_a_stream_that_does_not_exist_has_no_state(database, tenant):
    """Neither state nor version."""
    assert await read(database, tenant, new_store(), uuid4()) == ABSENT


async def test_another_tenants_stream_has_no_state(database, tenant, stream, tenant_factory):
    """It is read and cached for its own tenant alone."""
    store, other = new_store(), await tenant_factory()
    await read(database, tenant, store, stream)
    assert await read(database, other, store, stream) == ABSENT


async def test_a_cached_state_is_brought_up_to_date(database, tenant, stream):
    """What was appended elsewhere since is folded on top; the cached state alone may be behind."""
    store = new_store()
    await read(database, tenant, store, stream)
    await write(database, tenant, stream, CounterRaised(10), version=4)
    assert store.cached(tenant, "counter", stream) == Versioned(Counter("open", "a", 3), 3)
    assert await read(database, tenant, store, stream) == Versioned(Counter("open", "a", 13), 4)
    assert store.cached(tenant, "counter", stream) == Versioned(Counter("open", "a", 13), 4)


def test_an_older_state_does_not_replace_a_newer_one():
    """A slow reader that remembers late cannot put the cache back."""
    store, tenant, stream = new_store(), uuid4(), uuid4()
    newer, older = Versioned(Counter("open", "a", 9), 9), Versioned(Counter("open", "a", 2), 2)
    store.remember(tenant, "counter", stream, newer)
    store.remember(tenant, "counter", stream, older)
    assert store.cached(tenant, "counter", stream) == newer


def test_the_cache_is_bounded_and_keeps_what_is_used():
    """The one that was not used for longest goes."""
    store, tenant, streams = new_store(cache_size=3), uuid4(), [uuid4() for _ in range(4)]
    for stream in streams[:3]:
        store.remember(tenant, "counter", stream, Versioned(Counter("open"), 1))
    store.cached(tenant, "counter", streams[0])
    store.remember(tenant, "counter", streams[3], Versioned(Counter("open"), 1))
    kept = [store.cached(tenant, "counter", stream) is not None for stream in streams]
    assert kept == [True, False, True, True]


async def test_a_snapshot_equals_the_fold(database, tenant, stream):
    """Read from a snapshot and the events after it, the state is the one folded from all events."""
    await new_store().write_snapshot(database, tenant, "counter", stream, Versioned(Counter("open", "a", 3), 3))
    await write(database, tenant, stream, CounterRaised(4), version=4)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        folded = await new_store().read_as_of(connection, tenant, "counter", stream, 4)
        among_many = (await new_store().read_many(connection, tenant, [("counter", stream)]))[stream]
    assert await read(database, tenant, new_store(), stream) == folded == among_many
    assert folded == Versioned(Counter("open", "a", 7), 4)


async def test_a_snapshot_is_really_read(database, tenant, stream):
    """The events before it are not folded again: what it says counts."""
    await new_store().write_snapshot(database, tenant, "counter", stream, Versioned(Counter("open", "a", 1000), 3))
    assert (await read(database, tenant, new_store(), stream)).state.total == 1000


async def test_many_are_read_from_what_is_known_of_each(database, tenant, stream):
    """What a snapshot or the cache says counts; only what came after is folded."""
    cached = uuid4()
    await write(database, tenant, cached, CounterOpened("b"))
    store = new_store()
    await store.write_snapshot(database, tenant, "counter", stream, Versioned(Counter("open", "a", 1000), 2))
    store.remember(tenant, "counter", cached, Versioned(Counter("open", "b", 500), 1))
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        found = await store.read_many(connection, tenant, [("counter", stream), ("counter", cached)])
    assert found == {
        stream: Versioned(Counter("open", "a", 1002), 3),
        cached: Versioned(Counter("open", "b", 500), 1),
    }


async def test_a_follower_sees_each_state_right_after_its_event(database, tenant, stream):
    """As the events come, as they are asked for again, and beyond a snapshot that is later than they are."""
    store = new_store()
    await store.write_snapshot(database, tenant, "counter", stream, Versioned(Counter("open", "a", 3), 3))
    await write(database, tenant, stream, CounterRaised(4), version=4)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for versions in ((1, 2), (3,), (4,), (2, 4), (4,)):
            asked = [("counter", stream, version) for version in versions]
            found = await store.read_right_after(connection, tenant, asked)
            assert {version: found[stream, version].total for version in versions} == {
                version: {1: 0, 2: 1, 3: 3, 4: 7}[version] for version in versions
            }


async def test_a_follower_folds_on_from_where_it_was(database, tenant, stream):
    """An event that it has passed is not read again."""
    store = new_store()
    async with database.tenant_transaction(tenant) as connection:
        await store.read_right_after(connection, tenant, [("counter", stream, 2)])
        found = await store.read_right_after(connection, tenant, [("counter", stream, 3)])
    assert found[stream, 2].total == 1
    assert (stream, 1) not in found


async def test_only_the_newest_snapshot_is_kept(database, tenant, stream):
    """Writing one drops the stream's older ones."""
    store = new_store()
    for version in (1, 2, 3):
        await store.write_snapshot(database, tenant, "counter", stream, Versioned(Counter("open", "a"), version))
    async with database.tenant_transaction(tenant) as connection:
        kept = await connection.fetch("select originator_version from snapshots where tenant_id = $1", tenant)
    assert [row["originator_version"] for row in kept] == [3]


async def test_a_snapshot_of_another_shape_is_passed_over(database, tenant, stream):
    """When the state has got a new field, the stream is folded anew."""

    class Counter(states.State):
        """The next release's state."""

        name: str = ""
        total: int = 0
        colour: str = "grey"

    def evolve(state, event):
        return Counter("open", "a", (state.total if state else 0) + getattr(event, "by", 0))

    await new_store().write_snapshot(
        database, tenant, "counter", stream, (await read(database, tenant, new_store(), stream))
    )
    wider = Decider(
        **{
            **{name: getattr(COUNTER, name) for name in COUNTER.__struct_fields__},
            "state": Counter,
            "evolve": evolve,
        }
    )
    assert await read(database, tenant, new_store(wider), stream) == Versioned(Counter("open", "a", 3, "grey"), 3)


async def test_the_past_is_read_by_position_and_by_instant(database, tenant, stream):
    """As of a position or an instant the state is what it was then."""
    await write(database, tenant, stream, CounterRaised(5), version=4, hours=2)
    store = new_store()
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        totals = [
            (await store.read_as_of(connection, tenant, "counter", stream, as_of)).state.total
            for as_of in (1, 2, 3, 4, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
        ]
        before = await store.read_as_of(connection, tenant, "counter", stream, NOON - timedelta(seconds=1))
    assert totals == [0, 1, 3, 8, 3, 3, 8]
    assert before == ABSENT


async def test_several_streams_are_read_at_once(database, tenant, stream):
    """Each has its own state; one that does not exist has none."""
    other, missing = uuid4(), uuid4()
    await write(database, tenant, other, CounterOpened("b"))
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        asked = [("counter", stream), ("counter", other), ("counter", missing)]
        found = await new_store().read_many(connection, tenant, asked)
    assert found == {
        stream: Versioned(Counter("open", "a", 3), 3),
        other: Versioned(Counter("open", "b", 0), 1),
        missing: ABSENT,
    }


@pytest.mark.parametrize(
    ("before", "after", "due"), [(198, 199, False), (199, 200, True), (199, 201, True), (200, 201, False)]
)
def test_a_snapshot_is_due_at_every_two_hundredth_event(before, after, due):
    """Also when one append steps over the mark."""
    assert snapshot_is_due(before, after, 0) is due


@pytest.mark.parametrize(("size", "apart"), [(200 << 10, 200), ((200 << 10) + 1, 400), (3 << 20, 3_200)])
def test_snapshots_of_a_large_state_are_farther_apart(size, apart):
    """As far as makes a kilobyte an event at most of it; processes that know another size have marks in common."""
    marks = [mark for mark in range(200, 6_401, 200) if snapshot_is_due(mark - 1, mark, size)]
    assert marks == list(range(apart, 6_401, apart))


async def test_how_far_apart_snapshots_are_follows_the_last_one_known(database, tenant, stream):
    """Whoever wrote or read a large one waits for the mark that pays for it; whoever knows none does not."""
    store, large = new_store(), Versioned(Counter("open", "a" * (300 << 10), 3), 3)
    assert store.snapshot_is_due(tenant, "counter", stream, 199, 200)
    await store.write_snapshot(database, tenant, "counter", stream, large)
    reader = new_store()
    await reader.load(database, tenant, "counter", stream)
    for knows in (store, reader):
        assert not knows.snapshot_is_due(tenant, "counter", stream, 199, 200)
        assert knows.snapshot_is_due(tenant, "counter", stream, 399, 400)
    assert new_store().snapshot_is_due(tenant, "counter", stream, 199, 200)


async def test_of_a_long_stream_no_states_are_kept_but_those_asked_for(database, tenant, stream):
    """Between two events that are followed lie as many others as there may be."""
    store = new_store()
    await write(database, tenant, stream, *(CounterRaised(1) for _ in range(20)), version=4)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        await store.read_right_after(connection, tenant, [("counter", stream, 1)])
        found = await store.read_right_after(connection, tenant, [("counter", stream, 3), ("counter", stream, 23)])
    assert {version: state.total for (_, version), state in found.items()} == {1: 0, 3: 3, 23: 23}


async def test_a_long_stream_is_folded_beside_the_loop_and_a_short_one_on_it(database, tenant, stream, monkeypatch):
    """However it is asked for: whoever else is served does not wait, and the states are the same."""
    threads = []

    def evolve(state, event):
        threads.append(threading.get_ident())
        return COUNTER.evolve(state, event)

    decider, events = msgspec.structs.replace(COUNTER, evolve=evolve), [("counter", stream, 2), ("counter", stream, 3)]

    async def ask():
        whole = await new_store(decider).load(database, tenant, "counter", stream)
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            return (
                whole,
                await new_store(decider).read(connection, tenant, "counter", stream),
                await new_store(decider).read_many(connection, tenant, [("counter", stream)]),
                await new_store(decider).read_as_of(connection, tenant, "counter", stream, 2),
                await new_store(decider).read_right_after(connection, tenant, events),
            )

    found = await ask()
    assert set(threads) == {threading.get_ident()}
    threads.clear()
    monkeypatch.setattr(states, "FOLDED_HERE", 1)
    assert await ask() == found
    assert threads
    assert threading.get_ident() not in threads
