"""How the time of a complaint is counted: the day it has, the ladder's steps, and what a pause leaves of both.

All instants are aware; a limit is the first instant at which the complaint is late. What was counted over days of a
year whose calendar is not known says so; `domain.complaint.rederiving` counts it again.
"""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from domain.calendar import MAX_SCAN_DAYS, Calendar
from domain.complaint.events import Basis, DueReminder, Gap, Limit, NextLevel
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
    return settled_from(day, now, rules, calendar)


def settled_from(day: date, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit of a complaint that counts as one of this day."""
    last = _counted(_counted(day, rules, calendar) + timedelta(days=rules.settle_days), rules, calendar)
    limit = _limit("same_day", last, end_of(last, rules, calendar), now, rules)
    return _resting_on(limit, _unknown(day, last, rules, calendar), day)


def promised(day: date, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit of a promised date, which ends on no rest day unless the tenant works on those."""
    last = _counted(day, rules, calendar)
    limit = _limit("promise", last, end_of(last, rules, calendar), now, rules)
    return _resting_on(limit, _unknown(day, last, rules, calendar), day)


def step(
    level: int, base: datetime, rules: R11Rules, calendar: Calendar, *, promise: Limit | None = None
) -> NextLevel | None:
    """The step to a level (the lowest is 1), its time counted from ``base``; none above the highest.

    After a ``promise`` the base is the end of its day, and as provisional as the promise's limit.
    """
    if level > len(rules.escalation):
        return None
    found = rules.escalation[level - 1]
    due_at = _advanced(base, timedelta(minutes=found.after_minutes), rules, calendar, working=_works(rules))
    unknown = _together(
        _unknown_between(base, due_at, rules, calendar), () if promise is None else promise.unknown_years
    )
    return NextLevel(
        level=level,
        role=found.role,
        channel=found.channel,
        due_at=due_at,
        provisional=bool(unknown),
        unknown_years=unknown,
        counted_from=base,
        after_promise=promise is not None,
    )


def limit_after(limit: Limit, paused_at: datetime, now: datetime, rules: R11Rules, calendar: Calendar) -> Limit:
    """The limit with as much time left at ``now`` as it had when the clock stopped (R11.2.1.pause)."""
    working = rules.day_ends == "close_of_business"
    left = _left(paused_at, limit.due_by, rules, calendar, working=working)
    due_by = _advanced(now, left, rules, calendar, working=working)
    day = calendar.local_date(due_by - timedelta(microseconds=1))
    if _counted(day, rules, calendar) != day:
        day = _counted(day, rules, calendar)
        due_by = end_of(day, rules, calendar)
    unknown = _together(limit.unknown_years, _unknown(calendar.local_date(paused_at), day, rules, calendar))
    moved = _resting_on(_limit(limit.basis, day, due_by, now, rules), unknown, limit.counted_from)
    return replace(moved, gaps=(*limit.gaps, Gap(paused_at, now)))


def step_after(
    following: NextLevel, paused_at: datetime, now: datetime, rules: R11Rules, calendar: Calendar
) -> NextLevel:
    """The ladder's next step with as much time left as it had when the clock stopped."""
    left = _left(paused_at, following.due_at, rules, calendar, working=_works(rules))
    due_at = _advanced(now, left, rules, calendar, working=_works(rules))
    unknown = _together(following.unknown_years, _unknown_between(paused_at, due_at, rules, calendar))
    return replace(
        following,
        due_at=due_at,
        provisional=bool(unknown),
        unknown_years=unknown,
        gaps=(*following.gaps, Gap(paused_at, now)),
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


def _resting_on(limit: Limit, unknown: tuple[int, ...], counted_from: date | None) -> Limit:
    """The limit with what is needed to count it again."""
    return replace(limit, provisional=bool(unknown), unknown_years=unknown, counted_from=counted_from)


def _unknown(first: date, last: date, rules: R11Rules, calendar: Calendar) -> tuple[int, ...]:
    """The years without a calendar between two days, where rest days are stepped over at all (R11.2.1.rest_day)."""
    return calendar.unknown_years(first, last) if rules.rest_day == "next_working_day" else ()


def _unknown_between(start: datetime, end: datetime, rules: R11Rules, calendar: Calendar) -> tuple[int, ...]:
    """The same between two instants, where the ladder's clock runs in business hours alone (R11.2.3.clock)."""
    if not _works(rules):
        return ()
    return _unknown(calendar.local_date(start), calendar.local_date(end), rules, calendar)


def _together(*years: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set().union(*years)))


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
