"""Where an inspection stands."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.inspection import events as e
from domain.inspection_frame import Frame
from domain.kernel import Event, State


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What was found at a point, and what became of a defence against it."""

    recorded: e.PointRecorded
    defence: Literal["none", "stated", "upheld", "dropped"] = "none"
    spread: bool = False


class InspectionState(State, frozen=True, kw_only=True):
    """One inspection (检查). ``reviewed`` names the posts that reviewed its record."""

    frame: Frame
    begun_at: datetime | None = None
    points: dict[str, Point] = msgspec.field(default_factory=dict)
    self_reports: int = 0
    reviewed: tuple[str, ...] = ()


def evolve(state: InspectionState | None, event: Event) -> InspectionState:
    """Fold one event into the inspection."""
    if isinstance(event, e.InspectionOpened):
        return InspectionState(status="planned", frame=event.frame)
    if state is None:
        raise TypeError(f"an inspection does not begin with {type(event).__name__}")
    step = _STEPS.get(type(event))
    if step is None:
        raise TypeError(f"an inspection knows no {type(event).__name__}")
    return step(state, event)


def _with_point(state: InspectionState, finding_id: UUID, **changes: object) -> InspectionState:
    key = str(finding_id)
    return replace(state, points={**state.points, key: replace(state.points[key], **changes)})


def _decided(state: InspectionState, event: e.DefenceDecided) -> InspectionState:
    return _with_point(state, event.finding_id, defence="upheld" if event.upheld else "dropped")


def _recorded(state: InspectionState, event: e.PointRecorded) -> InspectionState:
    return replace(state, points={**state.points, str(event.finding_id): Point(recorded=event)})


_STEPS: Mapping[type[Event], Callable[[InspectionState, Any], InspectionState]] = {
    e.InspectionBegun: lambda s, event: replace(s, status="under_way", begun_at=event.begun_at),
    e.SelfReportHeard: lambda s, _: replace(s, self_reports=s.self_reports + 1),
    e.PointRecorded: _recorded,
    e.DefenceStated: lambda s, event: _with_point(s, event.finding_id, defence="stated"),
    e.DefenceDecided: _decided,
    e.InspectionCompleted: lambda s, _: replace(s, status="completed"),
    e.InspectionCancelled: lambda s, _: replace(s, status="cancelled"),
    e.RecordReviewed: lambda s, event: replace(s, reviewed=(*s.reviewed, event.post)),
    e.PracticeSpread: lambda s, event: _with_point(s, event.finding_id, spread=True),
}
