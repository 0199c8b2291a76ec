"""An auditor's look at one duty's stored events: each window ends once, as met or missed, at its time, in order.

Written against the events and the calendar's own functions. It shares no line with the decider.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from domain.cadence import next_window, windows
from domain.calendar import Calendar
from domain.duty import events as e
from tests.scenarios.half_year.watch import Stored

SLACK = timedelta(seconds=2)
"""The clock stops a second after each midnight."""


class Account(msgspec.Struct):
    """How many windows ended how, and what was wrong."""

    met: int = 0
    missed: int = 0
    performed: int = 0
    faults: list[str] = msgspec.field(default_factory=list)


def audit(stream: Sequence[Stored], calendar: Calendar, begins_on: date, end: datetime) -> Account:
    """Look at one duty from its first event to the end of the time."""
    account, current, done = Account(), None, 0
    terms = stream[0].event.terms
    for one in stream:
        event = one.event
        if isinstance(event, e.DutyOpened):
            current = event.window
        elif isinstance(event, e.DutyPerformed):
            done += 1
            account.performed += 1
            _require(account, current is not None and event.window == current.key, "a deed for another window", one)
        elif isinstance(event, e.DutyMet | e.DutyMissed):
            assert current is not None
            _require(account, event.window == current, "another window ended than was open", one)
            met = isinstance(event, e.DutyMet)
            _require(account, done == terms.times - 1 if met else done < terms.times, "deeds miscounted", one)
            if isinstance(event, e.DutyMet):
                account.met += 1
                _require(account, current.opens_at <= one.recorded_at < current.closes_at, "met out of time", one)
            else:
                account.missed += 1
                late = one.recorded_at - current.closes_at
                _require(account, timedelta(0) <= late <= SLACK, "missed at another time than its close", one)
            current, done = event.next_window, 0
    assert current is not None
    if current.closes_at <= end:
        account.faults.append(f"the window of {current.first_on} has ended in neither")
    account.faults += _against_calendar(stream, calendar, begins_on, end)
    return account


def _against_calendar(stream: Sequence[Stored], calendar: Calendar, begins_on: date, end: datetime) -> list[str]:
    """The windows that ended are those of the calendar; rolling ones follow the day of the last deed, or the close."""
    cadence = stream[0].event.terms.cadence
    ended = [(one.event.window, one) for one in stream if isinstance(one.event, e.DutyMet | e.DutyMissed)]
    begin = calendar.at(begins_on, time.min)
    if not (cadence.kind == "every_days" and cadence.counting == "rolling"):
        expected = windows(cadence, calendar, begins_on, begin, end)
        seen = [window for window, _ in ended]
        return [] if list(expected[: len(seen)]) == seen else ["the windows are not those of the calendar"]
    faults, following = [], next_window(cadence, calendar, begins_on, begin)
    for window, one in ended:
        if window != following:
            faults.append(f"the window of {window.first_on} does not follow the last")
        after = one.event.performed_at if isinstance(one.event, e.DutyMet) else window.closes_at
        following = next_window(cadence, calendar, begins_on, after)
    return faults


def _require(account: Account, holds: bool, fault: str, one: Stored) -> None:
    if not holds:
        account.faults.append(f"{fault}: {one.event}")
