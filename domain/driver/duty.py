"""Whether a time lies wholly within a driver's duty."""

from datetime import datetime, time, timedelta

from domain.calendar import Calendar
from domain.driver.messages import DutyTime

MAX_DAYS = 100


def on_duty(duty: tuple[DutyTime, ...], starts_at: datetime, ends_at: datetime, calendar: Calendar) -> bool:
    """Whether the duty times cover every minute; without any, no time is off duty.

    A time of more than `MAX_DAYS` is covered by no duty.
    """
    if not duty:
        return True
    first, last = calendar.local_date(starts_at), calendar.local_date(ends_at - timedelta(microseconds=1))
    days = (last - first).days + 1
    if days > MAX_DAYS:
        return False
    covered = sorted(
        (
            calendar.at(day, time.min) + timedelta(minutes=one.from_minute),
            calendar.at(day, time.min) + timedelta(minutes=one.to_minute),
        )
        for day in (first + timedelta(days=n) for n in range(days))
        for one in duty
        if one.weekday == day.isoweekday()
    )
    reached = starts_at
    for begins, ends in covered:
        if begins > reached:
            break
        reached = max(reached, ends)
    return reached >= ends_at
