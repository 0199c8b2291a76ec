"""A year's quality goals (质量目标): the company's, taken up by departments, measured and assessed (R15.5.1.1)."""

from uuid import UUID

from domain.commanding import Commands
from domain.kernel import Decider, Text, derived_id
from domain.quality_goal import handlers, measuring
from domain.quality_goal import messages as m
from domain.quality_goal.state import QualityGoalState, evolve

__all__ = ["QUALITY_GOAL", "QualityGoalState"]

_spec = Commands(noun="quality_goal", clause="R15.5.1.1")


def _of_the_year(tenant: UUID, command: m.PlanGoals) -> UUID:
    return derived_id(tenant, "quality_goal", command.year)


QUALITY_GOAL = Decider(
    noun="quality_goal",
    plural="quality-goals",
    title=Text(zh="年度质量目标", en="year of quality goals"),
    state=QualityGoalState,
    statuses=("drafted", "adopted"),
    commands=(
        _spec(
            m.PlanGoals, handlers.plan, "编制年度质量目标", "Begin a year's goals", creates=True, stream_id=_of_the_year
        ),
        _spec(m.SetGoal, handlers.set_goal, "设定目标", "Write a goal"),
        _spec(m.DropGoal, handlers.drop, "删除目标", "Take a goal out"),
        _spec(m.AdoptGoals, handlers.adopt, "发布目标", "Put the goals into force"),
        _spec(m.ReviseGoal, handlers.revise, "调整目标", "Set another target"),
        _spec(m.RecordMeasurement, measuring.measure, "登记实际值", "Record a value"),
        _spec(m.CorrectMeasurement, measuring.correct, "更正实际值", "Correct a value"),
        _spec(m.AssessGoals, measuring.assess, "工作目标考核", "Assess a department's goals"),
    ),
    events=(
        m.GoalsPlanned,
        m.GoalSet,
        m.GoalDropped,
        m.GoalsAdopted,
        m.GoalRevised,
        m.GoalMeasured,
        m.MeasurementCorrected,
        m.GoalsAssessed,
    ),
    evolve=evolve,
)
