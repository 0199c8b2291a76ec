"""A department's year in points: exact, within bounds, and every lapse counts (R15.5.1.3.3)."""

from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.appraisal import appraise
from domain.rules.r15 import default_values
from tests.domain import quality_given as given

RULES = default_values()
PERCENTS = st.one_of(st.none(), st.decimals(0, 100, places=2))
GOALS = st.lists(
    st.builds(
        given.figure,
        achieved=st.booleans(),
        weight=st.integers(1, 100),
        code=st.sampled_from(("d1", "d2", "d3")),
        period=st.sampled_from(("2026-01", "2026-02", "2026-03")),
    ),
    max_size=8,
).map(tuple)
FIGURES = st.builds(
    given.figures,
    percent=PERCENTS,
    goals=GOALS,
    met=st.integers(0, 300),
    missed=st.integers(0, 300),
    excused=st.integers(0, 5),
)
READINGS = st.sampled_from([RULES, replace(RULES, missing_part="zero")])


@pytest.mark.clause("R15.5.1.3.3")
@forall(FIGURES, READINGS)
def test_points_are_within_bounds_and_have_their_grade(figures, rules):
    """Between nothing and a hundred, to two decimals; the grade is the highest that they reach."""
    found = appraise(figures, rules)
    assert 0 <= found.points <= 100
    assert found.points == found.points.quantize(Decimal("0.01"))
    reached = [grade.code for grade in rules.year_grades if grade.from_points <= found.points]
    assert found.grade == reached[0]


@pytest.mark.clause("R15.5.1.3.3")
@forall(FIGURES, READINGS)
def test_a_lapse_never_raises_the_points(figures, rules):
    """One more missed in place of one met lowers them, or leaves them at what the other parts earn."""
    if not figures.met:
        return
    worse = replace(figures, met=figures.met - 1, missed=figures.missed + 1)
    assert appraise(worse, rules).points <= appraise(figures, rules).points


@pytest.mark.clause("R15.5.1.3.3")
@forall(FIGURES)
def test_where_all_parts_have_something_to_go_by_both_readings_agree(figures):
    """The reading concerns what is missing, and nothing else."""
    if figures.percent is None or not figures.goals or not figures.met + figures.missed + figures.excused:
        return
    assert appraise(figures, RULES).points == appraise(figures, replace(RULES, missing_part="zero")).points


@pytest.mark.clause("R15.5.1.3.3")
@pytest.mark.parametrize(("reading", "points"), [("scaled", Decimal("100.00")), ("zero", Decimal("40.00"))])
def test_a_department_without_goals_is_read_in_two_ways(reading, points):
    """The rest counts for all, or the part earns nothing."""
    figures = given.figures(percent=Decimal(100), met=10, missed=0)
    assert appraise(figures, replace(RULES, missing_part=reading)).points == points


@pytest.mark.clause("R15.5.1.3.3")
def test_lapses_take_off_no_more_than_there_is():
    """Forty lapses of half a point take twenty; a hundred take no more."""
    for missed in (40, 100):
        parts = {part.name: part.points for part in appraise(given.figures(missed=missed), RULES).parts}
        assert parts["duties"] == 0


@pytest.mark.clause("R15.5.1.1", "R15.5.1.3.3")
def test_a_goal_counts_by_its_weight_however_often_it_is_measured():
    """A monthly goal that was missed in six of twelve months beside a yearly one of the same weight that was kept."""
    monthly = [
        given.figure(code="m", achieved=number <= 6, weight=50, period=f"2026-{number:02}") for number in range(1, 13)
    ]
    yearly = given.figure(code="y", weight=50, period="2026")
    figures = given.figures(goals=(*monthly, yearly))
    parts = {part.name: part for part in appraise(figures, RULES).parts}
    assert parts["goals"].points == parts["goals"].full * 3 / 4


@pytest.mark.clause("R15.5.1.1", "R15.5.1.3.3")
def test_a_weight_that_was_revised_counts_as_it_stood_last():
    """Missed throughout, at last with three times the weight of the other goal."""
    missed = [
        given.figure(code="m", achieved=False, weight=weight, period=f"2026-0{n}") for n, weight in ((2, 75), (1, 5))
    ]
    kept = given.figure(code="y", weight=25, period="2026")
    parts = {part.name: part for part in appraise(given.figures(goals=(*missed, kept)), RULES).parts}
    assert parts["goals"].points == parts["goals"].full / 4
