"""Quality goals: decomposed, put into force, measured against the target of then (R15.5.1.1)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from domain.kernel import Refusal
from domain.quality_goal import messages as g
from domain.quality_goal.measuring import achieved, achieved_percent
from domain.rule_book import messages as r
from tests.domain import quality_given as given
from tests.domain.world import BOOKS, PEOPLE, World

CLAUSE = "R15.5.1.1"


def adopted(*goals):
    """A world whose goals of the year are in force, and their stream."""
    world = World()
    given.adopt(world)
    stream = given.planned(world, *goals)
    world.send("quality_goal", stream, g.AdoptGoals(), person=given.MANAGER)
    world.pass_to(2026, 4, 2)
    return world, stream


def send(world, stream, command, person=given.HEAD):
    """Ask something of the goals; the first event."""
    return world.send("quality_goal", stream, command, person=person)[0]


def refused(world, stream, command, person=given.HEAD):
    """The code with which a command is refused."""
    with pytest.raises(Refusal) as caught:
        send(world, stream, command, person)
    return caught.value.code


@pytest.mark.clause(CLAUSE)
def test_goals_come_into_force_once_each_company_goal_is_taken_up():
    """A company goal that no department takes up is named, and keeps the plan from being adopted."""
    world = World()
    given.adopt(world)
    stream = given.planned(world, given.goal("c1"), given.goal("c2"), given.goal("d1", "c1"))
    with pytest.raises(Refusal) as caught:
        send(world, stream, g.AdoptGoals(), given.MANAGER)
    assert (caught.value.code, caught.value.details) == ("goals_not_covered", {"goals": ["c2"]})
    send(world, stream, g.SetGoal(goal=given.goal("d2", "c2")), given.QUALITY)
    event = send(world, stream, g.AdoptGoals(), given.MANAGER)
    assert (event.company, event.departments, event.readings) == (2, 2, {"R15.5.1.1.coverage": "any"})


@pytest.mark.clause(CLAUSE)
def test_a_plan_without_company_goals_covers_nothing():
    """Nothing is not decomposed."""
    world = World()
    given.adopt(world)
    stream = given.planned(world, given.goal("c1"))
    send(world, stream, g.DropGoal(code="c1"), given.QUALITY)
    assert refused(world, stream, g.AdoptGoals(), given.MANAGER) == "goals_not_covered"


@pytest.mark.clause(CLAUSE)
@pytest.mark.parametrize(("weights", "covered"), [((60, 40), True), ((60, 30), False)])
def test_by_the_other_reading_the_weights_must_add_up(weights, covered):
    """A company goal is covered once the weights of those who take it up are a hundred together."""
    world = World()
    given.adopt(world)
    changes = r.DraftVersion(changes={"coverage": "weights"}, note="按权重")
    world.send("rule_book", BOOKS["R15"], changes, person=PEOPLE[0])
    publish = r.PublishVersion(version=2, effective_from=date(2026, 3, 3))
    world.send("rule_book", BOOKS["R15"], publish, person=PEOPLE[1])
    world.pass_to(2026, 3, 3)
    parts = [given.goal(f"d{n}", "c1", weight=Decimal(weight)) for n, weight in enumerate(weights)]
    stream = given.planned(world, given.goal("c1"), *parts)
    if covered:
        assert send(world, stream, g.AdoptGoals(), given.MANAGER).rule_version == 2
    else:
        assert refused(world, stream, g.AdoptGoals(), given.MANAGER) == "goals_not_covered"


@pytest.mark.clause(CLAUSE)
def test_a_goal_of_a_department_takes_up_a_company_goal():
    """It names a company goal, its department and its process; one that others take up stays."""
    world = World()
    given.adopt(world)
    stream = given.planned(world)
    for goal, code in (
        (given.goal("d2", "nowhere"), "not_a_company_goal"),
        (given.goal("d2", "d1"), "not_a_company_goal"),
        (given.goal("d2", "c1", process=""), "goal_of_nobody"),
        (given.goal("c3", department_id=given.DEPARTMENT), "goal_without_parent"),
        (given.goal("d2", "c1", weight=Decimal(0)), "weight_out_of_bounds"),
        (given.goal("d2", "c1", target=Decimal("NaN")), "value_out_of_bounds"),
    ):
        assert refused(world, stream, g.SetGoal(goal=goal), given.QUALITY) == code
    assert refused(world, stream, g.DropGoal(code="c1"), given.QUALITY) == "goal_taken_up"


@pytest.mark.clause(CLAUSE)
@pytest.mark.parametrize(
    ("direction", "value", "met"),
    [("at_least", 95, True), ("at_least", 94, False), ("at_most", 95, True), ("at_most", 96, False)],
)
def test_the_domain_decides_what_is_achieved(direction, value, met):
    """The target itself is achieved, either way."""
    world, stream = adopted(given.goal("c1"), given.goal("d1", "c1", direction=direction))
    event = send(world, stream, given.measured(value=value))
    assert (event.achieved, event.target, event.clause) == (met, Decimal(95), CLAUSE)


@pytest.mark.clause(CLAUSE)
def test_a_measurement_keeps_the_target_it_was_measured_against():
    """A target revised later, or a value corrected after that, changes nothing of it."""
    world, stream = adopted()
    send(world, stream, given.measured(value=96))
    revise = g.ReviseGoal(code="d1", direction="at_least", target=Decimal(98), person=given.HEAD, reason="加严")
    assert send(world, stream, revise, given.MANAGER).version == 2
    corrected = g.CorrectMeasurement(code="d1", period="2026-03", value=Decimal(97), source="复核", reason="误录")
    event = send(world, stream, corrected)
    assert (event.previous, event.target, event.achieved) == (Decimal(96), Decimal(95), True)
    world.pass_to(2026, 5, 2)
    later = send(world, stream, given.measured(period="2026-04", value=97))
    assert (later.target, later.version, later.achieved) == (Decimal(98), 2, False)


@pytest.mark.clause(CLAUSE)
def test_a_period_is_measured_once_when_it_is_over_by_whoever_is_responsible():
    """Not before, not twice, not in another kind of period, not by others."""
    world, stream = adopted()
    assert refused(world, stream, given.measured(), given.OTHER) == "not_responsible"
    assert refused(world, stream, given.measured(period="2026-04")) == "period_not_over"
    assert refused(world, stream, given.measured(period="2026-Q1")) == "not_its_period"
    assert refused(world, stream, given.measured(code="d9")) == "no_such_goal"
    assert refused(world, stream, given.measured(value="Infinity")) == "value_out_of_bounds"
    send(world, stream, given.measured())
    assert refused(world, stream, given.measured()) == "measured_already"


@pytest.mark.clause(CLAUSE)
def test_goals_in_force_are_changed_by_a_further_event_alone():
    """They are neither written anew nor dropped."""
    world, stream = adopted()
    assert refused(world, stream, g.SetGoal(goal=given.goal("d1", "c1")), given.QUALITY) == "wrong_status"
    assert refused(world, stream, g.DropGoal(code="d1"), given.QUALITY) == "wrong_status"


@pytest.mark.clause(CLAUSE, "R15.6")
def test_an_assessment_holds_each_goal_of_the_department_with_what_it_came_to():
    """Months of the quarter, the quarter itself; what was not measured says so and does not count."""
    world, stream = adopted(
        given.goal("c1"),
        given.goal("d1", "c1", weight=Decimal(60)),
        given.goal("d2", "c1", weight=Decimal(40), every="quarter"),
    )
    send(world, stream, given.measured(value=90))
    send(world, stream, given.measured(code="d2", period="2026-Q1", value=99))
    asked = g.AssessGoals(department_id=given.DEPARTMENT, period="2026-Q1")
    event = send(world, stream, asked, given.QUALITY)
    assert [(line.code, line.period, line.achieved) for line in event.lines] == [
        ("d1", "2026-01", None),
        ("d1", "2026-02", None),
        ("d1", "2026-03", False),
        ("d2", "2026-Q1", True),
    ]
    assert event.achieved_percent == Decimal("40.00")


@forall(st.lists(st.tuples(st.integers(1, 100).map(Decimal), st.booleans()), max_size=20))
def test_the_share_achieved_is_a_percentage(measured):
    """Between nothing and a hundred, a hundred exactly when all is achieved, none without any."""
    share = achieved_percent(measured)
    assert (share is None) == (not measured)
    if share is not None:
        assert 0 <= share <= 100
        assert (share == 100) == all(met for _, met in measured)


@forall(st.decimals(-100, 100, places=2), st.decimals(-100, 100, places=2))
def test_one_of_both_directions_is_always_met(target, value):
    """Both are, where the value is the target."""
    both = achieved("at_least", target, value) + achieved("at_most", target, value)
    assert both == (2 if target == value else 1)
