"""Where a year's goals stand."""

from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import State
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


def _planned(event: m.GoalsPlanned) -> QualityGoalState:
    return QualityGoalState(status="drafted", year=event.year, planned_by=event.planned_by)


def _revised(state: QualityGoalState, event: m.GoalRevised) -> QualityGoalState:
    goal = replace(state.goals[event.code], direction=event.direction, target=event.target, person=event.person)
    return replace(
        state,
        goals={**state.goals, event.code: goal},
        versions={**state.versions, event.code: event.version},
    )


def _measured(state: QualityGoalState, event: m.GoalMeasured | m.MeasurementCorrected) -> QualityGoalState:
    found = Measured(value=event.value, direction=event.direction, target=event.target, achieved=event.achieved)
    periods = {**state.measured.get(event.code, {}), event.period: found}
    return replace(state, measured={**state.measured, event.code: periods})


evolve: Evolve[QualityGoalState] = folding(
    "a year of goals",
    begins={m.GoalsPlanned: _planned},
    steps={
        m.GoalSet: lambda state, event: replace(state, goals={**state.goals, event.goal.code: event.goal}),
        m.GoalDropped: lambda state, event: replace(
            state, goals={code: goal for code, goal in state.goals.items() if code != event.code}
        ),
        m.GoalsAdopted: lambda state, _: replace(state, status="adopted", versions=dict.fromkeys(state.goals, 1)),
        m.GoalRevised: _revised,
        m.GoalMeasured: _measured,
        m.MeasurementCorrected: _measured,
        m.GoalsAssessed: lambda state, event: replace(state, assessments=event.number),
    },
)
