"""Whether a time lies within a driver's duty, minute by minute, over midnight and over days."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Calendar
from domain.driver.duty import on_duty
from domain.driver.messages import DutyTime

WEEK = tuple(DutyTime(weekday=day, from_minute=480, to_minute=1080) for day in range(1, 6))
ROUND_THE_CLOCK = tuple(DutyTime(weekday=day, from_minute=0, to_minute=1440) for day in range(1, 6))


def at(day, hour, minute=0):
    """An instant of March 2026, whose second is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(
    ("duty", "start", "end", "covered"),
    [
        (WEEK, at(2, 8), at(2, 18), True),
        (WEEK, at(2, 7, 59), at(2, 9), False),
        (WEEK, at(2, 17), at(2, 18, 1), False),
        (WEEK, at(7, 9), at(7, 10), False),
        (WEEK, at(2, 17), at(3, 9), False),
        (ROUND_THE_CLOCK, at(2, 17), at(3, 9), True),
        (ROUND_THE_CLOCK, at(6, 17), at(7, 0), True),
        (ROUND_THE_CLOCK, at(6, 17), at(7, 1), False),
        ((), at(7, 1), at(8, 1), True),
        ((*WEEK[:1], DutyTime(weekday=1, from_minute=1080, to_minute=1200)), at(2, 17), at(2, 19), True),
    ],
)
def test_duty_covers_every_minute_or_none(duty, start, end, covered):
    """Adjoining times count as one; without duty times nothing is off duty."""
    assert on_duty(duty, start, end, Calendar()) is covered
