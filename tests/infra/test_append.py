"""One statement appends a batch of recordings, each with its own outcome."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from infra.eventstore import ledger_position
from infra.recordings import Appended, Conflict, DueDeadline, NewEvent, Recording, Replayed, Stale
from tests.infra.stores import NOON, append, everything, keyed, recording, rows

DEADLINES = (
    "select originator_id, key, due_at, noun, command, failed_at from deadlines where tenant_id = $1 order by key"
)


async def test_each_recording_of_a_batch_has_its_own_outcome(database, tenant):
    """Appended, conflicting, stale and replayed recordings go side by side, and positions have no gap."""
    stream, key = uuid4(), keyed()
    await append(database, tenant, recording(stream, idempotency=key))
    outcomes = await append(
        database,
        tenant,
        recording(events=2),
        recording(stream),
        recording(epoch=7),
        recording(idempotency=key),
        recording(epoch=1),
        recording(stream, version=2),
    )
    assert outcomes == [
        Appended(2, 3),
        Conflict(),
        Stale(1),
        Replayed(b"hash", 201, b"answer", 1, 1),
        Appended(4, 4),
        Appended(5, 5),
    ]
    assert [row.position for row in await everything(database, tenant)] == [1, 2, 3, 4, 5]
    assert await ledger_position(database, tenant) == (5, 1)


async def test_a_refused_recording_leaves_nothing(database, tenant):
    """Neither events nor deadlines nor the key of a conflicting recording are stored."""
    stream = uuid4()
    await append(database, tenant, recording(stream))
    due = DueDeadline(stream, "soon", NOON, "tested", b"{}")
    [outcome] = await append(database, tenant, recording(stream, idempotency=keyed(), due=[due]))
    assert outcome == Conflict()
    assert len(await everything(database, tenant)) == 1
    assert await rows(database, tenant, DEADLINES, tenant) == []
    assert await rows(database, tenant, "select key from idempotency where tenant_id = $1", tenant) == []


async def test_a_recording_on_several_streams_is_all_or_nothing(database, tenant):
    """When one of its streams has moved on, nothing of it is appended to the others."""
    here, there = uuid4(), uuid4()
    await append(database, tenant, recording(here))
    both = Recording(
        events=[NewEvent(there, 1, "tested.happened", b"{}"), NewEvent(here, 1, "tested.happened", b"{}")],
        metadata=uuid4().bytes,
        recorded_at=NOON,
    )
    assert await append(database, tenant, both) == [Conflict()]
    assert [row.originator_id for row in await everything(database, tenant)] == [here]


async def test_recordings_that_continue_each_other_are_appended_in_one_statement(database, tenant):
    """Each has its own positions, in the order of the batch, also with another stream's between them."""
    stream, other = uuid4(), uuid4()
    first, second = recording(stream, events=2), recording(other)
    third, fourth = recording(stream, version=3, continues=True), recording(stream, version=4, continues=True)
    outcomes = await append(database, tenant, first, second, third, fourth)
    assert outcomes == [Appended(1, 2), Appended(3, 3), Appended(4, 4), Appended(5, 5)]
    stored = [(row.originator_id, row.originator_version, row.metadata) for row in await everything(database, tenant)]
    assert stored == [
        (stream, 1, first.metadata),
        (stream, 2, first.metadata),
        (other, 1, second.metadata),
        (stream, 3, third.metadata),
        (stream, 4, fourth.metadata),
    ]


async def test_what_continues_a_refused_recording_is_refused_with_it(database, tenant):
    """Also where its own versions would fit what stands in the store meanwhile."""
    stream, other = uuid4(), uuid4()
    await append(database, tenant, recording(stream))
    on_it = recording(stream, version=2, continues=True)
    outcomes = await append(database, tenant, recording(stream), on_it, recording(other))
    assert outcomes == [Conflict(), Conflict(), Appended(2, 2)]


async def test_what_a_stream_owes_after_several_recordings_is_what_the_last_leaves(database, tenant):
    """What is set and cleared again is not owed, what is moved is owed once, what was owed before is gone."""
    stream, later = uuid4(), NOON + timedelta(hours=1)

    def due(key, at=NOON):
        return DueDeadline(stream, key, at, "tested", b"{}")

    await append(database, tenant, recording(stream, due=[due("old"), due("kept")]))
    await append(
        database,
        tenant,
        recording(stream, version=2, due=[due("brief"), due("moved")], cleared=[(stream, "old")]),
        recording(
            stream, version=3, continues=True, due=[due("moved", later), due("old")], cleared=[(stream, "brief")]
        ),
    )
    owed = await rows(database, tenant, DEADLINES, tenant)
    assert [(key, at) for _, key, at, *_ in owed] == [("kept", NOON), ("moved", later), ("old", NOON)]


@pytest.mark.parametrize("version", [3, 4, 99])
async def test_a_gap_in_a_stream_is_a_conflict(database, tenant, version):
    """A stream's versions follow each other."""
    stream = uuid4()
    await append(database, tenant, recording(stream))
    assert await append(database, tenant, recording(stream, version)) == [Conflict()]


async def test_a_new_stream_begins_at_its_first_version(database, tenant):
    """A stream that does not exist has no second event."""
    assert await append(database, tenant, recording(version=2)) == [Conflict()]


async def test_a_used_key_answers_with_the_first_answer(database, tenant):
    """The same key gives the original answer, position and version; nothing is appended."""
    principal, stream = uuid4(), uuid4()
    first = recording(stream, events=3, idempotency=keyed(principal=principal, response=b"first"))
    again = recording(idempotency=keyed(principal=principal, response=b"second"))
    assert await append(database, tenant, recording(), first) == [Appended(1, 1), Appended(2, 4)]
    assert await append(database, tenant, again) == [Replayed(b"hash", 201, b"first", 4, 3)]
    assert len(await everything(database, tenant)) == 4


async def test_a_key_belongs_to_its_principal(database, tenant):
    """Another principal's use of the same key is another use."""
    assert await append(database, tenant, recording(idempotency=keyed()), recording(idempotency=keyed())) == [
        Appended(1, 1),
        Appended(2, 2),
    ]


async def test_a_key_belongs_to_its_tenant(database, tenant, tenant_factory):
    """The same principal and key in another tenant is another use."""
    other, key = await tenant_factory(), keyed()
    await append(database, tenant, recording(idempotency=key))
    assert await append(database, other, recording(idempotency=key)) == [Appended(1, 1)]


async def test_a_key_wins_over_a_conflict(database, tenant):
    """A repeated request is answered as before although its stream has moved on."""
    stream, key = uuid4(), keyed()
    await append(database, tenant, recording(stream, idempotency=key))
    [outcome] = await append(database, tenant, recording(stream, idempotency=key))
    assert isinstance(outcome, Replayed)


async def test_the_key_keeps_the_position_among_those_without(database, tenant):
    """Recordings without a key before it count towards its position, refused ones do not."""
    key = keyed()
    await append(database, tenant, recording(events=2), recording(version=5), recording(events=3, idempotency=key))
    assert await append(database, tenant, recording(idempotency=key)) == [Replayed(b"hash", 201, b"answer", 5, 3)]


async def test_a_change_of_configuration_makes_older_decisions_stale(database, tenant):
    """The epoch grows with a configuring recording; what was decided before starts over."""
    assert await append(database, tenant, recording(epoch=1, configures=True)) == [Appended(1, 1)]
    assert await append(database, tenant, recording(epoch=1)) == [Stale(2)]
    assert await append(database, tenant, recording(epoch=2)) == [Appended(2, 2)]


async def test_a_refused_change_of_configuration_changes_nothing(database, tenant):
    """Only an appended recording moves the epoch; one that configures is alone in its batch."""
    assert await append(database, tenant, recording(version=9, configures=True)) == [Conflict()]
    assert await ledger_position(database, tenant) == (0, 1)


async def test_deadlines_are_set_moved_and_cleared_with_the_events(database, tenant):
    """What a stream owes changes in the transaction of the event that changes it."""
    stream = uuid4()
    later = NOON + timedelta(days=5)
    first = DueDeadline(stream, "answer", NOON, "complaint", b"one")
    other = DueDeadline(stream, "close", NOON, "complaint", b"two")
    moved = DueDeadline(stream, "answer", later, "complaint", b"three")
    await append(database, tenant, recording(stream, due=[first, other]))
    assert [row[1:] for row in await rows(database, tenant, DEADLINES, tenant)] == [
        ("answer", NOON, "complaint", b"one", None),
        ("close", NOON, "complaint", b"two", None),
    ]
    await append(database, tenant, recording(stream, 2, due=[moved], cleared=[(stream, "close")]))
    assert await rows(database, tenant, DEADLINES, tenant) == [(stream, "answer", later, "complaint", b"three", None)]


async def test_a_refused_recording_clears_no_deadline(database, tenant):
    """A deadline goes only with the event that settles it."""
    stream = uuid4()
    await append(database, tenant, recording(stream, due=[DueDeadline(stream, "answer", NOON, "complaint", b"{}")]))
    await append(database, tenant, recording(stream, cleared=[(stream, "answer")]))
    assert len(await rows(database, tenant, DEADLINES, tenant)) == 1


async def test_stored_bytes_are_the_given_bytes(database, tenant):
    """What is hashed is what is stored: no byte of an event or its metadata is changed on the way."""
    state = bytes(range(256)) + '{"name":"考核\\u0000"}'.encode()
    given = recording(state=state)
    await append(database, tenant, given)
    [row] = await everything(database, tenant)
    assert hashlib.sha256(row.state).digest() == hashlib.sha256(state).digest()
    assert row.metadata == given.metadata
    assert (row.topic, row.recorded_at, row.position) == ("tested.happened", NOON, 1)


async def test_a_tenant_that_does_not_exist_takes_nothing(database):
    """There is no ledger to append to."""
    with pytest.raises(asyncpg.NoDataFoundError):
        await append(database, uuid4(), recording())


async def test_tenants_count_for_themselves(database, tenant, tenant_factory):
    """Each tenant has an order of its own, also for the same stream id."""
    other, stream = await tenant_factory(), uuid4()
    assert await append(database, tenant, recording(stream, events=2)) == [Appended(1, 2)]
    assert await append(database, other, recording(stream)) == [Appended(1, 1)]
