"""How often something is owed (频次), and the windows of time that follow from it on a tenant's calendar.

Pure functions of days. Windows of one cadence never overlap and stand in order; each runs from its first instant up to,
not including, its last (``opens_at <= t < closes_at``), in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

import msgspec

from domain.calendar import MAX_SCAN_DAYS, Calendar

Kind = Literal["daily", "shift", "every_days", "weekly", "monthly", "quarterly", "half_yearly", "yearly"]
RestDays = Literal["counts", "skipped", "next_working_day"]
"""What a rest day does: nothing; a window of rest days alone falls away; or a window that ends on one ends later."""
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
"""Monday is 1, Sunday 7."""

MONTHS: dict[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
SATURDAY = 6
_DAY = timedelta(days=1)
_WEEK_DAYS = 7


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift (班次) by the tenant's clock; one that ends no later than it begins ends on the next day."""

    begins: time
    ends: time


class Cadence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often something is owed (频次).

    ``shifts`` belong to ``shift``. ``days`` and ``counting`` belong to ``every_days``: ``rolling`` counts from the day
    of the last time, ``blocks`` from the duty's first day. ``weekdays`` belong to ``weekly``: a window on each of them,
    or the whole week without any. ``working_day`` belongs to months and longer: the window ends with that working day
    of the period, or with the period where it is 0.
    """

    kind: Kind
    rest_days: RestDays = "counts"
    shifts: Annotated[tuple[Shift, ...], msgspec.Meta(max_length=6)] = ()
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 1
    counting: Literal["rolling", "blocks"] = "blocks"
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    working_day: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of time in which something is owed (应办窗口). ``key`` is unique among a cadence's windows."""

    key: str
    opens_at: datetime
    closes_at: datetime
    first_on: date
    last_on: date


def faults(cadence: Cadence) -> tuple[str, ...]:
    """The fields that make no sense together; empty when all is well."""
    found = []
    zoned = any(clock.tzinfo is not None for shift in cadence.shifts for clock in (shift.begins, shift.ends))
    if zoned or (cadence.kind == "shift") != bool(cadence.shifts) or not _in_order(cadence.shifts):
        found.append("shifts")
    if cadence.weekdays and (cadence.kind != "weekly" or list(cadence.weekdays) != sorted(set(cadence.weekdays))):
        found.append("weekdays")
    if cadence.working_day and cadence.kind not in MONTHS:
        found.append("working_day")
    moved = cadence.kind in ("daily", "shift") and cadence.rest_days == "next_working_day"
    never = cadence.rest_days == "skipped" and bool(cadence.weekdays) and min(cadence.weekdays) >= SATURDAY
    if moved or never:
        found.append("rest_days")
    return tuple(found)


def next_window(cadence: Cadence, calendar: Calendar, begun_on: date, after: datetime) -> Window:
    """The first window that opens at an instant or later; blocks are counted from ``begun_on``.

    For a rolling cadence it begins with the next day, unless the instant is the very beginning of a day.
    """
    if cadence.kind == "every_days" and cadence.counting == "rolling":
        first = _day_from(after, calendar)
        return _window(cadence, calendar, first, first + timedelta(days=cadence.days - 1))
    for window in _windows(cadence, calendar, begun_on, calendar.local_date(after)):
        if window.opens_at >= after:
            return window
    message = f"no window of {cadence.kind} opens within reach of {after}"
    raise ValueError(message)


def windows(cadence: Cadence, calendar: Calendar, begun_on: date, begin: datetime, end: datetime) -> tuple[Window, ...]:
    """The windows that open from one instant until before another; rolling ones as if each were missed."""
    found = []
    following = next_window(cadence, calendar, begun_on, begin)
    while following.opens_at < end:
        found.append(following)
        following = next_window(cadence, calendar, begun_on, following.closes_at)
    return tuple(found)


def _windows(cadence: Cadence, calendar: Calendar, begun_on: date, day: date) -> Iterator[Window]:
    """Windows in order, beginning with one that opens no later than the first one of ``day``."""
    if cadence.kind == "shift":
        yield from _shift_windows(cadence, calendar, day - _DAY)
        return
    gathered: tuple[date, date] | None = None
    opens_on = date.min
    for first, last in _periods(cadence, begun_on, _well_before(cadence, calendar, day)):
        if cadence.rest_days == "skipped" and not _has_working_day(first, last, calendar):
            continue
        last_on = _last_day(cadence, calendar, first, last)
        if gathered is not None and gathered[1] != last_on:
            yield _window(cadence, calendar, *gathered)
            opens_on, gathered = gathered[1] + _DAY, None
        gathered = (max(first, opens_on) if gathered is None else gathered[0], last_on)


def _periods(cadence: Cadence, begun_on: date, day: date) -> Iterator[tuple[date, date]]:
    """First and last day of each period from the one that holds ``day`` on, on the calendar of everybody."""
    months = MONTHS.get(cadence.kind)
    if months is not None:
        yield from _months(day, months)
        return
    length = {"daily": 1, "every_days": cadence.days, "weekly": _WEEK_DAYS}[cadence.kind]
    if cadence.kind == "every_days":
        first = begun_on + timedelta(days=max(0, (day - begun_on).days // length * length))
    else:
        first = day - timedelta(days=day.weekday()) if cadence.kind == "weekly" else day
    for number in range(2 * MAX_SCAN_DAYS):
        begin = first + timedelta(days=number * length)
        if cadence.weekdays:
            for weekday in cadence.weekdays:
                yield begin + timedelta(days=weekday - 1), begin + timedelta(days=weekday - 1)
        else:
            yield begin, begin + timedelta(days=length - 1)


def _months(day: date, months: int) -> Iterator[tuple[date, date]]:
    """Periods of whole months that begin with the year."""
    index = day.year * 12 + (day.month - 1) // months * months
    for _ in range(MAX_SCAN_DAYS):
        following = index + months
        begin = date(index // 12, index % 12 + 1, 1)
        yield begin, date(following // 12, following % 12 + 1, 1) - _DAY
        index = following


def _well_before(cadence: Cadence, calendar: Calendar, day: date) -> date:
    """A day of a period so early that all windows of ``day`` and later come out whole."""
    reach = {"daily": 1, "every_days": cadence.days, "weekly": _WEEK_DAYS}.get(cadence.kind)
    reach = 31 * MONTHS[cadence.kind] if reach is None else reach
    settled = day - _DAY
    if cadence.rest_days == "next_working_day":
        # what ends on a rest day ends with the working day after it, so nothing earlier reaches past this day
        for _ in range(MAX_SCAN_DAYS):
            if calendar.is_working_day(settled):
                break
            settled -= _DAY
    return settled - timedelta(days=reach)


def _last_day(cadence: Cadence, calendar: Calendar, first: date, last: date) -> date:
    if cadence.working_day:
        last = min(last, calendar.add_working_days(first - _DAY, cadence.working_day))
    return calendar.roll_forward(last) if cadence.rest_days == "next_working_day" else last


def _has_working_day(first: date, last: date, calendar: Calendar) -> bool:
    return any(calendar.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))


def _window(cadence: Cadence, calendar: Calendar, first: date, last: date) -> Window:
    """The window of whole days; where days roll, a window that was to end on a rest day ends later."""
    if cadence.kind == "every_days" and cadence.counting == "rolling":
        for _ in range(MAX_SCAN_DAYS if cadence.rest_days == "skipped" else 0):
            if _has_working_day(first, last, calendar):
                break
            first, last = last + _DAY, last + timedelta(days=cadence.days)
        last = _last_day(cadence, calendar, first, last)
    opens_at, closes_at = calendar.at(first, time.min), calendar.end_of_day(last)
    return Window(
        key=first.isoformat(),
        opens_at=opens_at.astimezone(UTC),
        closes_at=closes_at.astimezone(UTC),
        first_on=first,
        last_on=last,
    )


def _shift_windows(cadence: Cadence, calendar: Calendar, day: date) -> Iterator[Window]:
    closed_at = datetime.min.replace(tzinfo=UTC)
    for offset in range(2 * MAX_SCAN_DAYS):
        on = day + timedelta(days=offset)
        if cadence.rest_days == "skipped" and not calendar.is_working_day(on):
            continue
        for shift in cadence.shifts:
            last = on if shift.ends > shift.begins else on + _DAY
            # where the clocks change, a wall-clock time may stand for a later instant than the next shift's begin
            opens_at = max(closed_at, calendar.at(on, shift.begins).astimezone(UTC))
            closes_at = calendar.at(last, shift.ends).astimezone(UTC)
            if closes_at > opens_at:
                closed_at = closes_at
                yield Window(
                    key=f"{on.isoformat()}T{shift.begins:%H:%M}",
                    opens_at=opens_at,
                    closes_at=closes_at,
                    first_on=on,
                    last_on=last,
                )


def _in_order(shifts: tuple[Shift, ...]) -> bool:
    """Whether shifts follow each other within a day and a night: none begins before the one before it has ended."""
    begins = [shift.begins for shift in shifts]
    if begins != sorted(set(begins)):
        return False
    for number, shift in enumerate(shifts):
        last = number == len(shifts) - 1
        if shift.ends <= shift.begins and not (last and shift.ends <= shifts[0].begins):
            return False
        if not last and shift.ends > shifts[number + 1].begins:
            return False
    return True


def _day_from(after: datetime, calendar: Calendar) -> date:
    """The day that begins at an instant, or the next one."""
    day = calendar.local_date(after)
    return day if calendar.at(day, time.min) == after else day + _DAY
