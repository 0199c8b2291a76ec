"""The values of R14: the shipped pack, their description as data, and what is refused as senseless."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain import clauses
from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.periods import Month, first_day, last_day, month_of, next_month
from domain.rules.r14 import R14Rules, default_values, fields, in_force, validate, version
from domain.rules.registry import REGULATIONS

SHIPPED = default_values()


def context_with(*versions: RuleVersion) -> Context:
    """A decision in March 2026 of a tenant with these published versions."""
    return Context(
        actor=Actor(kind="system"),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        calendar=Calendar(),
        rules={"R14": versions},
    )


def contents_with(row: int = 0, **changes: Any) -> R14Rules:
    """The shipped rules with one item of the first content changed."""
    first = SHIPPED.contents[0]
    items = list(first.items)
    items[row] = msgspec.structs.replace(items[row], **changes)
    content = msgspec.structs.replace(first, items=tuple(items))
    return msgspec.structs.replace(SHIPPED, contents=(content, *SHIPPED.contents[1:]))


def fields_refused(values: R14Rules) -> set[str]:
    """The fields that the validation names."""
    return {problem.field for problem in validate(values)}


@pytest.mark.clause("R14.1")
def test_the_pack_has_eleven_contents_that_add_up_to_the_full_score():
    """The shipped catalogue covers the eleven contents and distributes 100 points."""
    points = sum(item.points for content in SHIPPED.contents for item in content.items)
    assert (len(SHIPPED.contents), points) == (11, Decimal(100))


@pytest.mark.clause("R14.3")
def test_nine_contents_await_a_departments_result():
    """Satisfaction and complaints are gathered by survey and complaint, not declared by a department."""
    silent = {content.code for content in SHIPPED.contents if not content.awaits_result}
    assert silent == {"satisfaction", "complaints"}


def test_the_shipped_values_make_sense():
    """The validation finds nothing in the pack."""
    assert validate(SHIPPED) == ()


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to the number that the pack ships."""
    assert R14Rules(contents=SHIPPED.contents) == SHIPPED


@pytest.mark.clause("R14.2.1", "R14.2.3", "R14.2.4", "R14.4")
def test_the_numbers_of_the_regulation():
    """The source's numbers stand in the pack."""
    shipped = SHIPPED
    assert (shipped.full_score, shipped.qualified_at, shipped.fail_line, shipped.excellent_at) == (100, 80, 70, 90)
    assert (shipped.centre_weight, shipped.satisfaction_weight) == (Decimal("0.6"), Decimal("0.4"))
    assert (shipped.dissatisfaction_limit_percent, shipped.veto_loss_fen) == (40, 1_000_000)
    assert (shipped.staff_representatives, shipped.student_representatives) == (10, 20)


def test_every_reading_lists_its_options_with_the_shipped_one_first():
    """A choice names its ambiguity, and its labels match what the type allows."""
    described = msgspec.inspect.type_info(R14Rules)
    assert isinstance(described, msgspec.inspect.StructType)
    allowed = {
        field.name: field.type.type.values
        for field in described.fields
        if isinstance(field.type, msgspec.inspect.Metadata) and isinstance(field.type.type, msgspec.inspect.LiteralType)
    }
    choices = {field.name: field for field in fields() if field.kind == "choice"}
    assert set(allowed) == set(choices)
    for name, field in choices.items():
        assert field.reading is not None
        assert field.reading.startswith(field.clause)
        assert sorted(option.value for option in field.options) == sorted(allowed[name])
        assert field.options[0].value == getattr(SHIPPED, name)


def test_readings_and_clauses_are_those_of_the_register():
    """Each choice offers the options that the register of clauses lists, in its order; each clause is listed."""
    register = clauses.load()
    offered = {
        field.reading: (tuple(option.value for option in field.options), field.own)
        for field in fields()
        if field.reading
    }
    listed = {
        reading.id: (tuple(option.value for option in reading.options), reading.own)
        for reading in register.regulations["R14"].readings
    }
    assert offered == listed
    assert {field.clause for field in fields()} <= set(register.clauses)


def test_every_value_is_described_for_people():
    """Each field of the rules has a clause and a label in both languages."""
    described = fields()
    assert {field.name for field in described} == set(R14Rules.__struct_fields__)
    assert all(field.clause.startswith("R14.") and field.label.zh and field.label.en for field in described)


def test_values_on_which_the_source_is_silent_are_marked_as_the_tenants_own():
    """Days and thresholds that the source leaves open are known as such."""
    own = {field.name for field in fields() if field.own}
    assert {"minor_correction_days", "correction_days", "top_up_days", "dissatisfied_below"} <= own
    assert "penalty_percent" not in own


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"centre_weight": Decimal("0.7")}, "centre_weight"),
        ({"centre_weight": Decimal("-0.6"), "satisfaction_weight": Decimal("1.6")}, "centre_weight"),
        ({"centre_weight": Decimal(0), "satisfaction_weight": Decimal(1)}, "centre_weight"),
        ({"qualified_at": Decimal(60)}, "qualified_at"),
        ({"qualified_at": Decimal(70)}, "qualified_at"),
        ({"excellent_at": Decimal(79)}, "excellent_at"),
        ({"excellent_at": Decimal(101)}, "excellent_at"),
        ({"dissatisfied_below": Decimal(101)}, "dissatisfied_below"),
        ({"penalty_percent": Decimal(-1)}, "penalty_percent"),
        ({"reward_percent": Decimal(101)}, "reward_percent"),
        ({"dissatisfaction_limit_percent": Decimal("NaN")}, "dissatisfaction_limit_percent"),
        ({"complaint_multiplier": Decimal("sNaN")}, "complaint_multiplier"),
        ({"full_score": Decimal("Infinity")}, "full_score"),
        ({"full_score": Decimal("1E+5000000")}, "full_score"),
        ({"penalty_percent": Decimal("1E-5000000")}, "penalty_percent"),
        ({"rounding_step": Decimal(0)}, "rounding_step"),
        ({"rounding_step": Decimal("0.7")}, "rounding_step"),
        ({"trim_min_ballots": 2}, "trim_min_ballots"),
        ({"trim_highest": -1}, "trim_highest"),
        ({"veto_loss_fen": 0}, "veto_loss_fen"),
        ({"minor_correction_days": 0}, "minor_correction_days"),
        ({"termination_after": 1}, "termination_after"),
        ({"summary_recipients": ()}, "summary_recipients"),
        ({"trim": "some"}, "trim"),
        ({"contents": ()}, "contents"),
        ({"full_score": Decimal(120)}, "contents"),
    ],
)
def test_senseless_values_are_refused_with_the_field_named(changes: dict[str, Any], field: str):
    """Each value that makes no sense, alone or beside another, is named."""
    assert field in fields_refused(msgspec.structs.replace(SHIPPED, **changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"deduction": Decimal(5)}, "contents[0].items[1].deduction"),
        ({"deduction": Decimal(0)}, "contents[0].items[1].deduction"),
        ({"deduction": Decimal("NaN")}, "contents[0].items[1].deduction"),
        ({"points": Decimal(-4)}, "contents[0].items[1].points"),
        ({"points": Decimal(3)}, "contents"),
        ({"code": "hygiene.corridors"}, "contents[0].items[1].code"),
    ],
)
@pytest.mark.clause("R14.1")
def test_a_senseless_item_is_refused_with_its_place_named(changes: dict[str, Any], field: str):
    """An item of the catalogue is checked where it stands."""
    assert field in fields_refused(contents_with(row=1, **changes))


def test_contents_need_items_and_distinct_codes():
    """A content without items and two contents of one code are both refused."""
    bare = msgspec.structs.replace(SHIPPED.contents[1], code="hygiene", items=())
    values = msgspec.structs.replace(SHIPPED, contents=(SHIPPED.contents[0], bare, *SHIPPED.contents[2:]))
    assert {"contents[1].items", "contents[1].code", "contents"} == fields_refused(values)


@pytest.mark.clause("R14.2.1")
def test_one_line_for_passing_and_failing_is_allowed_when_the_line_itself_passes():
    """Without a marginal band the fail line may equal the qualified line, if the line belongs above."""
    values = msgspec.structs.replace(SHIPPED, fail_line=Decimal(80), fail_at="passes")
    assert validate(values) == ()


@pytest.mark.clause("R14.6")
def test_the_version_in_force_is_the_latest_effective_on_the_day():
    """A version applies from its effective date on, the day itself included."""
    newer = msgspec.structs.replace(SHIPPED, penalty_percent=Decimal(2))
    context = context_with(
        RuleVersion(1, date(2026, 3, 1), SHIPPED),
        RuleVersion(2, date(2026, 5, 1), newer),
    )
    assert in_force(context, date(2026, 3, 1)).version == 1
    assert in_force(context, date(2026, 4, 30)).values == SHIPPED
    assert in_force(context, date(2026, 5, 1)).values == newer
    assert version(context, 1).values == SHIPPED


@pytest.mark.clause("R14.6")
def test_before_the_first_effective_date_no_rules_are_in_force():
    """A month before the regulation applies can not be decided."""
    context = context_with(RuleVersion(1, date(2026, 3, 1), SHIPPED))
    with pytest.raises(Refusal) as refused:
        in_force(context, date(2026, 2, 28))
    assert (refused.value.code, refused.value.clause) == ("rules_not_adopted", "R14.6")


def test_an_unpublished_version_is_a_fault():
    """Asking for a version that never was is an error of the program, not a refusal."""
    with pytest.raises(LookupError):
        version(context_with(), 7)


def test_values_survive_being_stored():
    """Rule values come back the same from canonical builtins, decimals as strings."""
    stored = msgspec.to_builtins(SHIPPED)
    assert stored["centre_weight"] == "0.60"
    assert msgspec.convert(stored, R14Rules) == SHIPPED


def test_the_registry_knows_the_regulation():
    """The registry leads from the regulation's id to its values."""
    regulation = REGULATIONS["R14"]
    assert regulation.default_values() == SHIPPED
    assert regulation.validate(SHIPPED) == ()
    assert regulation.fields() == fields()


def test_months_know_their_days():
    """First and last day, leap years and the turn of the year."""
    assert (first_day("2026-03"), last_day("2026-03")) == (date(2026, 3, 1), date(2026, 3, 31))
    assert last_day("2028-02") == date(2028, 2, 29)
    assert next_month("2026-12") == "2027-01"
    assert month_of(date(2026, 3, 31)) == "2026-03"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-03", "2026-03\n", "2026-3", ""])
def test_what_is_not_a_month_is_refused(text: str):
    """Only ``YYYY-MM`` of a real month decodes."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Month)
