"""Two streams never hold one resource at once: a guarantee of the table, answered per recording by the append."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.database import Database
from infra.group_commit import GroupCommit
from infra.recordings import Appended, Clash, Conflict, Hold
from tests.conftest import provision_tenant
from tests.infra.stores import NOON, append, everything, keyed, recording, rows

HELD = (
    "select originator_id, key, resource_id, lower(during), upper(during) from reservations"
    " where tenant_id = $1 order by lower(during), resource_id"
)
OVERLAPS = (
    "select count(*) from reservations a join reservations b on a.tenant_id = b.tenant_id"
    " and a.resource_kind = b.resource_kind and a.resource_id = b.resource_id and a.during && b.during"
    " and (a.originator_id, a.key) < (b.originator_id, b.key) where a.tenant_id = $1"
)
CAR = UUID(int=0xCA)


def after(hours):
    """So many hours after noon."""
    return NOON + timedelta(hours=hours)


def hold(stream, start, end, *, car=CAR, key="car", kind="vehicle"):
    """A car from one hour to another; without an end for good."""
    return Hold(stream, key, kind, car, after(start), None if end is None else after(end))


def booking(start, end, *, stream=None, version=1, released=(), **more):
    """A recording by which a stream takes a car."""
    stream = stream or uuid4()
    where = {name: more.pop(name) for name in ("car", "key", "kind") if name in more}
    return recording(stream, version, held=[hold(stream, start, end, **where)], released=released, **more)


async def test_a_window_that_is_held_is_refused_and_says_by_whom(database, tenant):
    """The later recording is told whose it is and when; nothing of it is appended."""
    first, second = uuid4(), uuid4()
    assert await append(database, tenant, booking(0, 2, stream=first)) == [Appended(1, 1)]
    [outcome] = await append(database, tenant, booking(1, 3, stream=second, idempotency=keyed()))
    assert outcome == Clash("car", first, after(0), after(2))
    assert [row.originator_id for row in await everything(database, tenant)] == [first]
    assert await rows(database, tenant, "select key from idempotency where tenant_id = $1", tenant) == []
    assert len(await rows(database, tenant, HELD, tenant)) == 1


async def test_windows_that_only_touch_do_not_overlap(database, tenant):
    """One trip may begin at the instant at which another ends."""
    assert await append(database, tenant, booking(0, 2), booking(2, 4), booking(-1, 0)) == [
        Appended(1, 1),
        Appended(2, 2),
        Appended(3, 3),
    ]


async def test_a_window_without_an_end_is_held_for_good(database, tenant):
    """A retired car is free for nothing later."""
    first = uuid4()
    await append(database, tenant, booking(5, None, stream=first))
    assert await append(database, tenant, booking(0, 5), booking(9_000, 9_001)) == [
        Appended(2, 2),
        Clash("car", first, after(5), None),
    ]


async def test_resources_and_kinds_are_apart(database, tenant):
    """Another car, or a driver who happens to have the car's id, is another resource."""
    outcomes = await append(
        database, tenant, booking(0, 2), booking(0, 2, car=uuid4()), booking(0, 2, kind="driver", key="driver")
    )
    assert outcomes == [Appended(1, 1), Appended(2, 2), Appended(3, 3)]


async def test_tenants_are_apart(database, tenant, tenant_factory):
    """The same id in another organisation is another car, and nothing is learnt of the first."""
    other = await tenant_factory()
    await append(database, tenant, booking(0, 2))
    assert await append(database, other, booking(0, 2)) == [Appended(1, 1)]


async def test_a_clash_fails_no_neighbour(database, tenant):
    """In one batch the first of those that overlap is appended, the others are told, all else goes its way."""
    stream = uuid4()
    await append(database, tenant, recording(stream))
    first = booking(0, 2)
    outcomes = await append(
        database, tenant, recording(), first, booking(1, 3), recording(stream), booking(2, 3), recording()
    )
    assert outcomes == [
        Appended(2, 2),
        Appended(3, 3),
        Clash("car", first.events[0].originator_id, after(0), after(2)),
        Conflict(),
        Appended(4, 4),
        Appended(5, 5),
    ]


async def test_a_refused_recording_neither_takes_nor_releases(database, tenant):
    """What a conflicting recording would have changed stays as it was."""
    stream = uuid4()
    await append(database, tenant, booking(0, 2, stream=stream))
    outcomes = await append(
        database,
        tenant,
        recording(stream, released=[(stream, "car")]),
        recording(uuid4(), version=3, held=[hold(uuid4(), 5, 6)]),
    )
    assert outcomes == [Conflict(), Conflict()]
    assert await rows(database, tenant, HELD, tenant) == [(stream, "car", CAR, after(0), after(2))]


async def test_a_window_is_moved_in_one_step(database, tenant):
    """What the recording gives back does not stand in its own way; what others hold does."""
    stream, other = uuid4(), uuid4()
    await append(database, tenant, booking(0, 2, stream=stream), booking(4, 6, stream=other))
    moved = booking(1, 3, stream=stream, version=2, released=[(stream, "car")])
    too_far = booking(1, 5, stream=stream, version=3, released=[(stream, "car")])
    assert await append(database, tenant, moved) == [Appended(3, 3)]
    assert await append(database, tenant, too_far) == [Clash("car", other, after(4), after(6))]
    assert [row[3:] for row in await rows(database, tenant, HELD, tenant)] == [
        (after(1), after(3)),
        (after(4), after(6)),
    ]


async def test_what_one_recording_releases_the_next_may_take(database, tenant):
    """Within one batch recordings follow each other in their order."""
    stream = uuid4()
    await append(database, tenant, booking(0, 2, stream=stream))
    released = recording(stream, 2, released=[(stream, "car")])
    assert await append(database, tenant, released, booking(0, 2)) == [Appended(2, 2), Appended(3, 3)]


async def test_a_recording_that_contradicts_itself_fails_alone(database, tenant):
    """Holding a car twice at once cannot be stored; the recordings beside it are appended."""
    queue, stream = GroupCommit(database), uuid4()
    wrong = recording(stream, held=[hold(stream, 0, 2), hold(stream, 1, 3, key="again")])
    good, failed, more = await asyncio.gather(
        queue.append(tenant, booking(5, 6)),
        queue.append(tenant, wrong),
        queue.append(tenant, recording()),
        return_exceptions=True,
    )
    assert (type(good), type(more)) == (Appended, Appended)
    assert isinstance(failed, asyncpg.ExclusionViolationError)


async def test_nobody_gets_round_the_table(database, tenant):
    """Whoever writes past the append is refused by the constraint itself."""
    await append(database, tenant, booking(0, 2))
    insert = (
        "insert into reservations (tenant_id, originator_id, key, resource_kind, resource_id, during)"
        " values ($1, $2, 'car', 'vehicle', $3, tstzrange($4, $5))"
    )
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with database.tenant_transaction(tenant) as connection:
            await connection.execute(insert, tenant, uuid4(), CAR, after(1), after(3))


async def test_two_hundred_want_one_car_over_several_queues(database, database_url, tenant):
    """Overlapping windows from four queues with pools of their own: no overlap, and each loser knows to whom."""
    pools = [await Database.open(database_url) for _ in range(4)]
    queues = [GroupCommit(pool) for pool in pools]
    wanted = [booking(n * 7 % 50, n * 7 % 50 + 1 + n % 6) for n in range(200)]
    outcomes = await asyncio.gather(*(queues[n % 4].append(tenant, one) for n, one in enumerate(wanted)))
    for pool in pools:
        await pool.close()
    [(overlaps,)] = await rows(database, tenant, OVERLAPS, tenant)
    held = {row[0]: row[3:] for row in await rows(database, tenant, HELD, tenant)}
    assert overlaps == 0
    assert {type(outcome) for outcome in outcomes} == {Appended, Clash}
    for one, outcome in zip(wanted, outcomes, strict=True):
        [window] = one.held
        if isinstance(outcome, Clash):
            assert held[outcome.holder] == (outcome.starts_at, outcome.ends_at)
            assert outcome.starts_at < window.ends_at
            assert window.starts_at < outcome.ends_at
        else:
            assert held[window.originator_id] == (window.starts_at, window.ends_at)


WINDOWS = st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 5))
STEPS = st.lists(st.tuples(st.sampled_from(["take", "move", "release"]), st.integers(0, 3), WINDOWS), max_size=14)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_whatever_is_tried_the_store_agrees_with_a_plain_list(anyio_backend, database, steps):
    """Property: a random sequence of taking, moving and releasing leaves what a list that forbids overlaps leaves."""
    tenant = await provision_tenant(database)
    streams = [uuid4() for _ in range(4)]
    versions = dict.fromkeys(streams, 0)
    model: dict[UUID, tuple[int, int, int]] = {}
    for step, which, (car, start, length) in steps:
        stream, window = streams[which], (car, start, start + length)
        taken = step != "release"
        given_back = [(stream, "car")] if stream in model else []
        held = [hold(stream, start, start + length, car=UUID(int=car))] if taken else []
        [outcome] = await append(
            database, tenant, recording(stream, versions[stream] + 1, held=held, released=given_back)
        )
        rivals = [
            other
            for other, (c, s, e) in model.items()
            if taken and other != stream and c == car and s < start + length and start < e
        ]
        assert isinstance(outcome, Clash if rivals else Appended)
        if rivals:
            assert outcome.holder in rivals
            continue
        versions[stream] += 1
        model.pop(stream, None)
        if taken:
            model[stream] = window
    stored = {
        row[0]: (row[2].int, *(int((instant - NOON) / timedelta(hours=1)) for instant in row[3:]))
        for row in await rows(database, tenant, HELD, tenant)
    }
    assert stored == model
