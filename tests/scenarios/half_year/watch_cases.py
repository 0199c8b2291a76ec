"""An auditor's look at one accountability case: each limit, reminder and level is told once, when it has passed.

Like `watch`, against the events alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from domain.accountability import events as e
from domain.accountability import events_after as a
from domain.accountability import events_time as t
from domain.accountability.words import Clock, NextLevel
from domain.kernel import Event
from tests.scenarios.half_year.watch import SLACK, Stored

ENDS: Mapping[type[Event], tuple[str, ...]] = {
    e.ReportVerified: ("verification",),
    e.AccountabilityProposed: ("proposal",),
    e.CaseInitiated: ("initiation",),
    e.TeamFormed: ("team",),
    e.InvestigationReported: ("investigation",),
    e.CaseResolved: ("resolution",),
    a.DecisionServed: ("service:{respondent_id}",),
    a.ReviewRequested: ("review_request:{respondent_id}",),
    a.ReviewDecided: ("review:{respondent_id}",),
    a.SanctionReversed: ("execution:{respondent_id}:{form[code]}", "correction:{respondent_id}:{form[code]}"),
}
"""What each event does away with: the limits of these keys."""
FINAL = (e.CaseDismissed, e.CaseMerged, a.CaseClosed)


class Watched(msgspec.Struct):
    """A running limit as the auditor sees it: what of it is still to be told."""

    clock: Clock
    level: NextLevel | None = None
    overdue: bool = False
    reminders: dict[str, datetime] = msgspec.field(default_factory=dict)

    def owed(self) -> Iterator[tuple[str, datetime]]:
        """What is to be told, and when."""
        if not self.overdue:
            yield "limit", self.clock.due_at
            yield from ((f"{signal} reminder", at) for signal, at in self.reminders.items())
        if self.level is not None:
            yield f"level {self.level.level}", self.level.due_at


class CaseWatch:
    """The limits of a case that run, and the faults found."""

    def __init__(self) -> None:
        self.running: dict[str, Watched] = {}
        self.faults: list[str] = []
        self.fired = 0

    def require_told(self, until: datetime, seen: object) -> None:
        """Whatever had passed by then has been told."""
        for key, one in self.running.items():
            self.faults += [
                f"{key}: the {name} of {at} had not been told at {until}, before {seen}"
                for name, at in one.owed()
                if at <= until
            ]

    def passed(self, key: str, name: str, at: datetime) -> Watched | None:
        """Something was told of a limit: it runs, this is still to be told, and its time has come just now."""
        self.fired += 1
        one = self.running.get(key)
        due = None if one is None else dict(one.owed()).get(name)
        if due is None:
            self.faults.append(f"{key}: the {name} was told at {at} out of turn")
            return None
        if not due <= at <= due + SLACK:
            self.faults.append(f"{key}: the {name} of {due} was told at {at}")
        return one


def watch_case(stream: Sequence[Stored], end: datetime) -> CaseWatch:
    """Look at one case from its first event to the end of the time."""
    seen = CaseWatch()
    for one in stream:
        _look(seen, one.event, one.recorded_at)
    seen.require_told(end, "the end")
    return seen


def _look(seen: CaseWatch, event: Event, at: datetime) -> None:
    match event:
        case t.StageBegan() | e.ExtensionApproved():
            seen.require_told(at, event)
            clock = event.clock
            seen.running[clock.key] = Watched(clock, reminders={one.signal: one.due_at for one in clock.reminders})
        case t.StageReminded():
            if (one := seen.passed(event.key, f"{event.signal} reminder", at)) is not None:
                del one.reminders[event.signal]
        case t.StageOverdue():
            if (one := seen.passed(event.key, "limit", at)) is not None:
                one.overdue, one.level = True, event.next_level
        case t.StageEscalated():
            if (one := seen.passed(event.key, f"level {event.level}", at)) is not None:
                one.level = event.next_level
        case t.ReviewRightLapsed():
            seen.passed(f"review_request:{event.respondent_id}", "limit", at)
            seen.running.pop(f"review_request:{event.respondent_id}", None)
        case _:
            seen.require_told(at, event)
            _end(seen, event)


def _end(seen: CaseWatch, event: Event) -> None:
    if isinstance(event, FINAL):
        seen.running.clear()
    elif isinstance(event, a.DecisionFiled):
        seen.running.pop("filing" if event.respondent_id is None else f"filing:{event.respondent_id}", None)
    elif isinstance(event, a.ExecutionRecorded) and event.done:
        for stage in ("execution", "correction"):
            seen.running.pop(f"{stage}:{event.respondent_id}:{event.form}", None)
    for pattern in ENDS.get(type(event), ()):
        seen.running.pop(pattern.format_map(msgspec.to_builtins(event)), None)
