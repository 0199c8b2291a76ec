"""What is asked of a year's quality goals, and what happens to them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command, Event
from domain.quality_terms import Direction, Every, Name, Period, Remark, Words, Year
from domain.rules.r11_ladder import Code

Unit = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class Goal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measurable goal (质量目标).

    Without a ``parent`` it is the company's; any other takes its parent up for a department and a process, and counts
    by its ``weight`` among those. ``target`` is met by values of at least, or at most, itself in each period.
    """

    code: Code
    parent: Code | None = None
    department_id: UUID | None = None
    department: Annotated[str, msgspec.Meta(max_length=120)] = ""
    process: Annotated[str, msgspec.Meta(max_length=120)] = ""
    indicator: Name
    unit: Unit
    direction: Direction
    target: Decimal
    every: Every
    weight: Decimal
    person: UUID


class PlanGoals(Command, frozen=True, kw_only=True):
    """Begin a year's goals (编制年度质量目标)."""

    year: Year


class SetGoal(Command, frozen=True, kw_only=True):
    """Write a goal into the plan, or write it anew (设定目标)."""

    goal: Goal


class DropGoal(Command, frozen=True, kw_only=True):
    """Take a goal out of the plan (删除目标)."""

    code: Code


class AdoptGoals(Command, frozen=True, kw_only=True):
    """Put the goals into force; every company goal is taken up by departments (发布目标)."""


class ReviseGoal(Command, frozen=True, kw_only=True):
    """Measure a goal in force against another target from now on (调整目标); what was measured stays as it was."""

    code: Code
    direction: Direction
    target: Decimal
    person: UUID
    reason: Words


class RecordMeasurement(Command, frozen=True, kw_only=True):
    """Record what a goal came to in a period that is over (登记实际值), and where the value is from."""

    code: Code
    period: Period
    value: Decimal
    source: Name
    evidence: Evidence = ()


class CorrectMeasurement(Command, frozen=True, kw_only=True):
    """Put another value in the place of one that was wrong (更正实际值), against the target of then."""

    code: Code
    period: Period
    value: Decimal
    source: Name
    reason: Words
    evidence: Evidence = ()


class AssessGoals(Command, frozen=True, kw_only=True):
    """Assess a department's goals of a period by what was measured (工作目标考核)."""

    department_id: UUID
    period: Period
    evaluation: Remark = ""


class GoalLine(msgspec.Struct, frozen=True, kw_only=True):
    """A goal in an assessment; no value where it was not measured."""

    code: str
    indicator: str
    unit: str
    direction: Direction
    target: Decimal
    period: str
    weight: Decimal
    value: Decimal | None
    achieved: bool | None


class GoalsPlanned(Event, frozen=True, kw_only=True, tag="quality_goal.planned"):
    """A year's goals are being written."""

    year: str
    planned_by: UUID
    clause: str = "R15.5.1.1"


class GoalSet(Event, frozen=True, kw_only=True, tag="quality_goal.set"):
    """A goal stands in the plan."""

    year: str
    goal: Goal
    clause: str = "R15.5.1.1"


class GoalDropped(Event, frozen=True, kw_only=True, tag="quality_goal.dropped"):
    """A goal stands in the plan no longer."""

    code: str
    clause: str = "R15.5.1.1"


class GoalsAdopted(Event, frozen=True, kw_only=True, tag="quality_goal.adopted"):
    """The goals are in force, ``company`` many of them the company's."""

    company: int
    departments: int
    adopted_by: UUID
    adopted_on: date
    readings: dict[str, str]
    clause: str = "R15.5.1.1"
    rule_version: int


class GoalRevised(Event, frozen=True, kw_only=True, tag="quality_goal.revised"):
    """A goal is measured against another target from ``from_on`` on; ``version`` counts its targets."""

    code: str
    version: int
    direction: Direction
    target: Decimal
    person: UUID
    reason: str
    revised_by: UUID
    from_on: date
    clause: str = "R15.5.1.1"


class GoalMeasured(Event, frozen=True, kw_only=True, tag="quality_goal.measured"):
    """What a goal came to in a period, against the target of its ``version``; achieved or not."""

    code: str
    period: str
    department_id: UUID | None
    indicator: str
    unit: str
    weight: Decimal
    version: int
    direction: Direction
    target: Decimal
    value: Decimal
    achieved: bool
    source: str
    evidence: Evidence
    measured_by: UUID
    measured_on: date
    clause: str = "R15.5.1.1"


class MeasurementCorrected(Event, frozen=True, kw_only=True, tag="quality_goal.measurement_corrected"):
    """The value of a period was another; the target it counts against is the same."""

    code: str
    period: str
    previous: Decimal
    value: Decimal
    direction: Direction
    target: Decimal
    achieved: bool
    source: str
    evidence: Evidence
    reason: str
    corrected_by: UUID
    corrected_on: date
    clause: str = "R15.5.1.1"


class GoalsAssessed(Event, frozen=True, kw_only=True, tag="quality_goal.assessed"):
    """A department's goals of a period: by weight, so many per cent of what was measured were achieved."""

    number: int
    year: str
    department_id: UUID
    department: str
    period: str
    lines: tuple[GoalLine, ...]
    achieved_percent: Decimal | None
    evaluation: str
    assessed_by: UUID
    assessed_on: date
    clause: str = "R15.5.1.1"
