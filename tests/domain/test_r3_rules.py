"""The values of R3: the shipped pack, which version applies, and what is refused as senseless."""

from datetime import UTC, date, datetime, time

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r3 import R3Rules, default_values, fields, in_force, validate, version

SHIPPED = default_values()


def fields_refused(**changes):
    """The fields that the validation names."""
    return {problem.field for problem in validate(replace(SHIPPED, **changes))}


def test_the_shipped_values_make_sense():
    """The validation finds nothing in the pack."""
    assert validate(SHIPPED) == ()


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to what the pack ships."""
    lists = {name: getattr(SHIPPED, name) for name in ("free", "charged", "priorities", "tariff", "order_levels")}
    assert R3Rules(**lists) == SHIPPED


@pytest.mark.clause("R3.1.1", "R3.1.2", "R3.2.1", "R3.2.2")
def test_the_numbers_of_the_source():
    """A day and half a day of lead time; four free uses, five charged ones, six classes, one of them receptions."""
    assert (SHIPPED.lead_days, SHIPPED.half_day_minutes, SHIPPED.half_day_working_minutes) == (1, 12 * 60, 4 * 60)
    assert (len(SHIPPED.free), len(SHIPPED.charged), len(SHIPPED.priorities)) == (4, 5, 6)
    assert [each.code for each in SHIPPED.free if each.reception] == [SHIPPED.free[0].code]


def test_the_values_survive_storing():
    """Times and lists come back from the canonical bytes as they were."""
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R3Rules) == SHIPPED


def test_each_value_says_what_kind_of_value_it_is():
    """Times of day, choices and lists are told apart for the administrators' page."""
    kinds = {field.name: field.kind for field in fields()}
    assert (kinds["opens_at"], kinds["tariff"], kinds["preempt"], kinds["lead_days"]) == (
        "time",
        "list",
        "choice",
        "integer",
    )


@pytest.mark.clause("R0.7")
def test_the_version_in_force_is_that_of_the_day():
    """The newest version that has taken effect applies; before the first, none does."""
    context = Context(
        actor=Actor(kind="system"),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        calendar=Calendar(),
        rules={
            "R3": (
                RuleVersion(1, date(2026, 1, 1), SHIPPED),
                RuleVersion(2, date(2026, 3, 1), replace(SHIPPED, lead_days=2)),
            )
        },
    )
    assert in_force(context, date(2026, 2, 28)).version == 1
    assert in_force(context, date(2026, 3, 1)).values.lead_days == 2
    assert version(context, 1).values == SHIPPED
    with pytest.raises(Refusal) as caught:
        in_force(context, date(2025, 12, 31))
    assert (caught.value.code, caught.value.clause) == ("rules_not_adopted", "R0.7")
    with pytest.raises(LookupError):
        version(context, 3)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"closes_at": time(8)}, "closes_at"),
        ({"opens_at": time(9, tzinfo=UTC)}, "opens_at"),
        ({"lead_days": -1}, "lead_days"),
        ({"late": "never"}, "late"),
        ({"cut_off_day": 29}, "cut_off_day"),
        ({"free": SHIPPED.free[1:]}, "free"),
        ({"tariff": SHIPPED.tariff[:1] * 2}, "tariff[1].code"),
        ({"priorities": SHIPPED.priorities[:1] * 2}, "priorities[1].code"),
        ({"charged": (replace(SHIPPED.charged[0], code=SHIPPED.free[0].code),)}, "charged[0].code"),
        ({"order_levels": SHIPPED.order_levels[:1] * 2}, "order_levels"),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in fields_refused(**changes)
