"""Whether a request reaches the centre in time: a day ahead, for temporary use half a day (R3.2.1)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import MAX_SCAN_DAYS, Calendar
from domain.rules.r3 import R3Rules


def latest(starts_at: datetime, rules: R3Rules, calendar: Calendar, *, temporary: bool) -> datetime:
    """The last instant at which a signed form is in time for a departure."""
    if not temporary:
        return _days_before(starts_at, rules, calendar)
    if rules.half_day == "hours_12":
        return starts_at - timedelta(minutes=rules.half_day_minutes)
    return _worked_back(starts_at, timedelta(minutes=rules.half_day_working_minutes), rules, calendar)


def readings(rules: R3Rules, *, temporary: bool) -> dict[str, str]:
    """The readings that a lead time, and the signature that is given in it, rest on."""
    if temporary:
        return {"R3.2.1.half_day": rules.half_day, "R3.2.1.late": rules.late, "R3.2.1.unit": rules.unit}
    counted = {"R3.2.1.day": rules.day, "R3.2.1.day_count": rules.day_count}
    return {**counted, "R3.2.1.late": rules.late, "R3.2.1.unit": rules.unit}


def _days_before(starts_at: datetime, rules: R3Rules, calendar: Calendar) -> datetime:
    local = starts_at.astimezone(ZoneInfo(calendar.timezone))
    day, left = local.date(), rules.lead_days
    for _ in range(MAX_SCAN_DAYS):
        if left == 0:
            break
        day -= timedelta(days=1)
        left -= rules.day == "calendar" or calendar.is_working_day(day)
    if rules.day_count == "date":
        # the day's end is the first instant that is too late: the last that is in time is a microsecond before
        return calendar.end_of_day(day) - timedelta(microseconds=1) if rules.lead_days else starts_at
    return calendar.at(day, local.time())


def _worked_back(ends_at: datetime, by: timedelta, rules: R3Rules, calendar: Calendar) -> datetime:
    """The instant from which so much working time lies before another."""
    day = calendar.local_date(ends_at)
    for offset in range(MAX_SCAN_DAYS):
        each = day - timedelta(days=offset)
        if not calendar.is_working_day(each):
            continue
        opens, closes = calendar.at(each, _plain(rules.opens_at)), calendar.at(each, _plain(rules.closes_at))
        until = min(closes, ends_at)
        if until - opens >= by:
            return until - by
        by -= max(timedelta(), until - opens)
    message = f"no such working time within {MAX_SCAN_DAYS} days of {ends_at}"
    raise ValueError(message)


def _plain(clock: time) -> time:
    return clock.replace(tzinfo=None)
