"""The asynchronous recorder beyond what the library's own cases show."""

import asyncio
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Tracking,
)

from infra.group_commit import GroupCommit
from infra.recorder import Recorder


def event(stream=None, version=1, topic="tested.happened"):
    """An event as the library stores it."""
    return StoredEvent(stream or uuid4(), version, topic, b"{}")


@pytest.fixture
def recorder(database, tenant):
    """The recorder of one tenant."""
    return Recorder(database, GroupCommit(database), tenant)


@pytest.mark.parametrize("versions", [(1, 3), (2,), (1, 1), (2, 1), (5, 6)])
async def test_a_stream_has_no_gap(recorder, versions):
    """Versions that do not follow each other from the first on are refused together."""
    stream = uuid4()
    with pytest.raises(IntegrityError):
        await recorder.insert_events([event(stream, version) for version in versions])
    assert await recorder.max_notification_id() is None


async def test_events_and_tracking_are_recorded_together_or_not_at_all(recorder):
    """Where the reader had come so far before, its events are not recorded either; nor tracking with a conflict."""
    stream = uuid4()
    assert await recorder.insert_events([event(stream)], tracking=Tracking("upstream", 5)) == [1]
    with pytest.raises(IntegrityError):
        await recorder.insert_events([event()], tracking=Tracking("upstream", 5))
    with pytest.raises(IntegrityError):
        await recorder.insert_events([event(stream)], tracking=Tracking("upstream", 6))
    assert await recorder.max_notification_id() == 1
    assert await recorder.max_tracking_id("upstream") == 5


async def test_two_readers_at_the_same_position_record_once(recorder):
    """Of two that process the same event at once, one is refused with what it wrote."""
    results = await asyncio.gather(
        *(recorder.insert_events([event()], tracking=Tracking("upstream", 1)) for _ in range(5)),
        return_exceptions=True,
    )
    assert sorted(str(type(result).__name__) for result in results) == ["IntegrityError"] * 4 + ["list"]
    assert await recorder.max_notification_id() == 1


async def test_a_stream_may_be_named_in_text(recorder):
    """The library lets an id be text; ours are UUIDs, also written out."""
    stream = uuid4()
    await recorder.insert_events([event(str(stream))])
    assert await recorder.select_events(str(stream)) == await recorder.select_events(stream)
    with pytest.raises(DataError):
        await recorder.select_events("not a uuid")


async def test_what_the_database_cannot_take_is_a_data_error(recorder):
    """Text with a NUL is the caller's mistake."""
    with pytest.raises(DataError):
        await recorder.insert_events([event(topic="nul\0")])


async def test_a_tenant_that_does_not_exist_is_a_programming_error(database):
    """There is nothing to read or append to."""
    nobody = Recorder(database, GroupCommit(database), uuid4())
    with pytest.raises(ProgrammingError):
        await nobody.max_notification_id()


async def test_a_database_that_is_away_is_an_operational_error(recorder, database):
    """The caller may try again later."""
    await database.tenants.close()
    with pytest.raises(OperationalError):
        await recorder.select_events(uuid4())


async def test_a_tenants_recorder_knows_no_other_tenant(recorder, database, tenant_factory):
    """Events, order and tracking are the tenant's own."""
    other = Recorder(database, GroupCommit(database), await tenant_factory())
    stored = event()
    await recorder.insert_events([stored], tracking=Tracking("upstream", 1))
    assert await other.select_events(stored.originator_id) == []
    assert await other.select_notifications(None, 10) == []
    assert await other.max_notification_id() is None
    assert await other.max_tracking_id("upstream") is None


async def test_a_subscription_gives_each_event_once_in_order(recorder):
    """Those recorded before and those to come, of the topics asked for, over more than one batch."""
    for _ in range(3):
        await recorder.insert_events([event(topic=f"topic.{n % 2}") for n in range(400)])
    subscription = recorder.subscribe(gt=10, topics=["topic.1"])
    seen = [(await anext(subscription)).id for _ in range(595)]
    later = asyncio.ensure_future(anext(subscription))
    await recorder.insert_events([event(topic="topic.0"), event(topic="topic.1")])
    assert [*seen, (await later).id] == [*range(12, 1201, 2), 1202]


async def test_a_waiting_subscription_can_be_stopped(recorder):
    """The iteration ends although nothing comes."""
    subscription = recorder.subscribe()
    waiting = asyncio.ensure_future(anext(subscription, None))
    await asyncio.sleep(0.01)
    subscription.stop()
    async with asyncio.timeout(5):
        assert await waiting is None
