"""The auditor's look at the half year finds what it is there for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.complaint import events as e
from tests.domain.story_service import SALES, adopt, lodged
from tests.domain.world import World
from tests.scenarios.half_year.watch import Stored, watch

LODGED_AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
END = LODGED_AT + timedelta(days=30)
STREAM = UUID(int=0xC7)


def due_at(event, level):
    """When what an event tells of was due."""
    if isinstance(event, e.ComplaintLate):
        return event.due_by
    if isinstance(event, e.ComplaintReminded):
        return event.due_by - timedelta(minutes=event.before_minutes)
    return level.due_at


@pytest.fixture
def stream():
    """A complaint that everybody forgot, each thing told at its time."""
    world = World(LODGED_AT)
    adopt(world)
    world.send("complaint", STREAM, lodged(SALES))
    world.advance(END)
    events = [event for noun, _, _, event in world.log if noun == "complaint"]
    found, level = [Stored(events[0], LODGED_AT)], events[0].next_level
    for event in events[1:]:
        found.append(Stored(event, due_at(event, level)))
        if isinstance(event, e.ComplaintEscalated):
            level = event.next_level
    return found


def place_of(stream, kind):
    """Where the first event of a kind stands."""
    return next(place for place, one in enumerate(stream) if isinstance(one.event, kind))


def test_nothing_is_found_where_all_was_told(stream):
    """The limit, both reminders and three levels were told in time."""
    seen = watch(stream, END)

    assert seen.faults == []
    assert seen.fired == 6


@pytest.mark.parametrize("kind", [e.ComplaintLate, e.ComplaintEscalated])
def test_what_was_never_told_is_missed(stream, kind):
    """A limit or level that passed in silence."""
    left_out = [one for one in stream if not isinstance(one.event, kind)]

    assert any("had not been told" in fault for fault in watch(left_out, END).faults)


@pytest.mark.parametrize("by", [timedelta(seconds=-1), timedelta(days=1)])
@pytest.mark.parametrize("kind", [e.ComplaintLate, e.ComplaintEscalated, e.ComplaintReminded])
def test_what_was_told_early_or_long_after_is_found(stream, kind, by):
    """A second too early, or a day too late."""
    place = place_of(stream, kind)
    stream[place] = Stored(stream[place].event, stream[place].recorded_at + by)

    assert any("was told at" in fault for fault in watch(stream, END).faults)


@pytest.mark.parametrize("kind", [e.ComplaintLate, e.ComplaintReminded])
def test_what_was_told_twice_is_found(stream, kind):
    """The same limit or reminder again."""
    stream.insert(place_of(stream, kind), stream[place_of(stream, kind)])

    assert any("was told twice" in fault for fault in watch(stream, END).faults)
