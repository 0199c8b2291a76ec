"""An auditor's look at one complaint's stored events: each limit and each level is told once, when it has passed.

Written against the events alone. It shares no line with the decider or with the paper.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from domain.complaint import events as e
from domain.kernel import Event

BEGINNING = e.ComplaintLodged | e.ComplaintReopened | e.ComplaintResumed
SLACK = timedelta(hours=3, seconds=1)
"""How far apart the moments are at which the clock stops while deadlines pass."""


class Stored(msgspec.Struct, frozen=True):
    """A stored event with when it was recorded."""

    event: Event
    recorded_at: datetime


class Watch(msgspec.Struct):
    """What the complaint owes as the auditor sees it, and the faults found."""

    limit: e.Limit | None = None
    level: e.NextLevel | None = None
    stopped: bool = False
    told: set[tuple[str, datetime]] = msgspec.field(default_factory=set)
    faults: list[str] = msgspec.field(default_factory=list)
    fired: int = 0

    def require_told(self, until: datetime, seen: object) -> None:
        """Whatever had passed by then has been told."""
        if self.stopped:
            return
        for name, owed in (
            ("limit", self.limit and self.limit.due_by),
            ("level", self.level and self.level.due_at),
        ):
            if owed is not None and owed <= until:
                self.faults.append(f"the {name} of {owed} had not been told at {until}, before {seen}")

    def passed(self, name: str, due_at: datetime, recorded_at: datetime) -> None:
        """Something passed: at its time, not before, and once."""
        self.fired += 1
        if not due_at <= recorded_at <= due_at + SLACK:
            self.faults.append(f"the {name} of {due_at} was told at {recorded_at}")
        if (name, due_at) in self.told:
            self.faults.append(f"the {name} of {due_at} was told twice")
        self.told.add((name, due_at))


def watch(stream: Sequence[Stored], end: datetime) -> Watch:
    """Look at one complaint from its first event to the end of the time."""
    seen = Watch()
    for one in stream:
        _look(seen, one.event, one.recorded_at)
    seen.require_told(end, "the end")
    return seen


def _look(seen: Watch, event: Event, at: datetime) -> None:
    if isinstance(event, e.ComplaintLate | e.ComplaintReminded) or (
        isinstance(event, e.ComplaintEscalated) and event.cause == "time"
    ):
        _time_passed(seen, event, at)
        return
    if not isinstance(event, BEGINNING | e.ComplaintFined | e.UpheldOverturned | e.ComplaintUpheldAgainstProject):
        seen.require_told(at, event)
    match event:
        case e.ComplaintLodged() | e.ComplaintReopened() | e.ComplaintResumed():
            seen.limit, seen.level, seen.stopped = event.limit, event.next_level, False
        case e.DatePromised():
            seen.limit, seen.level = event.limit, event.next_level
        case e.ComplaintEscalated():
            seen.level = event.next_level
        case e.ComplaintPaused():
            seen.stopped = event.clock_stops
        case e.ComplaintSettled() | e.ComplaintWithdrawn() | e.ComplaintUnfounded():
            seen.limit = seen.level = None


def _time_passed(seen: Watch, event: Event, at: datetime) -> None:
    match event:
        case e.ComplaintLate():
            seen.passed("limit", event.due_by, at)
            seen.limit = None
        case e.ComplaintEscalated():
            assert seen.level is not None
            seen.passed("level", seen.level.due_at, at)
            seen.level = event.next_level
        case e.ComplaintReminded():
            seen.passed(f"{event.signal} reminder", event.due_by - timedelta(minutes=event.before_minutes), at)
