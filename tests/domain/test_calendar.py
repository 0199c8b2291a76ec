"""The tenant's days: rest days, periods, ends of days across zones, and the shipped statutory years."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import BASE_YEARS, Calendar, known_years, statutory, statutory_source

ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
calendars = st.builds(
    Calendar,
    timezone=st.sampled_from(ZONES),
    holidays=st.frozensets(days, max_size=60),
    makeup_days=st.frozensets(days, max_size=20),
)


def shipped():
    """A calendar of all shipped statutory years."""
    pairs = [statutory(year) for year in known_years()]
    return Calendar(
        holidays=frozenset().union(*(holidays for holidays, _ in pairs)),
        makeup_days=frozenset().union(*(makeup for _, makeup in pairs)),
    )


@given(calendars, days)
def test_rolling_forward_ends_on_the_first_working_day(calendar, day):
    """Nothing between the day and the result is a working day, and the result is one."""
    rolled = calendar.roll_forward(day)
    assert calendar.is_working_day(rolled)
    assert not any(calendar.is_working_day(day + timedelta(n)) for n in range((rolled - day).days))


@given(calendars, days, st.integers(0, 60))
def test_a_period_of_working_days_holds_exactly_that_many(calendar, day, count):
    """The first day is excluded, the last included."""
    end = calendar.add_working_days(day, count)
    span = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert sum(calendar.is_working_day(each) for each in span) == count


@given(calendars, days, st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(calendar, day, first, second):
    """Two periods in a row are as long as their sum."""
    in_two = calendar.add_working_days(calendar.add_working_days(day, first), second)
    assert in_two == calendar.add_working_days(day, first + second)


@given(calendars, days, st.integers(0, 90))
def test_a_period_of_days_never_ends_on_a_rest_day(calendar, day, count):
    """It ends on its nominal last day or, when that is a rest day, on the next working day."""
    end = calendar.add_days(day, count)
    assert end >= day + timedelta(count)
    assert calendar.is_working_day(end)


@given(calendars, days)
def test_the_end_of_a_day_is_the_first_instant_of_the_next(calendar, day):
    """Just before it is still the day, from it on it is the next, on days of 23, 24 and 25 hours alike."""
    end = calendar.end_of_day(day).astimezone(UTC)
    assert calendar.local_date(end) == day + timedelta(1)
    assert calendar.local_date(end - timedelta(microseconds=1)) == day


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_may_be_shorter_or_longer_where_clocks_change(day, hours):
    """Berlin's days have 23 hours in spring and 25 in autumn."""
    berlin = Calendar(timezone="Europe/Berlin")
    start, end = (berlin.end_of_day(each).astimezone(UTC) for each in (day - timedelta(1), day))
    assert end - start == timedelta(hours=hours)


def test_a_month_ends_at_its_last_midnight_in_the_tenants_zone():
    """February 2026 ends in Shanghai while it is still the 28th in London."""
    assert Calendar().end_of_day(date(2026, 2, 28)) == datetime(2026, 2, 28, 16, tzinfo=UTC)


def test_the_date_is_the_tenants():
    """One instant is two dates in two zones."""
    instant = datetime(2026, 3, 31, 20, tzinfo=UTC)
    assert Calendar().local_date(instant) == date(2026, 4, 1)
    assert Calendar(timezone="America/New_York").local_date(instant) == date(2026, 3, 31)


def test_a_period_that_ends_in_the_national_week_rolls_behind_it():
    """Fifteen days from 18 September 2026 end on 3 October, a holiday; 8 October is the next working day."""
    assert shipped().add_days(date(2026, 9, 18), 15) == date(2026, 10, 8)


def test_a_calendar_without_working_days_is_refused():
    """A misconfigured calendar fails loudly rather than looping."""
    closed = Calendar(holidays=frozenset(date(2026, 1, 1) + timedelta(n) for n in range(500)))
    with pytest.raises(ValueError, match="no working day"):
        closed.roll_forward(date(2026, 1, 1))


@pytest.mark.parametrize("year", known_years())
def test_shipped_years_agree_with_an_independent_source(year):
    """Every day of a shipped year is a working day exactly when the chinesecalendar package says so."""
    holidays, makeup_days = statutory(year)
    calendar = Calendar(holidays=holidays, makeup_days=makeup_days)
    every_day = [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert {each for each in every_day if calendar.is_working_day(each)} == {
        each for each in every_day if chinese_calendar.is_workday(each)
    }


def test_the_shipped_years_name_their_notices():
    """2025 and 2026 are shipped, each with the State Council's notice."""
    assert set(known_years()) >= {2025, 2026}
    assert all(str(year) in label for year in known_years() for label in statutory_source(year))


def test_the_years_everybody_begins_with_are_never_edited():
    """Organisations use them without an event of their own: another day in them would change what was decided."""
    told = {year: " ".join(day.isoformat() for part in statutory(year) for day in sorted(part)) for year in BASE_YEARS}
    assert {year: sha256(days.encode()).hexdigest() for year, days in told.items()} == {
        2025: "9d893a31e20d8a168c7ab63d1b353048b2bb5230886d70de5fcb5b748adc8569",
        2026: "be054dce3020aa3d6c0b0679922855dbfd735046af778e4d6ddf1b118bae06a5",
    }


def test_a_year_not_announced_is_not_invented():
    """No data, no guess."""
    with pytest.raises(KeyError):
        statutory(1999)
