"""What waits for a year's calendar is told once the calendar is known: each stream once, in bounded chunks."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.calendar import Calendar
from domain.calendar_watch import (
    CALENDAR_WATCH,
    CHUNK,
    PublishYear,
    StreamsTold,
    StreamWatched,
    TellMore,
    WatchStream,
    YearPublished,
    watch_id,
)
from domain.complaint.commands import RederiveLimits
from domain.kernel import Actor, Cause, Context, Refusal
from domain.organisation.messages import CalendarSet, StatutoryYearAdopted
from domain.reactions import calendars

CONTEXT = Context(actor=Actor(kind="system"), now=datetime(2026, 12, 1, tzinfo=UTC), calendar=Calendar())
WATCH = watch_id(2027)


def send(state, *commands):
    """Decide and fold commands; the state after them and their events."""
    caused = []
    for command in commands:
        events = CALENDAR_WATCH.decide(state, command, CONTEXT)
        state = CALENDAR_WATCH.fold(state, events)
        caused += events
    return state, caused


def waiting(count):
    """A watch for which so many complaints wait."""
    commands = (WatchStream(year=2027, noun="complaint", stream_id=UUID(int=n)) for n in range(count))
    return send(None, *commands)[0]


def test_a_stream_waits_once():
    """Registered by several of its events, it stands there once."""
    again = WatchStream(year=2027, noun="complaint", stream_id=UUID(int=0))
    state, events = send(None, again, again)
    assert events == [StreamWatched(year=2027, noun="complaint", stream_id=UUID(int=0))]
    assert state.status == "waiting"


def test_a_year_for_which_nothing_waits_leaves_no_trace():
    """Nothing is recorded of a publication that concerns nobody, or nobody any more."""
    assert send(None, PublishYear(year=2027))[1] == []
    state, _ = send(waiting(1), PublishYear(year=2027))
    assert send(state, PublishYear(year=2027), TellMore())[1] == []


@pytest.mark.parametrize("count", [1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_all_are_told_once_in_chunks(count):
    """However many wait, no event names more than a chunk, and together they name each once."""
    state, events = send(waiting(count), PublishYear(year=2027))
    assert events[0] == YearPublished(year=2027, waiting=count)
    while events[-1].left:
        state, more = send(state, TellMore())
        events += more
    told = [stream.stream_id for event in events[1:] for stream in event.streams]
    assert sorted(told) == [UUID(int=n) for n in range(count)]
    assert all(0 < len(event.streams) <= CHUNK for event in events[1:])
    assert (state.status, state.waiting) == ("published", {})


def test_whoever_comes_after_a_publication_waits_for_the_next():
    """The calendar was withdrawn; those that come then are told by the next publication, and by it alone."""
    state, _ = send(waiting(1), PublishYear(year=2027), WatchStream(year=2027, noun="complaint", stream_id=UUID(int=7)))
    assert state.status == "waiting"
    assert send(state, TellMore())[1] == []
    assert send(state, PublishYear(year=2027))[1][1].streams[0].stream_id == UUID(int=7)


def test_a_watch_is_of_one_year():
    """What belongs to another year's is refused."""
    with pytest.raises(Refusal) as caught:
        send(waiting(1), PublishYear(year=2028))
    assert caught.value.code == "other_year"


def test_a_publication_reaches_the_watch_of_each_year_that_is_new():
    """By the organisation's own declaration, or by an announced year taken over; years known before are left alone."""
    days = {"holidays": (), "makeup_days": ()}
    own = CalendarSet(use_statutory=True, **days, complete_years=(2027, 2028), newly_known=(2028,))
    announced = StatutoryYearAdopted(year=2027, source_zh="通知", source_en="notice", **days, newly_known=(2027,))
    cause = Cause(stream_id=UUID(int=1), stream_version=3, position=3)
    for event, year in ((own, 2028), (announced, 2027)):
        [sent] = calendars.publish_years(event, cause)
        assert (sent.noun, sent.stream_id, sent.command) == ("calendar_watch", watch_id(year), PublishYear(year=year))
    known = StatutoryYearAdopted(year=2026, source_zh="通知", source_en="notice", **days, newly_known=())
    assert calendars.publish_years(known, cause) == ()


def test_each_stream_told_counts_anew_and_the_rest_is_told_next():
    """A command a stream, and one to the watch while there are others."""
    _, events = send(waiting(CHUNK + 1), PublishYear(year=2027))
    [told] = [event for event in events if isinstance(event, StreamsTold)]
    *each, more = calendars.rederive(told, Cause(stream_id=WATCH, stream_version=200, position=300))
    assert [(one.noun, one.stream_id) for one in each] == [("complaint", UUID(int=n)) for n in range(CHUNK)]
    assert {one.command for one in each} == {RederiveLimits(year=2027)}
    assert (more.noun, more.stream_id, more.command) == ("calendar_watch", WATCH, TellMore())
