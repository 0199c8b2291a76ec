"""The values of R11: the shipped pack, which version applies, and what is refused as senseless."""

from datetime import UTC, date, datetime, time

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r11 import R11Rules, default_values, fields, in_force, validate, version
from domain.rules.r11_ladder import ComplaintKind, EscalationLevel, Reminder

SHIPPED = default_values()


def context_with(*versions):
    """A decision of a tenant with these published versions."""
    return Context(
        actor=Actor(kind="system"),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        calendar=Calendar(),
        rules={"R11": versions},
    )


def fields_refused(**changes):
    """The fields that the validation names."""
    return {problem.field for problem in validate(replace(SHIPPED, **changes))}


def test_the_shipped_values_make_sense():
    """The validation finds nothing in the pack."""
    assert validate(SHIPPED) == ()


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to the number that the pack ships."""
    lists = {name: getattr(SHIPPED, name) for name in ("kinds", "escalation", "reminders")}
    assert R11Rules(**lists) == SHIPPED


@pytest.mark.clause("R11.1.1", "R11.1.2", "R11.1.3", "R11.1.4", "R11.1.5", "R11.1.7", "R11.1.8")
def test_the_numbers_of_the_hand_overs():
    """The source's limits stand in the pack: the same day, Monday and Thursday, 24 hours, two working days."""
    assert (SHIPPED.filing_days, SHIPPED.binding_days, SHIPPED.presale_documents_days) == (0, 0, 0)
    assert SHIPPED.company_copy_weekdays == (1, 4)
    assert SHIPPED.borrowing_signed_by == "sales_director"
    assert (SHIPPED.mortgage_hours, SHIPPED.registered_contract_working_days) == (24, 2)


@pytest.mark.clause("R11.1.10", "R11.1.13", "R11.2.2", "R11.3")
def test_the_amounts_of_the_fines():
    """100 and 50 yuan for a document, a late complaint and failing help; 20 to 50 for late work."""
    assert (SHIPPED.lost_document_fine_fen, SHIPPED.lost_document_joint_fen) == (10_000, 5_000)
    assert (SHIPPED.late_fine_fen, SHIPPED.late_joint_fen) == (10_000, 5_000)
    assert (SHIPPED.help_fine_fen, SHIPPED.help_joint_fen) == (10_000, 5_000)
    assert (SHIPPED.late_work_lowest_fen, SHIPPED.late_work_highest_fen) == (2_000, 5_000)
    assert SHIPPED.lost_document_joint_roles == ("sales_director",)
    assert SHIPPED.late_joint_roles == SHIPPED.help_joint_roles == ("sales_director", "director_assistant")


def test_the_values_survive_storing():
    """Times and lists come back from the canonical bytes as they were."""
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R11Rules) == SHIPPED


def test_each_value_says_what_kind_of_value_it_is():
    """Times of day, roles and lists are told apart for the administrators' page."""
    kinds = {field.name: field.kind for field in fields()}
    assert kinds["business_opens_at"] == "time"
    assert kinds["borrowing_signed_by"] == "text"
    assert kinds["escalation"] == "list"
    assert (kinds["late_fine_fen"], kinds["late"]) == ("integer", "choice")


@pytest.mark.clause("R0.7")
def test_the_version_in_force_is_that_of_the_day():
    """The newest version that has taken effect applies; before the first, none does."""
    context = context_with(
        RuleVersion(1, date(2026, 1, 1), SHIPPED),
        RuleVersion(2, date(2026, 3, 1), replace(SHIPPED, late_fine_fen=1)),
    )
    assert in_force(context, date(2026, 2, 28)).version == 1
    assert in_force(context, date(2026, 3, 1)).values.late_fine_fen == 1
    assert version(context, 1).values == SHIPPED
    with pytest.raises(Refusal) as caught:
        in_force(context, date(2025, 12, 31))
    assert (caught.value.code, caught.value.clause) == ("rules_not_adopted", "R0.7")
    with pytest.raises(LookupError):
        version(context, 3)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"business_closes_at": time(9)}, "business_closes_at"),
        ({"business_opens_at": time(9, tzinfo=UTC)}, "business_opens_at"),
        ({"late_work_lowest_fen": 5_001}, "late_work_highest_fen"),
        ({"late_joint_roles": ("sales_director", "sales_director")}, "late_joint_roles"),
        ({"company_copy_weekdays": (1, 1)}, "company_copy_weekdays"),
        ({"late_fine_fen": -1}, "late_fine_fen"),
        ({"late": "never"}, "late"),
        ({"kinds": (ComplaintKind(code="a", zh="甲", en="A"),) * 2}, "kinds[1].code"),
        ({"escalation": (EscalationLevel(role="leader", after_minutes=1, channel="inbox"),) * 2}, "escalation"),
        ({"reminders": (Reminder(signal="red", before_minutes=1, role="handler", channel="inbox"),) * 2}, "reminders"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in fields_refused(**changes)
