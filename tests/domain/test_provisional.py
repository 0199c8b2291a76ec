"""Limits over days of a year whose calendar is not known: provisional, and counted anew once it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar, statutory
from domain.complaint import COMPLAINT
from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import same_day
from domain.rules.r11 import default_values
from tests.domain.complaint_given import SHANGHAI, Case, of

REST_2026, WORK_2026 = statutory(2026)
KNOWN = frozenset({2025, 2026})
OPEN = Calendar(holidays=REST_2026, makeup_days=WORK_2026, complete_years=KNOWN)
"""2026 as announced; of 2027 nothing is known, and 1 January counts as the Friday that it is."""


def published(*rest, work=()):
    """The calendar once 2027 is known."""
    return Calendar(
        holidays=REST_2026 | frozenset(rest), makeup_days=WORK_2026 | frozenset(work), complete_years=KNOWN | {2027}
    )


NEW_YEAR = published(date(2027, 1, 1), work=(date(2027, 1, 2), date(2027, 1, 3)))
"""A made-up arrangement: New Year rests, the weekend after it works."""


def clock(year, month, day, hour=9, minute=0, second=0):  # noqa: PLR0917 - a date and a time
    """An instant on the office's clock."""
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


EVE = clock(2026, 12, 31)


def case_over(now=EVE, calendar=OPEN, **values):
    """A complaint of that moment which is settled a day later than usual, so that its limit lies in the next year."""
    return Case(now=now, calendar=calendar, **{"settle_days": 1, **values})


def rederived(case, calendar):
    """Count a case's limits anew under another calendar; the events."""
    case.calendar = calendar
    return case.send(c.RederiveLimits(year=2027), person=None)


@pytest.mark.parametrize(
    ("first", "last", "unknown"),
    [
        (date(2026, 12, 30), date(2026, 12, 31), ()),
        (date(2026, 12, 31), date(2027, 1, 1), (2027,)),
        (date(2027, 5, 1), date(2028, 1, 1), (2027, 2028)),
        (date(2024, 12, 31), date(2025, 1, 1), (2024,)),
    ],
)
def test_a_calendar_knows_which_years_it_does_not_know(first, last, unknown):
    """Every year that a span touches counts; where it is no question, none does."""
    assert OPEN.unknown_years(first, last) == unknown
    assert Calendar().unknown_years(first, last) == ()


@pytest.mark.clause("R11.2.1")
def test_a_limit_within_a_known_year_is_certain():
    """Also on the year's last day."""
    limit = Case(now=EVE, calendar=OPEN).state.limit
    assert (limit.due_on, limit.provisional, limit.unknown_years) == (date(2026, 12, 31), False, ())


@pytest.mark.clause("R11.2.1")
def test_a_limit_over_the_new_year_is_provisional_and_says_so():
    """The year it rests on stands beside the date, in the event and in the state."""
    case = case_over()
    [lodged] = of(case.events, e.ComplaintLodged)
    for limit in (lodged.limit, case.state.limit):
        assert (limit.due_on, limit.provisional, limit.unknown_years) == (date(2027, 1, 1), True, (2027,))


@pytest.mark.clause("R11.2.1")
def test_where_rest_days_count_no_calendar_is_needed():
    """By the other reading every day is as good as any, and nothing is provisional."""
    case = case_over(rest_day="counts")
    assert not case.state.limit.provisional
    assert not case.state.next_level.provisional


@pytest.mark.clause("R11.2.1")
def test_a_year_that_was_known_all_along_makes_nothing_provisional():
    """The same complaint under the published calendar has its final limit at once."""
    limit = case_over(calendar=NEW_YEAR).state.limit
    assert (limit.due_on, limit.provisional) == (date(2027, 1, 2), False)


@pytest.mark.clause("R11.2.1")
@pytest.mark.parametrize(
    ("calendar", "due_on"),
    [
        (published(date(2027, 1, 1)), date(2027, 1, 4)),
        (NEW_YEAR, date(2027, 1, 2)),
        (published(), date(2027, 1, 1)),
    ],
    ids=["later", "make-up day", "same"],
)
def test_publication_moves_a_limit_to_its_day(calendar, due_on):
    """Later over the holiday, to a make-up day, or nowhere; certain from then on, and what was stands beside it."""
    case = case_over()
    [event] = rederived(case, calendar)
    assert (event.year, event.previous_limit.due_on, event.limit.due_on) == (2027, date(2027, 1, 1), due_on)
    assert (case.state.limit.due_on, case.state.limit.provisional) == (due_on, False)
    assert case.state.limit.due_by == calendar.end_of_day(due_on)
    assert rederived(case, calendar) == []


@pytest.mark.clause("R11.2.1")
def test_publication_may_move_a_limit_earlier():
    """A Saturday that nobody knew to be a working day."""
    case = case_over(now=clock(2027, 1, 2), settle_days=0)
    assert case.state.limit.due_on == date(2027, 1, 4)
    rederived(case, NEW_YEAR)
    assert case.state.limit.due_on == date(2027, 1, 2)


@pytest.mark.clause("R11.2.1", "R11.2.2")
def test_a_limit_moved_into_the_past_passes_at_once_and_once():
    """Published on the Sunday, the complaint was due on the Saturday: it is late, and that is recorded once."""
    case = case_over(now=clock(2027, 1, 2), settle_days=0)
    case.assign()
    case.until(clock(2027, 1, 3, 12))
    assert of(case.events, e.ComplaintLate) == []
    rederived(case, NEW_YEAR)
    case.until(clock(2027, 1, 6))
    assert [event.due_on for event in of(case.events, e.ComplaintLate)] == [date(2027, 1, 2)]


@pytest.mark.clause("R11.2.1", "R11.2.2")
def test_a_limit_moved_later_does_not_pass_at_its_old_time():
    """To the last second of the new day it is in time, the second after it is late, once."""
    case = case_over()
    case.assign()
    rederived(case, published(date(2027, 1, 1)))
    case.until(clock(2027, 1, 4, 23, 59, 59))
    assert of(case.events, e.ComplaintLate) == []
    case.until(clock(2027, 1, 10))
    [late] = of(case.events, e.ComplaintLate)
    assert late.due_by == clock(2027, 1, 5, 0)


@pytest.mark.clause("R11.2.2")
def test_what_was_overdue_when_the_calendar_came_stays_so():
    """The lateness and its fine stand; what is counted anew says that they do."""
    case = case_over()
    case.assign()
    case.until(clock(2027, 1, 2, 12))
    assert len(of(case.events, e.ComplaintLate)) == len(of(case.events, e.ComplaintFined)) == 1
    events = rederived(case, published(date(2027, 1, 1)))
    assert case.state.late == ("no_notice",)
    assert [event.lateness_stands for event in events] in ([], [True])
    case.until(clock(2027, 1, 10))
    assert len(of(case.events, e.ComplaintLate)) == len(of(case.events, e.ComplaintFined)) == 1


@pytest.mark.clause("R11.2.1")
def test_each_reminder_is_sent_once_whichever_way_the_limit_moves():
    """One that was sent for the old day is not sent for the new one; the others come at their new times."""
    case = case_over()
    first, *others = sorted(case.state.limit.reminders, key=lambda one: one.due_at)
    case.until(first.due_at)
    rederived(case, published(date(2027, 1, 1)))
    moved = clock(2027, 1, 5, 0) - clock(2027, 1, 2, 0)
    left = sorted(case.state.limit.reminders, key=lambda one: one.due_at)
    assert [one.due_at for one in left] == [one.due_at + moved for one in others]
    case.until(clock(2027, 1, 10))
    sent = [(event.signal, event.before_minutes) for event in of(case.events, e.ComplaintReminded)]
    assert len(sent) == len(set(sent)) == 1 + len(others)


@pytest.mark.clause("R11.2.3")
def test_the_ladders_next_step_is_counted_anew_from_where_its_time_began():
    """Business hours that turned out to be rest are not counted."""
    case = case_over(now=clock(2026, 12, 31, 17))
    step = case.state.next_level
    assert (step.provisional, step.due_at.astimezone(SHANGHAI).date()) == (True, date(2027, 1, 1))
    rederived(case, published(date(2027, 1, 1)))
    anew = case.state.next_level
    assert (anew.provisional, anew.due_at - step.due_at) == (False, timedelta(days=3))
    case.until(clock(2027, 1, 4, 18))
    assert [event.level for event in of(case.events, e.ComplaintEscalated)] == [1, 2, 3]


@pytest.mark.clause("R11.2.2")
def test_a_promise_over_the_new_year_is_counted_anew_with_the_step_after_it():
    """The promised day stays what the customer was told; the limit rolls from it, and the ladder with the limit."""
    case = case_over(settle_days=0)
    case.work()
    case.send(c.PromiseDate(promised_for=date(2027, 1, 1), told_how="电话"))
    assert (case.state.limit.basis, case.state.limit.provisional) == ("promise", True)
    assert case.state.next_level.after_promise
    rederived(case, published(date(2027, 1, 1)))
    assert case.state.promised_for == date(2027, 1, 1)
    assert (case.state.limit.due_on, case.state.limit.provisional) == (date(2027, 1, 4), False)
    fresh = Case(now=EVE, calendar=published(date(2027, 1, 1)))
    fresh.work()
    fresh.send(c.PromiseDate(promised_for=date(2027, 1, 1), told_how="电话"))
    assert case.state.next_level.due_at == fresh.state.next_level.due_at


@pytest.mark.clause("R11.2.1")
def test_a_pause_over_the_publication_resumes_with_the_time_that_is_left_now():
    """Paused with a provisional limit, counted anew meanwhile, resumed: as if the calendar had been known."""
    limits = []
    for known_before in (True, False):
        case = case_over(calendar=published(date(2027, 1, 1)) if known_before else OPEN)
        case.work()
        case.until(clock(2026, 12, 31, 12))
        case.send(c.PauseComplaint(reason="等客户"))
        case.until(clock(2026, 12, 31, 18))
        if not known_before:
            rederived(case, published(date(2027, 1, 1)))
        case.send(c.ResumeComplaint())
        limits.append(case.state.limit.due_by)
    assert limits[0] == limits[1]


@pytest.mark.clause("R11.2.1")
def test_a_closed_complaint_has_nothing_to_count():
    """Nothing happens to it, whatever is published."""
    case = case_over()
    case.send(c.WithdrawComplaint(reason="已解决"))
    assert rederived(case, NEW_YEAR) == []


@pytest.mark.clause("R11.2.1")
def test_a_year_withdrawn_before_its_complaints_were_told_is_waited_for_again():
    """Told of a calendar that is unknown again, the complaint says that it still waits, once a telling."""
    case = case_over()
    before = case.state
    [event] = rederived(case, OPEN)
    assert (event.limit, event.previous_limit) == (before.limit, before.limit)
    assert case.state == before


minutes = st.integers(0, 14 * 24 * 60)
rests = st.frozensets(st.integers(1, 12), max_size=6).map(lambda days: [date(2027, 1, day) for day in days])
works = st.frozensets(st.integers(1, 12), max_size=3).map(lambda days: [date(2027, 1, day) for day in days])
values = st.fixed_dictionaries(
    {
        "settle_days": st.integers(0, 3),
        "day_ends": st.sampled_from(["midnight", "close_of_business"]),
        "ladder_clock": st.sampled_from(["working", "running"]),
    }
)


@pytest.mark.clause("R11.2.1", "R11.2.3")
@settings(max_examples=250, deadline=None)
@given(start=minutes, pauses=st.lists(st.tuples(minutes, minutes), max_size=3), rest=rests, work=works, given_=values)
def test_counted_anew_is_as_if_the_calendar_had_been_known(start, pauses, rest, work, given_):
    """Lodged, paused and resumed while the year was unknown, a complaint ends with the limits of one that knew it.

    Unless a limit or a step of the ladder has passed in one of the two: what is recorded stays.
    """
    known = published(*rest, work=[day for day in work if day not in rest])
    now = clock(2026, 12, 25) + timedelta(minutes=start)
    cases = [case_over(now=now, calendar=calendar, **given_) for calendar in (OPEN, known)]
    for case in cases:
        case.work()
        for worked, paused in pauses:
            case.skip(minutes=worked % 600)
            case.send(c.PauseComplaint(reason="等"))
            case.skip(minutes=paused)
            if case.state.pause is not None and case.now >= case.state.pause.ends_at:
                case.until(case.now)
            if case.state.pause is not None:
                case.send(c.ResumeComplaint())
    unknowing, knowing = cases
    rederived(unknowing, known)
    passed = [
        event for case in cases for event in of(case.events, e.ComplaintLate) + of(case.events, e.ComplaintEscalated)
    ]
    if not passed:
        assert unknowing.state.limit.due_by == knowing.state.limit.due_by
        assert unknowing.state.next_level.due_at == knowing.state.next_level.due_at
    for each in (unknowing.state.limit, unknowing.state.next_level):
        assert each is None or not each.provisional


@settings(max_examples=200, deadline=None)
@given(start=st.integers(0, 400 * 24 * 60), days=st.integers(0, 9))
def test_a_limit_is_provisional_exactly_when_a_day_of_its_span_is_unknown(start, days):
    """From the day it was lodged to the day it ends, both included."""
    lodged = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=start)
    rules = replace(default_values(), settle_days=days)
    limit = same_day(lodged, lodged, rules, OPEN)
    span = [limit.counted_from + timedelta(n) for n in range((limit.due_on - limit.counted_from).days + 1)]
    assert limit.provisional == any(day.year not in KNOWN for day in span)
    assert limit.provisional == bool(limit.unknown_years)


def test_what_is_owed_moves_with_the_limit():
    """The deadline keeps its key, so that the store moves it and nothing fires twice."""
    case = case_over()
    before = {owed.key: owed.due_at for owed in COMPLAINT.deadlines(case.state)}
    rederived(case, published(date(2027, 1, 1)))
    after = {owed.key: owed.due_at for owed in COMPLAINT.deadlines(case.state)}
    assert before.keys() == after.keys()
    assert before != after
