"""Where an inspection stands."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.inspection import events as e
from domain.inspection_frame import Frame
from domain.kernel import State


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


def _opened(event: e.InspectionOpened) -> InspectionState:
    return InspectionState(status="planned", frame=event.frame)


def _with_point(state: InspectionState, finding_id: UUID, **changes: object) -> InspectionState:
    key = str(finding_id)
    return replace(state, points={**state.points, key: replace(state.points[key], **changes)})


def _decided(state: InspectionState, event: e.DefenceDecided) -> InspectionState:
    return _with_point(state, event.finding_id, defence="upheld" if event.upheld else "dropped")


def _recorded(state: InspectionState, event: e.PointRecorded) -> InspectionState:
    return replace(state, points={**state.points, str(event.finding_id): Point(recorded=event)})


evolve: Evolve[InspectionState] = folding(
    "an inspection",
    begins={e.InspectionOpened: _opened},
    steps={
        e.InspectionBegun: lambda s, event: replace(s, status="under_way", begun_at=event.begun_at),
        e.SelfReportHeard: lambda s, _: replace(s, self_reports=s.self_reports + 1),
        e.PointRecorded: _recorded,
        e.DefenceStated: lambda s, event: _with_point(s, event.finding_id, defence="stated"),
        e.DefenceDecided: _decided,
        e.InspectionCompleted: lambda s, _: replace(s, status="completed"),
        e.InspectionCancelled: lambda s, _: replace(s, status="cancelled"),
        e.RecordReviewed: lambda s, event: replace(s, reviewed=(*s.reviewed, event.post)),
        e.PracticeSpread: lambda s, event: _with_point(s, event.finding_id, spread=True),
    },
)
