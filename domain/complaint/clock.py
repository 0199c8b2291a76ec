"""How the time of a complaint is counted: the day it has, the ladder's steps, and what a pause leaves of both.

All instants are aware; a limit is the first instant at which the complaint is late.
"""

from datetime import UTC, date, datetime, timedelta

from domain.calendar import MAX_SCAN_DAYS, Calendar
from domain.complaint.events import Basis, DueReminder, Limit, NextLevel
from domain.rules.r11 import R11Rules

CLAUSES: dict[Basis, str] = {"same_day": "R11.2.1", "promise": "R11.2.2"}


def end_of(day: date, rules: R11Rules, calendar: Calendar) -> datetime:
    """When a day ends by the tenant's reading (R11.day_ends)."""
    if rules.day_ends == "midnight":
        return calendar.end_of_day(day)
    return calendar.at(day, rules.business_closes_at)


def same_day(lodged: datetime, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit of a complaint lodged at an instant; after the day's end it is the next day's."""
    day = calendar.local_date(lodged)
    if lodged >= end_of(day, rules, calendar):
        day += timedelta(days=1)
    day = _counted(_counted(day, rules, calendar) + timedelta(days=rules.settle_days), rules, calendar)
    return _limit("same_day", day, end_of(day, rules, calendar), now, rules)


def promised(day: date, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit of a promised date, which ends on no rest day unless the tenant works on those."""
    day = _counted(day, rules, calendar)
    return _limit("promise", day, end_of(day, rules, calendar), now, rules)


def step(level: int, base: datetime, rules: R11Rules, calendar: Calendar) -> NextLevel | None:
    """The step to a level (the lowest is 1), its time counted from ``base``; none above the highest."""
    if level > len(rules.escalation):
        return None
    found = rules.escalation[level - 1]
    due_at = _advanced(base, timedelta(minutes=found.after_minutes), rules, calendar, working=_works(rules))
    return NextLevel(level=level, role=found.role, channel=found.channel, due_at=due_at)


def limit_after(limit: Limit, paused_at: datetime, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit with as much time left at ``now`` as it had when the clock stopped (R11.2.1.pause)."""
    working = rules.day_ends == "close_of_business"
    left = _left(paused_at, limit.due_by, rules, calendar, working=working)
    due_by = _advanced(now, left, rules, calendar, working=working)
    day = calendar.local_date(due_by - timedelta(microseconds=1))
    if _counted(day, rules, calendar) != day:
        day = _counted(day, rules, calendar)
        due_by = end_of(day, rules, calendar)
    return _limit(limit.basis, day, due_by, now, rules)


def step_after(
    following: NextLevel, paused_at: datetime, now: datetime, rules: R11Rules, calendar: Calendar
) -> NextLevel:
    """The ladder's next step with as much time left as it had when the clock stopped."""
    left = _left(paused_at, following.due_at, rules, calendar, working=_works(rules))
    return NextLevel(
        level=following.level,
        role=following.role,
        channel=following.channel,
        due_at=_advanced(now, left, rules, calendar, working=_works(rules)),
    )


def _limit(basis: Basis, day: date, due_by: datetime, now: datetime, rules: R11Rules) -> Limit:
    """The limit with those reminders that are still to come."""
    reminders = (
        DueReminder(
            signal=one.signal,
            before_minutes=one.before_minutes,
            role=one.role,
            channel=one.channel,
            due_at=due_by - timedelta(minutes=one.before_minutes),
        )
        for one in rules.reminders
    )
    return Limit(
        basis=basis,
        due_on=day,
        due_by=due_by,
        clause=CLAUSES[basis],
        reminders=tuple(one for one in reminders if one.due_at > now),
    )


def _works(rules: R11Rules) -> bool:
    return rules.ladder_clock == "working"


def _counted(day: date, rules: R11Rules, calendar: Calendar) -> date:
    """The day itself, or the working day it rolls to by the reading R11.2.1.rest_day."""
    return calendar.roll_forward(day) if rules.rest_day == "next_working_day" else day


def _hours(day: date, rules: R11Rules, calendar: Calendar) -> tuple[datetime, datetime] | None:
    """When business opens and closes on a day, in UTC so that differences are of real time; none on a rest day."""
    if _counted(day, rules, calendar) != day:
        return None
    opens, closes = calendar.at(day, rules.business_opens_at), calendar.at(day, rules.business_closes_at)
    return opens.astimezone(UTC), closes.astimezone(UTC)


def _advanced(base: datetime, by: timedelta, rules: R11Rules, calendar: Calendar, *, working: bool) -> datetime:
    """The instant by which so much time has passed, in business hours or at a stretch."""
    if not working:
        return base + by
    day = calendar.local_date(base)
    for offset in range(MAX_SCAN_DAYS):
        hours = _hours(day + timedelta(days=offset), rules, calendar)
        if hours is None:
            continue
        opens, closes = max(hours[0], base), hours[1]
        if closes - opens >= by and closes > opens:
            return opens + by
        by -= max(timedelta(0), closes - opens)
    message = f"no such time within {MAX_SCAN_DAYS} days of {base}"
    raise ValueError(message)


def _left(start: datetime, end: datetime, rules: R11Rules, calendar: Calendar, *, working: bool) -> timedelta:
    """How much time lies between two instants, never less than none."""
    if not working:
        return max(timedelta(0), end - start)
    first, last = calendar.local_date(start), calendar.local_date(end)
    left = timedelta(0)
    for offset in range((last - first).days + 1):
        hours = _hours(first + timedelta(days=offset), rules, calendar)
        if hours is not None:
            left += max(timedelta(0), min(hours[1], end) - max(hours[0], start))
    return left
