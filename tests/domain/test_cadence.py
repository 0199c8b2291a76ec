"""The windows of a cadence: whole, in order, disjoint, whatever the month, shift, holiday or zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cadence import MONTHS, Cadence, Shift, faults, next_window, windows
from domain.calendar import Calendar, known_years, statutory

ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe")
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
instants = st.builds(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours), st.integers(0, 43_000))
calendars = st.builds(
    Calendar,
    timezone=st.sampled_from(ZONES),
    holidays=st.frozensets(days, max_size=40),
    makeup_days=st.frozensets(days, max_size=20),
)
NIGHT = (Shift(time(6), time(14)), Shift(time(14), time(22)), Shift(time(22), time(6)))
SPLIT = (Shift(time(2, 30), time(2, 50)), Shift(time(3), time(12)))
cadences = st.one_of(
    st.builds(Cadence, kind=st.just("daily"), rest_days=st.sampled_from(["counts", "skipped"])),
    st.builds(
        Cadence,
        kind=st.just("shift"),
        shifts=st.sampled_from([NIGHT, SPLIT]),
        rest_days=st.sampled_from(["counts", "skipped"]),
    ),
    st.builds(
        Cadence,
        kind=st.just("every_days"),
        days=st.integers(1, 40),
        counting=st.sampled_from(["rolling", "blocks"]),
        rest_days=st.sampled_from(["counts", "skipped", "next_working_day"]),
    ),
    st.builds(
        Cadence,
        kind=st.just("weekly"),
        weekdays=st.sets(st.integers(1, 7)).map(sorted).map(tuple),
        rest_days=st.sampled_from(["counts", "skipped", "next_working_day"]),
    ).filter(lambda cadence: not faults(cadence)),
    st.builds(
        Cadence,
        kind=st.sampled_from(sorted(MONTHS)),
        working_day=st.integers(0, 20),
        rest_days=st.sampled_from(["counts", "skipped", "next_working_day"]),
    ),
)


def china():
    """The statutory calendar of all shipped years."""
    pairs = [statutory(year) for year in known_years()]
    return Calendar(
        holidays=frozenset().union(*(holidays for holidays, _ in pairs)),
        makeup_days=frozenset().union(*(makeup for _, makeup in pairs)),
    )


def spans(cadence, begin, end, *, begun_on=date(2026, 1, 1), calendar=None):
    """First and last day of each window that opens between two dates."""
    calendar = calendar or china()
    found = windows(cadence, calendar, begun_on, calendar.at(begin, time.min), calendar.at(end, time.min))
    return [(window.first_on.isoformat()[5:], window.last_on.isoformat()[5:]) for window in found]


@settings(deadline=None)
@given(cadences, calendars, days, instants)
def test_windows_stand_in_order_and_never_overlap(cadence, calendar, begun_on, begin):
    """Each has a length and a key of its own, and none opens before the one before it has closed."""
    found = windows(cadence, calendar, begun_on, begin, begin + timedelta(days=70))
    assert faults(cadence) == ()
    assert all(window.opens_at < window.closes_at for window in found)
    assert all(earlier.closes_at <= later.opens_at for earlier, later in pairwise(found))
    assert len({window.key for window in found}) == len(found)


@settings(deadline=None)
@given(cadences, calendars, days, instants, st.integers(0, 90))
def test_where_one_begins_to_look_changes_no_window(cadence, calendar, begun_on, begin, later):
    """A window is the same whether it is found on the way or looked up anew."""
    if cadence.kind == "every_days" and cadence.counting == "rolling":
        return
    end = begin + timedelta(days=140)
    found = windows(cadence, calendar, begun_on, begin, end)
    moment = begin + timedelta(days=later)
    assert windows(cadence, calendar, begun_on, moment, end) == tuple(one for one in found if one.opens_at >= moment)


@settings(deadline=None)
@given(cadences, calendars, days, instants)
def test_without_rest_days_and_shifts_no_time_is_left_out(cadence, calendar, begun_on, begin):
    """Where every day counts and the window is the whole period, each window opens as the one before it closes."""
    if cadence.rest_days != "counts" or cadence.kind == "shift" or cadence.weekdays or cadence.working_day:
        return
    found = windows(cadence, calendar, begun_on, begin, begin + timedelta(days=100))
    assert all(earlier.closes_at == later.opens_at for earlier, later in pairwise(found))


@settings(deadline=None)
@given(cadences, calendars, days, instants)
def test_a_window_that_rolls_ends_with_a_working_day(cadence, calendar, begun_on, begin):
    """By ``next_working_day`` nobody owes anything by the end of a rest day."""
    found = windows(cadence, calendar, begun_on, begin, begin + timedelta(days=60))
    if cadence.rest_days == "next_working_day":
        assert all(calendar.is_working_day(window.last_on) for window in found)
    if cadence.rest_days == "skipped" and cadence.kind in ("daily", "shift"):
        assert all(calendar.is_working_day(window.first_on) for window in found)


@pytest.mark.clause("R12.5.1")
def test_a_daily_duty_knows_every_day_of_a_leap_february():
    """2028 has a 29th of February; it is a day like any other."""
    found = spans(Cadence(kind="daily"), date(2028, 2, 27), date(2028, 3, 2))
    assert [first for first, _ in found] == ["02-27", "02-28", "02-29", "03-01"]


def test_a_daily_duty_that_skips_rest_days_works_on_make_up_days():
    """Around the first of May: the holiday has no window, the make-up Saturday has one."""
    calendar = Calendar(
        holidays=frozenset(date(2026, 5, n) for n in (1, 4, 5)), makeup_days=frozenset({date(2026, 5, 9)})
    )
    found = spans(Cadence(kind="daily", rest_days="skipped"), date(2026, 4, 30), date(2026, 5, 11), calendar=calendar)
    assert [first for first, _ in found] == ["04-30", "05-06", "05-07", "05-08", "05-09"]


@pytest.mark.clause("R12.5.1")
def test_blocks_of_three_days_run_across_the_end_of_a_month():
    """Fixed blocks are counted from the first day, whatever the month."""
    cadence = Cadence(kind="every_days", days=3, counting="blocks")
    found = spans(cadence, date(2026, 2, 26), date(2026, 3, 6), begun_on=date(2026, 2, 26))
    assert found == [("02-26", "02-28"), ("03-01", "03-03"), ("03-04", "03-06")]


@pytest.mark.clause("R12.5.1")
def test_three_rolling_days_are_counted_from_the_last_time():
    """Done on the 28th at noon, it is due again by the 3rd of March; missed, the next three days follow at once."""
    calendar, cadence = china(), Cadence(kind="every_days", days=3, counting="rolling")
    done_at = calendar.at(date(2026, 2, 28), time(12))
    following = next_window(cadence, calendar, date(2026, 1, 1), done_at)
    assert (following.first_on, following.last_on) == (date(2026, 3, 1), date(2026, 3, 3))
    missed = next_window(cadence, calendar, date(2026, 1, 1), following.closes_at)
    assert (missed.first_on, missed.last_on) == (date(2026, 3, 4), date(2026, 3, 6))


@pytest.mark.clause("R11.1.3")
def test_mondays_and_thursdays_of_a_holiday_are_one_window_on_the_next_working_day():
    """In the first week of October 2026 nobody works: what was due then is due on the 8th, once."""
    cadence = Cadence(kind="weekly", weekdays=(1, 4), rest_days="next_working_day")
    assert spans(cadence, date(2026, 9, 28), date(2026, 10, 13)) == [
        ("09-28", "09-28"),
        ("10-01", "10-08"),
        ("10-12", "10-12"),
    ]
    skipping = Cadence(kind="weekly", weekdays=(1, 4), rest_days="skipped")
    assert spans(skipping, date(2026, 9, 28), date(2026, 10, 13)) == [
        ("09-28", "09-28"),
        ("10-08", "10-08"),
        ("10-12", "10-12"),
    ]


def test_a_week_without_named_days_is_the_whole_week():
    """It begins with Monday and ends with Sunday."""
    assert spans(Cadence(kind="weekly"), date(2026, 3, 2), date(2026, 3, 16)) == [
        ("03-02", "03-08"),
        ("03-09", "03-15"),
    ]


@pytest.mark.clause("R15.5.1.3.2")
def test_the_nth_working_day_of_a_month_passes_over_holidays():
    """By the 5th working day: in October 2026 that is the 13th, for the holidays and a make-up Saturday are counted."""
    cadence = Cadence(kind="monthly", working_day=5)
    found = spans(cadence, date(2026, 9, 1), date(2026, 11, 1))
    expected, calendar = date(2026, 9, 30), china()
    for _ in range(5):
        expected = calendar.roll_forward(expected + timedelta(days=1))
    assert found == [("09-01", "09-07"), ("10-01", expected.isoformat()[5:])]
    assert expected == date(2026, 10, 13)


def test_quarters_halves_and_years_begin_with_the_year():
    """Longer periods are those of the calendar."""
    year = date(2026, 1, 1), date(2027, 1, 1)
    assert [first for first, _ in spans(Cadence(kind="quarterly"), *year)] == ["01-01", "04-01", "07-01", "10-01"]
    assert spans(Cadence(kind="half_yearly"), *year) == [("01-01", "06-30"), ("07-01", "12-31")]
    assert spans(Cadence(kind="yearly"), *year) == [("01-01", "12-31")]


@pytest.mark.clause("R12.5.1")
def test_a_night_shift_belongs_to_the_day_it_begins_on():
    """Three shifts a day leave no gap; the last ends in the next morning."""
    calendar = china()
    cadence = Cadence(kind="shift", shifts=NIGHT)
    found = windows(
        cadence,
        calendar,
        date(2026, 1, 1),
        calendar.at(date(2026, 2, 28), time(6)),
        calendar.at(date(2026, 3, 1), time(6)),
    )
    assert [window.key for window in found] == ["2026-02-28T06:00", "2026-02-28T14:00", "2026-02-28T22:00"]
    assert found[-1].closes_at == calendar.at(date(2026, 3, 1), time(6))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_is_as_long_as_the_clock_makes_it(day, hours):
    """In Berlin the day of a change of the clocks has 23 or 25 hours, and its window as many."""
    calendar = Calendar(timezone="Europe/Berlin")
    window = next_window(Cadence(kind="daily"), calendar, day, calendar.at(day, time.min))
    assert window.closes_at - window.opens_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("cadence", "field"),
    [
        (Cadence(kind="shift"), "shifts"),
        (Cadence(kind="daily", shifts=NIGHT), "shifts"),
        (Cadence(kind="shift", shifts=(NIGHT[1], NIGHT[0])), "shifts"),
        (Cadence(kind="shift", shifts=(Shift(time(8), time(12)), Shift(time(11), time(15)))), "shifts"),
        (Cadence(kind="shift", shifts=(Shift(time(8), time(9)), Shift(time(22), time(8, 30)))), "shifts"),
        (Cadence(kind="shift", shifts=(Shift(time(8, tzinfo=UTC), time(9)),)), "shifts"),
        (Cadence(kind="daily", weekdays=(1,)), "weekdays"),
        (Cadence(kind="weekly", weekdays=(4, 1)), "weekdays"),
        (Cadence(kind="weekly", working_day=3), "working_day"),
        (Cadence(kind="daily", rest_days="next_working_day"), "rest_days"),
        (Cadence(kind="weekly", weekdays=(6, 7), rest_days="skipped"), "rest_days"),
    ],
)
def test_a_senseless_cadence_is_named(cadence, field):
    """What does not fit together is found at its field."""
    assert faults(cadence) == (field,)
