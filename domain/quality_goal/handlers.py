"""How goals are written, decomposed, put into force and revised (R15.5.1.1)."""

from decimal import Decimal

from domain.kernel import Context, Event, Refusal
from domain.quality_goal import messages as m
from domain.quality_goal.state import QualityGoalState
from domain.quality_terms import is_number, person_of, senseless, wrong_status
from domain.rules.r15 import R15Rules, in_force

CLAUSE = "R15.5.1.1"
MOST_GOALS = 500
HUNDRED = Decimal(100)


def plan(_: None, command: m.PlanGoals, context: Context) -> tuple[Event, ...]:
    """Begin a year that is this one or the next."""
    person = person_of(context, CLAUSE)
    if int(command.year) not in (context.today.year, context.today.year + 1):
        raise senseless("not_a_year_to_plan", "只能编制本年或下年目标", "Plan this year or the next.", "year", CLAUSE)
    return (m.GoalsPlanned(year=command.year, planned_by=person),)


def set_goal(state: QualityGoalState, command: m.SetGoal, _: Context) -> tuple[Event, ...]:
    """Write a goal: the company's own, or one that takes up a company goal for a department."""
    _must_be(state, "drafted")
    goal = command.goal
    if goal.code not in state.goals and len(state.goals) >= MOST_GOALS:
        raise Refusal("too_many_goals", zh=f"最多{MOST_GOALS}项目标", en=f"At most {MOST_GOALS} goals.", clause=CLAUSE)
    must_be_a_number(goal.target, "goal.target")
    if not is_number(goal.weight) or not 0 < goal.weight <= HUNDRED:
        raise senseless(
            "weight_out_of_bounds", "权重须大于0且不超过100", "A weight is of 0 to 100.", "goal.weight", CLAUSE
        )
    if goal.parent is None:
        if goal.department_id is not None:
            raise senseless(
                "goal_without_parent", "部门目标须承接公司目标", "It takes up a company goal.", "goal.parent", CLAUSE
            )
    else:
        _must_take_up(state, goal)
    if any(other.parent == goal.code for other in state.goals.values()) and goal.parent is not None:
        raise senseless("goal_taken_up", "该目标已被承接", "Others take this goal up.", "goal.parent", CLAUSE)
    return (m.GoalSet(year=state.year, goal=goal),)


def drop(state: QualityGoalState, command: m.DropGoal, _: Context) -> tuple[Event, ...]:
    """Take a goal out that nobody takes up."""
    _must_be(state, "drafted")
    if command.code not in state.goals:
        raise no_such_goal()
    if any(goal.parent == command.code for goal in state.goals.values()):
        raise senseless("goal_taken_up", "该目标已被承接", "Others take this goal up.", "code", CLAUSE)
    return (m.GoalDropped(code=command.code),)


def adopt(state: QualityGoalState, _: m.AdoptGoals, context: Context) -> tuple[Event, ...]:
    """Put them into force once every company goal is covered, by the reading R15.5.1.1.coverage."""
    person = person_of(context, CLAUSE)
    _must_be(state, "drafted")
    found = in_force(context, context.today)
    company = [goal for goal in state.goals.values() if goal.parent is None]
    uncovered = sorted(goal.code for goal in company if not _covered(state, goal, found.values))
    if not company or uncovered:
        raise Refusal(
            "goals_not_covered",
            zh="每项公司目标均须分解到部门",
            en="Every company goal must be taken up by departments.",
            clause=CLAUSE,
            details={"goals": uncovered},
        )
    return (
        m.GoalsAdopted(
            company=len(company),
            departments=len(state.goals) - len(company),
            adopted_by=person,
            adopted_on=context.today,
            readings={"R15.5.1.1.coverage": found.values.coverage},
            rule_version=found.version,
        ),
    )


def revise(state: QualityGoalState, command: m.ReviseGoal, context: Context) -> tuple[Event, ...]:
    """Another target from now on."""
    person = person_of(context, CLAUSE)
    _must_be(state, "adopted")
    if command.code not in state.goals:
        raise no_such_goal()
    must_be_a_number(command.target, "target")
    return (
        m.GoalRevised(
            code=command.code,
            version=state.versions[command.code] + 1,
            direction=command.direction,
            target=command.target,
            person=command.person,
            reason=command.reason,
            revised_by=person,
            from_on=context.today,
        ),
    )


def must_be_a_number(value: Decimal, field: str) -> None:
    """A value that can be kept and compared exactly."""
    if not is_number(value):
        raise senseless(
            "value_out_of_bounds", "数值过大或小数过多", "The value is too large or too fine.", field, CLAUSE
        )


def no_such_goal() -> Refusal:
    """A code that no goal has."""
    return senseless("no_such_goal", "没有该目标", "There is no such goal.", "code", CLAUSE)


def _must_take_up(state: QualityGoalState, goal: m.Goal) -> None:
    parent = state.goals.get(goal.parent or "")
    if parent is None or parent.parent is not None or parent.code == goal.code:
        raise senseless("not_a_company_goal", "须承接公司目标", "It takes up a company goal.", "goal.parent", CLAUSE)
    if goal.department_id is None or not goal.department or not goal.process:
        raise senseless(
            "goal_of_nobody",
            "分解目标须落实到部门与过程",
            "It is a department's, of a process.",
            "goal.department_id",
            CLAUSE,
        )


def _covered(state: QualityGoalState, company: m.Goal, rules: R15Rules) -> bool:
    weights = [goal.weight for goal in state.goals.values() if goal.parent == company.code]
    return bool(weights) and (rules.coverage == "any" or sum(weights) == HUNDRED)


def _must_be(state: QualityGoalState, *statuses: str) -> None:
    if state.status not in statuses:
        raise wrong_status(state.status, CLAUSE, *statuses)
