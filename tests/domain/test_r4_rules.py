"""The values of R4: the shipped pack, the matrix cell by cell under each reading, what is refused as senseless."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules import r4
from domain.rules.r4 import R4Rules, default_values, fields, in_force, validate, version
from domain.rules.r4_ladder import StageReminder
from domain.rules.r4_matrix import admissible, cell_forms
from domain.rules.r4_parts import AFTER, DONE_BY, STEPS, Cell, Form, Responsibility

SHIPPED = default_values()
LISTS = (
    "grounds",
    "sources",
    "severities",
    "responsibilities",
    "forms",
    "matrix",
    "owners",
    "reminders",
    "escalation",
)
TALK, WRITTEN, CIRCULATED, MOVED, OUT = (form.code for form in SHIPPED.forms)
NOTHING = ()
TABLE = {
    ("unit", "minor"): (TALK,),
    ("unit", "serious"): (WRITTEN,),
    ("unit", "severe"): (CIRCULATED,),
    ("unit", "especially_severe"): NOTHING,
    ("direct", "minor"): (TALK, WRITTEN),
    ("direct", "serious"): (CIRCULATED, MOVED),
    ("direct", "severe"): (OUT,),
    ("direct", "especially_severe"): NOTHING,
    ("indirect", "minor"): (TALK, WRITTEN),
    ("indirect", "severe"): (CIRCULATED, MOVED),
    ("indirect", "especially_severe"): (OUT,),
}
GAP = {"severe": (CIRCULATED, MOVED), "minor": (TALK, WRITTEN)}


def context_with(*versions):
    """A decision of a tenant with these published versions."""
    return Context(
        actor=Actor(kind="system"), now=datetime(2026, 3, 1, tzinfo=UTC), calendar=Calendar(), rules={"R4": versions}
    )


def fields_refused(**changes):
    """The fields that the validation names."""
    return {problem.field for problem in validate(replace(SHIPPED, **changes))}


def test_the_shipped_values_make_sense():
    """The validation finds nothing in the pack."""
    assert validate(SHIPPED) == ()


def test_the_pack_says_the_same_as_the_defaults_in_code():
    """A value left out of a partial pack falls back to the number that the pack ships."""
    assert R4Rules(**{name: getattr(SHIPPED, name) for name in LISTS}) == SHIPPED


def test_the_values_survive_storing():
    """Lists come back from the canonical bytes as they were."""
    assert msgspec.json.decode(msgspec.json.encode(SHIPPED), type=R4Rules) == SHIPPED


@pytest.mark.clause("R4.10", "R4.13", "R4.5", "R4.23")
def test_the_coded_lists_are_complete():
    """Eighteen grounds and the abuse of the office itself, eight sources, five forms."""
    assert sum(not ground.about_handlers for ground in SHIPPED.grounds) == 18
    assert [ground.code for ground in SHIPPED.grounds if ground.about_handlers] == ["office_abused"]
    assert (len(SHIPPED.sources), len(SHIPPED.forms)) == (8, 5)


@pytest.mark.clause("R4.6")
def test_responsibility_is_direct_or_indirect_and_indirect_in_two_ways():
    """Principal and important leadership share the row of indirect responsibility."""
    rows = {each.code: each.row for each in SHIPPED.responsibilities}
    assert rows == {
        "unit": "unit",
        "direct": "direct",
        "principal_leader": "indirect",
        "important_leader": "indirect",
    }


@pytest.mark.clause("R4.16", "R4.17", "R4.18")
def test_the_numbers_of_the_regulation():
    """Twenty working days to investigate, ten more, ten to serve, ten to ask for a review."""
    numbers = (
        SHIPPED.investigation_days,
        SHIPPED.extension_days,
        SHIPPED.service_days,
        SHIPPED.review_request_days,
    )
    assert numbers == (20, 10, 10, 10)


@pytest.mark.clause("R4.14", "R4.18")
def test_limits_on_which_the_source_is_silent_are_the_tenants_own():
    """Verification, proposal, initiation, resolution and review are ours to set, and marked so."""
    own = {field.name for field in fields() if field.own}
    open_limits = {"verification_days", "proposal_days", "initiation_days", "resolution_days", "review_days"}
    assert open_limits <= own
    assert [getattr(SHIPPED, name) for name in sorted(open_limits)] == [10, 5, 10, 20, 5]
    assert own.isdisjoint({"investigation_days", "extension_days", "service_days", "review_request_days"})


@pytest.mark.clause("R4.8")
def test_each_form_has_its_effects_on_appraisal():
    """Forms 1 and 2 bar excellence, 3 makes a month basically competent, 4 and 5 not competent; 1 to 3 reach a unit."""
    assert [form.person_effect for form in SHIPPED.forms] == [
        "not_excellent",
        "not_excellent",
        "basically_competent",
        "not_competent",
        "not_competent",
    ]
    assert [form.unit_effect for form in SHIPPED.forms] == ["not_excellent"] * 3 + [None, None]


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(("cell", "forms"), TABLE.items())
@pytest.mark.parametrize("reading", GAP)
def test_each_cell_of_the_matrix_admits_its_forms(cell, forms, reading):
    """No reading of the gap changes any other cell."""
    assert admissible(replace(SHIPPED, indirect_serious=reading), *cell) == forms


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(("reading", "forms"), GAP.items())
def test_the_gap_of_the_matrix_is_filled_by_its_reading(reading, forms):
    """Indirect responsibility in a serious case takes the forms of a severe one, or of a minor one."""
    assert admissible(replace(SHIPPED, indirect_serious=reading), "indirect", "serious") == forms


@pytest.mark.clause("R4.7")
def test_a_cell_that_a_tenant_fills_leaves_nothing_to_read():
    """The reading applies only while the cell is empty."""
    cell = Cell(row="indirect", severity="serious", forms=(WRITTEN,))
    assert cell_forms(replace(SHIPPED, matrix=(*SHIPPED.matrix, cell)), "indirect", "serious") == (WRITTEN,)


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(
    ("row", "severity", "attitude", "by_severity", "by_form"),
    [
        ("direct", "minor", "heavier", (CIRCULATED, MOVED), (WRITTEN, CIRCULATED)),
        ("direct", "serious", "lighter", (TALK, WRITTEN), (WRITTEN, CIRCULATED)),
        ("direct", "severe", "heavier", NOTHING, NOTHING),
        ("direct", "minor", "lighter", NOTHING, (TALK,)),
        ("unit", "severe", "lighter", (WRITTEN,), (WRITTEN,)),
        ("indirect", "especially_severe", "lighter", (CIRCULATED, MOVED), (MOVED,)),
        ("indirect", "minor", "heavier", (CIRCULATED, MOVED), (WRITTEN, CIRCULATED)),
    ],
)
def test_attitude_moves_one_step(row, severity, attitude, by_severity, by_form):
    """The step is one severity or one form, by reading; beyond the ends there is nothing."""
    assert admissible(SHIPPED, row, severity, attitude) == by_severity
    assert admissible(replace(SHIPPED, attitude="form"), row, severity, attitude) == by_form


@pytest.mark.clause("R4.5")
def test_each_way_to_carry_a_form_out_can_be_finished():
    """Every kind of execution has a step that ends it, and a step waits only for steps of its own kind."""
    for steps in STEPS.values():
        assert DONE_BY & set(steps)
        for step in steps:
            assert AFTER.get(step, frozenset()) <= set(steps)


@pytest.mark.clause("R0.7")
def test_the_version_in_force_is_that_of_the_day():
    """The newest version that has taken effect applies; before the first, none does."""
    context = context_with(
        RuleVersion(1, date(2026, 1, 1), SHIPPED),
        RuleVersion(2, date(2026, 3, 1), replace(SHIPPED, service_days=5)),
    )
    assert in_force(context, date(2026, 2, 28)).version == 1
    assert in_force(context, date(2026, 3, 1)).values.service_days == 5
    assert version(context, 1).values == SHIPPED
    with pytest.raises(Refusal) as caught:
        in_force(context, date(2025, 12, 31))
    assert (caught.value.code, caught.value.clause) == ("rules_not_adopted", "R0.7")
    with pytest.raises(LookupError):
        version(context, 3)


UNIT_IN_DIRECT = Responsibility(code="strange", zh="甲", en="a", row="direct", bearer="unit")
WITHOUT_ABUSE = tuple(ground for ground in SHIPPED.grounds if not ground.about_handlers)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"investigation_days": 0}, "investigation_days"),
        ({"service_days": 251}, "service_days"),
        ({"team_minimum": 0}, "team_minimum"),
        ({"review_body": "nobody"}, "review_body"),
        ({"reminders": (StageReminder(signal="red", before_days=4), SHIPPED.reminders[0])}, "reminders"),
        ({"reminders": SHIPPED.reminders[:1] * 2}, "reminders"),
        ({"owners": SHIPPED.owners[1:]}, "owners"),
        ({"owners": (*SHIPPED.owners, SHIPPED.owners[0])}, "owners[11].stage"),
        ({"escalation": SHIPPED.escalation[:1] * 2}, "escalation"),
        ({"sources": SHIPPED.sources[:3]}, "sources"),
        ({"grounds": WITHOUT_ABUSE}, "grounds"),
        ({"grounds": (*SHIPPED.grounds, SHIPPED.grounds[0])}, "grounds[19].code"),
        ({"sources": SHIPPED.sources[:1] * 2}, "sources[1].code"),
        ({"forms": SHIPPED.forms[:4]}, "matrix[5].forms"),
        ({"severities": SHIPPED.severities[:3]}, "matrix[8].severity"),
        ({"responsibilities": SHIPPED.responsibilities[1:]}, "matrix[0].row"),
        ({"responsibilities": (*SHIPPED.responsibilities, UNIT_IN_DIRECT)}, "responsibilities[4].bearer"),
        ({"matrix": (*SHIPPED.matrix, SHIPPED.matrix[0])}, "matrix[9]"),
        ({"matrix": (*SHIPPED.matrix[:7], SHIPPED.matrix[8])}, "indirect_serious"),
        (
            {"matrix": (Cell(row="unit", severity="minor", forms=(TALK, TALK)), *SHIPPED.matrix[1:])},
            "matrix[0].forms",
        ),
    ],
)
def test_senseless_values_are_named(changes, named):
    """Each contradiction is found at its field."""
    assert named in fields_refused(**changes)


def test_a_tenant_extends_the_lists():
    """A further form, ground and cell are as good as the shipped ones."""
    form = Form(code="reprimand", zh="书面批评", en="reprimand", execution="circulation", person_effect="not_excellent")
    ground = replace(SHIPPED.grounds[0], code="own_ground")
    cell = Cell(row="direct", severity="especially_severe", forms=(OUT, "reprimand"))
    extended = replace(
        SHIPPED, forms=(form, *SHIPPED.forms), grounds=(*SHIPPED.grounds, ground), matrix=(*SHIPPED.matrix, cell)
    )
    assert r4.validate(extended) == ()
    assert admissible(extended, "direct", "especially_severe") == ("reprimand", OUT)
