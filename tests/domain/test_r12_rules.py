"""The values of R12: the shipped pack, the duties that follow from it, and what is refused as senseless."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.duty_terms import LapseLevel
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r12 import R12Rules, default_values, fields, in_force, validate, version
from domain.rules.r12_duties import duties_of
from domain.rules.r12_parts import LEVELS, InspectionLevel, LiabilityRule, LogReview

SHIPPED = default_values()
LISTS = ("levels", "reviews", "liability", "log_parts", "lapse_ladder", "shifts")


def asked(level):
    """What the pack asks of a level."""
    return next(each for each in SHIPPED.levels if each.level == level)


def owed(level, rules=SHIPPED):
    """The duties of a level: kind → how often, how many times."""
    return {one.kind: (one.cadence.kind, one.times) for one in duties_of(level, rules, 1)}


def test_the_shipped_values_make_sense_and_survive_storing():
    """The validation finds nothing, and the canonical bytes give the same values."""
    assert validate(SHIPPED) == ()
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R12Rules) == SHIPPED


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to the number that the pack ships."""
    assert R12Rules(**{name: getattr(SHIPPED, name) for name in LISTS}) == SHIPPED


@pytest.mark.clause("R12.5.1")
def test_the_frequency_of_each_level():
    """Once a month, once in three days, once a day, twice a day, a self-check each day; a department has none."""
    assert {level: owed(level).get("r12.inspect") for level in LEVELS} == {
        "company_manager": ("monthly", 1),
        "department": None,
        "project_head": ("every_days", 1),
        "supervisor": ("daily", 1),
        "area_lead": ("daily", 2),
        "operator": ("daily", 1),
    }


@pytest.mark.clause("R12.5.1")
def test_the_coverage_of_each_level():
    """All items, a fifth of them; a fifth and a third of the area with seven cleaning units."""
    assert asked("company_manager").items_one_in == 1
    assert asked("project_head").items_one_in == 5
    assert (asked("supervisor").area_one_in, asked("supervisor").units) == (5, 7)
    assert (asked("area_lead").area_one_in, asked("area_lead").units) == (3, 7)


@pytest.mark.clause("R12.5.1", "R12.6.1")
def test_who_reviews_whose_log_how_often():
    """The manager the heads' each month, the head the supervisors' each week, the supervisor signs the forms daily."""
    assert owed("company_manager")["r12.review.log.project_head"] == ("monthly", 1)
    assert owed("project_head")["r12.review.log.supervisor"] == ("weekly", 1)
    assert owed("supervisor")["r12.review.form.area_lead"] == ("daily", 1)
    assert [each.level for each in SHIPPED.levels if each.logs] == ["company_manager", "project_head", "supervisor"]
    assert set(SHIPPED.log_parts) == {"time", "points", "results", "analysis", "measures", "lessons"}


@pytest.mark.clause("R12.5.1")
def test_each_reading_changes_what_is_owed():
    """Blocks instead of rolling days, twice a shift instead of a day, no inspections on rest days."""
    rules = replace(SHIPPED, window="blocks", shift="shift", rest_day="skipped")
    (head,) = (one for one in duties_of("project_head", rules, 2) if one.kind == "r12.inspect")
    assert (head.cadence.counting, head.cadence.days, head.cadence.rest_days) == ("blocks", 3, "skipped")
    assert head.readings["R12.5.1.window"] == "blocks"
    assert (head.clause, head.rule_version) == ("R12.5.1", 2)
    assert owed("area_lead", rules) == {"r12.inspect": ("shift", 2)}


@pytest.mark.clause("R0.7")
def test_the_version_in_force_is_that_of_the_day():
    """The newest that has taken effect; before the first, none."""
    versions = (RuleVersion(1, date(2026, 1, 1), SHIPPED), RuleVersion(2, date(2026, 3, 1), SHIPPED))
    context = Context(
        actor=Actor(kind="system"),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        calendar=Calendar(),
        rules={"R12": versions},
    )
    assert [in_force(context, date(2026, 2, 28)).version, in_force(context, date(2026, 3, 1)).version] == [1, 2]
    assert version(context, 1).values == SHIPPED
    with pytest.raises(Refusal):
        in_force(context, date(2025, 12, 31))
    with pytest.raises(LookupError):
        version(context, 3)


def test_each_value_says_what_kind_of_value_it_is():
    """Lists and readings are told apart for the administrators' page."""
    kinds = {field.name: (field.kind, field.reading) for field in fields()}
    assert kinds["levels"] == ("list", None)
    assert kinds["window"] == ("choice", "R12.5.1.window")
    assert kinds["same_issue"] == ("choice", "R12.same_issue")
    assert kinds["every_days"] == ("integer", None)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"every_days": 0}, "every_days"),
        ({"levels": (InspectionLevel(level="operator", role="operator", often="daily"),) * 2}, "levels[1].level"),
        (
            {"reviews": (LogReview(reviewer="operator", of="supervisor", what="log", often="daily"),)},
            "reviews[0].reviewer",
        ),
        ({"reviews": SHIPPED.reviews[:1] * 2}, "reviews[1].of"),
        (
            {
                "liability": (
                    LiabilityRule(
                        found_by=("supervisor",), after=("project_head",), liable=("operator",), decided_by="supervisor"
                    ),
                )
            },
            "liability[0].after",
        ),
        (
            {
                "liability": (
                    LiabilityRule(found_by=("supervisor",), after=("area_lead",), liable=(), decided_by="supervisor"),
                )
            },
            "liability[0].liable",
        ),
        ({"log_parts": ("time", "time")}, "log_parts"),
        ({"lapse_ladder": (LapseLevel(missed_in_a_row=2, role="operator"),) * 2}, "lapse_ladder"),
        ({"shifts": SHIPPED.shifts[::-1]}, "shifts"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in {problem.field for problem in validate(replace(SHIPPED, **changes))}
