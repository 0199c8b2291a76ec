"""Where a year's goals stand."""

from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.kernel import Event, State
from domain.quality_goal import messages as m
from domain.quality_terms import Direction


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a period, and the target that it was measured against."""

    value: Decimal
    direction: Direction
    target: Decimal
    achieved: bool


class QualityGoalState(State, frozen=True, kw_only=True):
    """A year's goals (质量目标) by code; ``versions`` counts each one's targets, ``measured`` is by code and period."""

    year: str
    planned_by: UUID
    goals: dict[str, m.Goal] = msgspec.field(default_factory=dict)
    versions: dict[str, int] = msgspec.field(default_factory=dict)
    measured: dict[str, dict[str, Measured]] = msgspec.field(default_factory=dict)
    assessments: int = 0


def evolve(state: QualityGoalState | None, event: Event) -> QualityGoalState:  # noqa: PLR0911 - a branch an event
    """Fold one event."""
    if isinstance(event, m.GoalsPlanned):
        return QualityGoalState(status="drafted", year=event.year, planned_by=event.planned_by)
    if state is None:
        raise TypeError(f"goals do not begin with {type(event).__name__}")
    match event:
        case m.GoalSet():
            return replace(state, goals={**state.goals, event.goal.code: event.goal})
        case m.GoalDropped():
            return replace(state, goals={code: goal for code, goal in state.goals.items() if code != event.code})
        case m.GoalsAdopted():
            return replace(state, status="adopted", versions=dict.fromkeys(state.goals, 1))
        case m.GoalRevised():
            goal = replace(state.goals[event.code], direction=event.direction, target=event.target, person=event.person)
            return replace(
                state,
                goals={**state.goals, event.code: goal},
                versions={**state.versions, event.code: event.version},
            )
        case m.GoalMeasured() | m.MeasurementCorrected():
            return _measured(state, event)
        case m.GoalsAssessed():
            return replace(state, assessments=event.number)
    raise TypeError(f"goals know no {type(event).__name__}")


def _measured(state: QualityGoalState, event: m.GoalMeasured | m.MeasurementCorrected) -> QualityGoalState:
    found = Measured(value=event.value, direction=event.direction, target=event.target, achieved=event.achieved)
    periods = {**state.measured.get(event.code, {}), event.period: found}
    return replace(state, measured={**state.measured, event.code: periods})
