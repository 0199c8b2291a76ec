"""Limits of a case over days of a year whose calendar is not known: provisional, and counted anew once it is."""

from datetime import UTC, date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accountability import ACCOUNTABILITY_CASE
from domain.accountability import aftermath as a
from domain.accountability import events_time as t
from domain.accountability.words import Clock
from domain.calendar import Calendar
from domain.calendar_watch import WatchStream, watch_id
from domain.kernel import Cause
from domain.reactions import calendars
from tests.domain.accountability_given import HOLIDAYS, MAKEUP, SHANGHAI, STREAM, Case, anonymous, at

KNOWN = frozenset({2025, 2026})
OPEN = Calendar(holidays=HOLIDAYS, makeup_days=MAKEUP, complete_years=KNOWN)


def published(*rest, work=()):
    """The calendar once 2027 is known."""
    return Calendar(
        holidays=HOLIDAYS | frozenset(rest), makeup_days=MAKEUP | frozenset(work), complete_years=KNOWN | {2027}
    )


def case_over(calendar=OPEN, now=None, days=5):
    """A case reported on the last working days of the year, to be verified within so many working days."""
    return Case(now=now or at(12, 28), calendar=calendar, verification_days=days)


def rederived(case, calendar):
    """Count a case's limits anew under another calendar; the events."""
    case.calendar = calendar
    return case.send(None, a.RederiveStages(year=2027), kind="system")


def verification(case):
    """The limit of the verification."""
    return case.state.clocks["verification"]


def of(case, kind):
    """The case's events of a kind."""
    return [event for event in case.events if isinstance(event, kind)]


@pytest.mark.clause("R4.14")
def test_a_limit_over_the_new_year_is_provisional_and_says_so():
    """Five working days from 28 December end on Monday 4 January as far as anybody knows."""
    clock = verification(case_over())
    assert (clock.due_on, clock.provisional, clock.unknown_years) == (date(2027, 1, 4), True, (2027,))
    assert not verification(case_over(days=3)).provisional


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize(
    ("calendar", "due_on"),
    [
        (published(date(2027, 1, 1)), date(2027, 1, 5)),
        (published(work=(date(2027, 1, 2),)), date(2027, 1, 2)),
        (published(), date(2027, 1, 4)),
    ],
    ids=["later", "earlier", "same"],
)
def test_publication_moves_a_limit_to_its_day(calendar, due_on):
    """Later over a holiday, earlier by a make-up day, or nowhere; certain from then on, once."""
    case = case_over()
    [event] = rederived(case, calendar)
    [moved] = event.clocks
    assert (moved.before.due_on, moved.after.due_on, moved.after.provisional) == (date(2027, 1, 4), due_on, False)
    assert verification(case) == moved.after
    assert verification(case).due_at == calendar.end_of_day(due_on)
    assert rederived(case, calendar) == []


@pytest.mark.clause("R4.14")
def test_a_limit_fires_once_at_its_new_time():
    """In the last second of the new day it is in time, a second later it is overdue; reminders come once each."""
    case = case_over()
    case.until(at(12, 31, 12))
    rederived(case, published(date(2027, 1, 1)))
    case.until(at(12, 31).replace(year=2027, month=1, day=5, hour=23, minute=59, second=59))
    assert of(case, t.StageOverdue) == []
    case.until(at(12, 31).replace(year=2027, month=1, day=6, hour=0))
    assert [event.due_on for event in of(case, t.StageOverdue)] == [date(2027, 1, 5)]
    signals = [event.signal for event in of(case, t.StageReminded)]
    assert len(signals) == len(set(signals))


@pytest.mark.clause("R4.14")
def test_what_was_overdue_when_the_calendar_came_stays_so_and_the_ladder_moves():
    """The overdue event stands; the level after it is told when its days have passed as they are known now."""
    case = case_over(days=3)
    case.until(at(12, 31).replace(year=2027, month=1, day=1, hour=0))
    [late] = of(case, t.StageOverdue)
    before = verification(case).next_level
    assert (late.due_on, before.counted_from, before.provisional) == (date(2026, 12, 31), date(2026, 12, 31), True)
    rederived(case, published(date(2027, 1, 1)))
    after = verification(case).next_level
    days = (after.due_on - before.due_on).days
    assert (days > 0, after.provisional, verification(case).overdue) == (True, False, True)
    case.until(at(12, 31).replace(year=2027, month=2, day=28))
    assert len(of(case, t.StageOverdue)) == 1
    levels = [event.level for event in of(case, t.StageEscalated)]
    assert levels == sorted(set(levels))


@pytest.mark.clause("R4.14")
def test_a_year_withdrawn_before_its_cases_were_told_is_waited_for_again():
    """Told of a calendar that is unknown again, the case says so, and by that waits once more."""
    case = case_over()
    before = case.state
    [event] = rederived(case, OPEN)
    assert case.state == before
    cause = Cause(stream_id=STREAM, stream_version=9, position=9)
    [sent] = calendars.watch_case(event, cause)
    expected = WatchStream(year=2027, noun="accountability_case", stream_id=STREAM)
    assert (sent.noun, sent.stream_id, sent.command) == ("calendar_watch", watch_id(2027), expected)


@pytest.mark.clause("R4.12")
def test_the_hour_of_an_anonymous_report_is_not_to_be_shown():
    """Nor is the receipt's hash; a report in one's own name has its hour."""
    cases = (Case(), Case(anonymous(), kind="ballot_link"))
    hidden = [ACCOUNTABILITY_CASE.day_only(None, case.events[0]) for case in cases]
    assert hidden == [False, True]
    assert ACCOUNTABILITY_CASE.sealed == {"receipt_hash"}


@settings(max_examples=150, deadline=None)
@given(
    start=st.integers(0, 30),
    days=st.integers(1, 40),
    rest=st.frozensets(st.integers(1, 31), max_size=8),
    work=st.frozensets(st.integers(1, 31), max_size=4),
)
@pytest.mark.clause("R4.14")
def test_counted_anew_is_as_if_the_calendar_had_been_known(start, days, rest, work):
    """Limits, reminders and all, whenever it was reported and however long it has."""
    known = published(*(date(2027, 1, day) for day in rest), work=[date(2027, 1, day) for day in work - rest])
    now = at(12, 20) + timedelta(days=start)
    unknowing, knowing = (case_over(calendar, now, days) for calendar in (OPEN, known))
    was_provisional = verification(unknowing).provisional
    events = rederived(unknowing, known)
    assert bool(events) == was_provisional
    assert _plain(verification(unknowing)) == _plain(verification(knowing))


def _plain(clock: Clock):
    reminders = sorted((one.signal, one.due_at.astimezone(UTC)) for one in clock.reminders)
    return clock.due_on, clock.due_at.astimezone(SHANGHAI), clock.provisional, reminders
