"""How goals are measured, corrected and assessed: the domain decides what is achieved (R15.5.1.1)."""

from decimal import ROUND_HALF_UP, Decimal

from domain.kernel import Context, Event, Refusal
from domain.quality_goal import messages as m
from domain.quality_goal.handlers import CLAUSE, HUNDRED, must_be_a_number, no_such_goal
from domain.quality_goal.state import QualityGoalState
from domain.quality_terms import Direction, every_of, forbidden, is_over, months_of, person_of, senseless, wrong_status

CENT = Decimal("0.01")
QUALITY = "quality_department"


def achieved(direction: Direction, target: Decimal, value: Decimal) -> bool:
    """Whether a value meets a target: the target itself does, either way."""
    return value >= target if direction == "at_least" else value <= target


def measure(state: QualityGoalState, command: m.RecordMeasurement, context: Context) -> tuple[Event, ...]:
    """Record a period's value once, by the one responsible or the quality department."""
    goal = _goal(state, command.code, context)
    if command.period[:4] != state.year or every_of(command.period) != goal.every:
        raise senseless("not_its_period", "期间与目标不符", "The goal has no such period.", "period", CLAUSE)
    if not is_over(command.period, context):
        raise senseless("period_not_over", "该期尚未结束", "The period is not over yet.", "period", CLAUSE)
    must_be_a_number(command.value, "value")
    if command.period in state.measured.get(command.code, {}):
        raise Refusal("measured_already", zh="该期已有实际值", en="The period is measured; correct it.", clause=CLAUSE)
    return (
        m.GoalMeasured(
            code=goal.code,
            period=command.period,
            department_id=goal.department_id,
            indicator=goal.indicator,
            unit=goal.unit,
            weight=goal.weight,
            version=state.versions[goal.code],
            direction=goal.direction,
            target=goal.target,
            value=command.value,
            achieved=achieved(goal.direction, goal.target, command.value),
            source=command.source,
            evidence=command.evidence,
            measured_by=person_of(context, CLAUSE),
            measured_on=context.today,
        ),
    )


def correct(state: QualityGoalState, command: m.CorrectMeasurement, context: Context) -> tuple[Event, ...]:
    """Another value against the same target as before."""
    _goal(state, command.code, context)
    known = state.measured.get(command.code, {}).get(command.period)
    if known is None:
        raise senseless("not_measured", "该期尚无实际值", "The period is not measured.", "period", CLAUSE)
    must_be_a_number(command.value, "value")
    return (
        m.MeasurementCorrected(
            code=command.code,
            period=command.period,
            previous=known.value,
            value=command.value,
            direction=known.direction,
            target=known.target,
            achieved=achieved(known.direction, known.target, command.value),
            source=command.source,
            evidence=command.evidence,
            reason=command.reason,
            corrected_by=person_of(context, CLAUSE),
            corrected_on=context.today,
        ),
    )


def assess(state: QualityGoalState, command: m.AssessGoals, context: Context) -> tuple[Event, ...]:
    """Put a department's goals of a period beside what they came to (QR-019-05)."""
    person = person_of(context, CLAUSE)
    if state.status != "adopted":
        raise wrong_status(state.status, CLAUSE, "adopted")
    if command.period[:4] != state.year or not is_over(command.period, context):
        raise senseless(
            "period_not_over", "须为本年已结束的期间", "Name a period of the year that is over.", "period", CLAUSE
        )
    goals = [goal for goal in state.goals.values() if goal.department_id == command.department_id]
    if not goals:
        raise senseless("no_goals", "该部门没有目标", "The department has no goals.", "department_id", CLAUSE)
    lines = tuple(line for goal in goals for line in _lines(state, goal, command.period))
    return (
        m.GoalsAssessed(
            number=state.assessments + 1,
            year=state.year,
            department_id=command.department_id,
            department=goals[0].department,
            period=command.period,
            lines=lines,
            achieved_percent=achieved_percent(
                [(line.weight, line.achieved) for line in lines if line.achieved is not None]
            ),
            evaluation=command.evaluation,
            assessed_by=person,
            assessed_on=context.today,
        ),
    )


def achieved_percent(measured: list[tuple[Decimal, bool]]) -> Decimal | None:
    """By weight, how much of what was measured was achieved, in per cent to two decimals; none without any."""
    whole = sum((weight for weight, _ in measured), Decimal(0))
    if not whole:
        return None
    got = sum((weight for weight, met in measured if met), Decimal(0))
    return (got * HUNDRED / whole).quantize(CENT, ROUND_HALF_UP)


def _lines(state: QualityGoalState, goal: m.Goal, period: str) -> list[m.GoalLine]:
    """The goal's periods that end within the one assessed; each with its value, or without."""
    inner = _periods(goal, period)
    found = state.measured.get(goal.code, {})
    return [
        m.GoalLine(
            code=goal.code,
            indicator=goal.indicator,
            unit=goal.unit,
            direction=found[one].direction if one in found else goal.direction,
            target=found[one].target if one in found else goal.target,
            period=one,
            weight=goal.weight,
            value=found[one].value if one in found else None,
            achieved=found[one].achieved if one in found else None,
        )
        for one in inner
    ]


def _periods(goal: m.Goal, period: str) -> list[str]:
    months = months_of(period)
    if goal.every == "month":
        return list(months)
    if goal.every == "year":
        return [period[:4]] if months[-1].endswith("-12") else []
    ends = {f"{period[:4]}-{quarter * 3:02}": f"{period[:4]}-Q{quarter}" for quarter in range(1, 5)}
    return [ends[month] for month in months if month in ends]


def _goal(state: QualityGoalState, code: str, context: Context) -> m.Goal:
    """A goal in force that the actor may measure."""
    person = person_of(context, CLAUSE)
    if state.status != "adopted":
        raise wrong_status(state.status, CLAUSE, "adopted")
    goal = state.goals.get(code)
    if goal is None:
        raise no_such_goal()
    if person != goal.person and QUALITY not in context.actor.roles:
        raise forbidden(
            "not_responsible",
            "只能由责任人或质量管理部办理",
            "Only who is responsible, or the quality department.",
            CLAUSE,
        )
    return goal
