"""The values of R15: the shipped pack, and what is refused as senseless."""

from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from domain.duty_terms import LapseLevel
from domain.rules.r15 import R15Rules, default_values, fields, validate
from domain.rules.r15_parts import Grade, YearGrade

SHIPPED = default_values()


def test_the_shipped_values_make_sense_and_survive_storing():
    """The validation finds nothing, and the canonical bytes give the same values."""
    assert validate(SHIPPED) == ()
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R15Rules) == SHIPPED


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to the number that the pack ships."""
    lists = {field.name: getattr(SHIPPED, field.name) for field in fields() if field.kind == "list"}
    assert R15Rules(**lists) == SHIPPED


@pytest.mark.clause("R15.5.1.3.2")
def test_the_report_is_due_by_the_fifth_working_day():
    """The start of a month is its first five working days, and sheets come in before that."""
    assert (SHIPPED.start_of_month, SHIPPED.report_working_day) == ("working_day", 5)
    assert SHIPPED.submission_working_day < SHIPPED.report_working_day


@pytest.mark.clause("R15.5.1.4")
def test_awards_are_of_four_levels():
    """District, city, province and nation."""
    assert [level.code for level in SHIPPED.award_levels] == ["district", "city", "province", "nation"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"sheet_items": SHIPPED.sheet_items[:1] * 2}, "sheet_items[1].code"),
        ({"award_levels": SHIPPED.award_levels[:1] * 2}, "award_levels[1].code"),
        ({"sheet_grades": SHIPPED.sheet_grades[1:]}, "sheet_grades"),
        (
            {
                "sheet_grades": (
                    *SHIPPED.sheet_grades,
                    Grade(code="fine", zh="细", en="Fine", percent=Decimal("0.00001")),
                )
            },
            "sheet_grades[3].percent",
        ),
        ({"year_grades": SHIPPED.year_grades[::-1]}, "year_grades"),
        ({"year_grades": (YearGrade(code="all", zh="全", en="All", from_points=Decimal(1)),)}, "year_grades"),
        ({"lapse_ladder": (LapseLevel(missed_in_a_row=2, role="department"),) * 2}, "lapse_ladder"),
        ({"report_ladder": (LapseLevel(missed_in_a_row=2, role="department"),) * 2}, "report_ladder"),
        ({"goal_points": Decimal(50)}, "goal_points"),
        ({"report_working_day": 0}, "report_working_day"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in {problem.field for problem in validate(replace(SHIPPED, **changes))}
