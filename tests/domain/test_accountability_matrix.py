"""What may be resolved: the matrix of R4.7 with attitude and exemption, for each respondent his own (R4.5 to R4.7)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.accountability import events as e
from domain.accountability import events_time as t
from domain.accountability.words import VerdictGiven
from domain.rules.r4 import default_values
from domain.rules.r4_matrix import admissible, judged
from domain.rules.r4_parts import Cell
from tests.domain.accountability_given import (
    BOSS,
    CIRCULATED,
    CLERK,
    MOVED,
    OTHER,
    OUT,
    OUTSIDER,
    SECRETARY,
    TALK,
    WRITTEN,
    Case,
    of,
    person,
    report,
    resolution,
    unit,
)

SHIPPED = default_values()
ROWS = {"unit": "unit", "direct": "direct", "principal_leader": "indirect", "important_leader": "indirect"}
SEVERITIES = tuple(each.code for each in SHIPPED.severities)
FORMS = tuple(form.code for form in SHIPPED.forms)
WEIGHT = {code: place for place, code in enumerate(FORMS)}
CELLS = [
    (responsibility, severity, form)
    for responsibility in ROWS
    for severity in SEVERITIES
    for form in (TALK, WRITTEN, CIRCULATED, MOVED, OUT)
]


def against(responsibility, **values):
    """A case before the committee, against one who bears a responsibility, and the key that names him."""
    respondent = unit() if responsibility == "unit" else person(CLERK, responsibility)
    return Case(report(respondent), **values).heard(), "logistics" if responsibility == "unit" else CLERK


@pytest.mark.clause("R4.7", "R4.5")
@pytest.mark.parametrize(("responsibility", "severity", "form"), CELLS)
def test_each_cell_admits_its_forms_and_refuses_all_others(responsibility, severity, form):
    """What is imposed names its cell; what is refused names the cell and what could be imposed there."""
    case, key = against(responsibility)
    allowed = admissible(SHIPPED, ROWS[responsibility], severity)
    given_verdict = resolution(case.verdict(key, severity, (form,)))
    if form in allowed:
        resolved = case.send(SECRETARY, given_verdict)[0]
        verdict = resolved.verdicts[0]
        assert (verdict.row, verdict.severity.code, verdict.codes) == (ROWS[responsibility], severity, (form,))
        assert tuple(each.code for each in verdict.admissible) == allowed
    else:
        refusal = case.refuse(SECRETARY, given_verdict)
        assert (refusal.code, refusal.clause, refusal.field) == ("form_not_admissible", "R4.7", "verdicts[0].forms[0]")
        assert refusal.details == {
            "row": ROWS[responsibility],
            "severity": severity,
            "attitude": None,
            "severity_applied": severity,
            "admissible": list(allowed),
        }


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(("reading", "form"), [("severe", MOVED), ("minor", WRITTEN)])
def test_the_gap_is_filled_by_its_reading_and_the_verdict_says_so(reading, form):
    """Indirect responsibility in a serious case: the reading stands in the verdict."""
    case, key = against("principal_leader", indirect_serious=reading)
    resolved = case.send(SECRETARY, resolution(case.verdict(key, "serious", (form,))))[0]
    assert resolved.verdicts[0].readings == {"R4.7.indirect_serious": reading}


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(
    ("attitude", "severity", "form", "applied", "reading"),
    [
        ("lighter", "serious", WRITTEN, "minor", "severity"),
        ("heavier", "minor", MOVED, "serious", "severity"),
        ("lighter", "serious", WRITTEN, "serious", "form"),
        ("heavier", "minor", CIRCULATED, "minor", "form"),
    ],
)
def test_attitude_moves_one_step_and_says_why(attitude, severity, form, applied, reading):
    """The severity decided on and the one applied both stand in the verdict, with the reason and the reading."""
    case, key = against("direct", attitude=reading)
    verdict = case.verdict(key, severity, (form,), attitude=attitude, attitude_reason="态度")
    decided = case.send(SECRETARY, resolution(verdict))[0].verdicts[0]
    assert (decided.severity.code, decided.severity_applied.code) == (severity, applied)
    assert (decided.attitude_reason, decided.readings) == ("态度", {"R4.7.attitude": reading})


@pytest.mark.clause("R4.7")
def test_attitude_leads_no_further_than_the_ends_of_the_list():
    """Lighter than the lightest admits nothing, and the refusal says that no severity is left."""
    case, key = against("direct")
    verdict = case.verdict(key, "minor", (TALK,), attitude="lighter", attitude_reason="态度")
    refusal = case.refuse(SECRETARY, resolution(verdict))
    assert (refusal.details["severity_applied"], refusal.details["admissible"]) == (None, [])


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"forms": ()}, "form_missing", "verdicts[0].forms"),
        ({"forms": ("flogging",)}, "form_unknown", "verdicts[0].forms[0]"),
        ({"forms": (TALK, TALK)}, "form_twice", "verdicts[0].forms[1]"),
        ({"forms": (TALK, OUT)}, "form_not_admissible", "verdicts[0].forms[1]"),
        ({"severity": None}, "severity_unknown", "verdicts[0].severity"),
        ({"severity": "dire"}, "severity_unknown", "verdicts[0].severity"),
        ({"responsibility": "unit"}, "responsibility_unknown", "verdicts[0].responsibility"),
        ({"responsibility": "moral"}, "responsibility_unknown", "verdicts[0].responsibility"),
        ({"attitude": "lighter"}, "attitude_reason_missing", "verdicts[0].attitude_reason"),
        ({"attitude_reason": "好"}, "attitude_reason_missing", "verdicts[0].attitude_reason"),
        ({"exemption": "accident"}, "exemption_unclear", "verdicts[0].exemption"),
        ({"outcome": "exempt"}, "form_out_of_place", "verdicts[0]"),
        ({"outcome": "cleared", "forms": (), "exemption": "accident"}, "exemption_unclear", "verdicts[0].exemption"),
        ({"outcome": "exempt", "forms": ()}, "exemption_unclear", "verdicts[0].exemption"),
        ({"respondent_id": OTHER}, "respondent_unknown", "verdicts[0].respondent_id"),
    ],
)
def test_a_verdict_that_does_not_add_up_is_refused(changes, code, field):
    """The field at fault is named."""
    case, key = against("direct")
    refusal = case.refuse(SECRETARY, resolution(replace(case.verdict(key), **changes)))
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("R4.7")
@pytest.mark.parametrize("exemption", ["accident", "force_majeure"])
def test_accident_and_force_majeure_exempt(exemption):
    """Who is exempt bears nothing; where nobody else is held to account, the case ends with the resolution."""
    case, key = against("direct")
    verdict = VerdictGiven(respondent_id=case.id_of(key), outcome="exempt", reason="台风停电", exemption=exemption)
    resolved, dismissed = case.send(SECRETARY, resolution(verdict))
    assert (resolved.verdicts[0].exemption, dismissed.stage) == (exemption, "resolution")
    assert (case.state.status, case.state.clocks) == ("dismissed", {})


@pytest.mark.clause("R4.6", "R4.7")
def test_respondents_answer_each_by_his_own_row():
    """One matter, one severity, three responsibilities: three different measures, and one of them is cleared."""
    case = Case(report(person(CLERK), person(BOSS, "principal_leader"), unit(), person(OUTSIDER))).heard()
    cleared = VerdictGiven(respondent_id=case.id_of(OUTSIDER), outcome="cleared", reason="无责任")
    verdicts = (
        case.verdict(CLERK, "severe", (OUT,)),
        case.verdict(BOSS, "severe", (CIRCULATED,)),
        case.verdict("logistics", "severe", (CIRCULATED,)),
        cleared,
    )
    resolved = case.send(SECRETARY, resolution(*verdicts))[0]
    assert [(each.row, each.codes) for each in resolved.verdicts] == [
        ("direct", (OUT,)),
        ("indirect", (CIRCULATED,)),
        ("unit", (CIRCULATED,)),
        (None, ()),
    ]
    limits = [began.clock.respondent_id for began in of(case.events, t.StageBegan) if began.clock.stage == "service"]
    assert limits == [case.id_of(who) for who in (CLERK, BOSS, "logistics")]


@pytest.mark.clause("R4.7")
def test_a_resolution_speaks_of_every_respondent_once():
    """One left out and one named twice are refused."""
    case = Case(report(person(CLERK), person(BOSS, "principal_leader"))).heard()
    one = case.verdict(CLERK)
    missing = case.refuse(SECRETARY, resolution(one))
    twice = case.refuse(SECRETARY, resolution(one, one))
    assert (missing.code, missing.field) == ("verdict_missing", "verdicts")
    assert (twice.code, twice.field) == ("verdict_twice", "verdicts[1].respondent_id")


@pytest.mark.clause("R4.6")
def test_the_responsibility_is_resolved_on_not_fixed_by_the_naming():
    """The committee may find another one than that under which somebody was named."""
    case, key = against("direct")
    resolved = case.send(SECRETARY, resolution(case.verdict(key, responsibility="important_leader")))[0]
    assert (resolved.verdicts[0].row, resolved.verdicts[0].responsibility.code) == ("indirect", "important_leader")


@pytest.mark.clause("R4.7")
def test_a_resolution_holds_what_the_written_decision_says():
    """Matter, grounds, responsibility, severity and forms in words, who resolved and when, the time for a review."""
    case, key = against("direct")
    resolved = case.send(SECRETARY, resolution(case.verdict(key, "serious", (CIRCULATED, MOVED))))[0]
    verdict = resolved.verdicts[0]
    assert isinstance(resolved, e.CaseResolved)
    assert (resolved.matter, resolved.body, resolved.decided_on) == ("采购未招标", "party_committee", date(2026, 9, 14))
    assert [each.zh for each in resolved.grounds] == ["工程采购违反程序造成严重后果"]
    assert (verdict.respondent.name, verdict.responsibility.zh, verdict.severity.zh) == (
        "职工11",
        "直接责任",
        "情节较重",
    )
    assert [each.zh for each in verdict.forms] == ["通报批评", "停职检查或调离岗位"]
    assert (resolved.review_days, resolved.rule_version) == (10, 1)


@pytest.mark.clause("R4.7")
def test_a_tenants_own_cell_is_as_good_as_the_shipped_ones():
    """A cell that the source leaves empty may be filled."""
    cell = Cell(row="direct", severity="especially_severe", forms=(OUT,))
    case, key = against("direct", matrix=(*SHIPPED.matrix, cell))
    assert case.send(SECRETARY, resolution(case.verdict(key, "especially_severe", (OUT,))))


SOME_ROW, SOME_SEVERITY = st.sampled_from(sorted(set(ROWS.values()))), st.sampled_from(SEVERITIES)
SOME_RULES = st.builds(
    lambda gap, step: replace(SHIPPED, indirect_serious=gap, attitude=step),
    st.sampled_from(["severe", "minor"]),
    st.sampled_from(["severity", "form"]),
)


@pytest.mark.clause("R4.7")
@given(rules=SOME_RULES, row=SOME_ROW, lower=SOME_SEVERITY, higher=SOME_SEVERITY)
def test_graver_severities_never_admit_milder_forms(rules, row, lower, higher):
    """Within a row the matrix is monotone under each reading: both the mildest and the gravest form only rise."""
    lower, higher = sorted((lower, higher), key=SEVERITIES.index)
    mild, grave = admissible(rules, row, lower), admissible(rules, row, higher)
    if mild and grave:
        assert WEIGHT[mild[0]] <= WEIGHT[grave[0]]
        assert WEIGHT[mild[-1]] <= WEIGHT[grave[-1]]


@pytest.mark.clause("R4.7")
@given(rules=SOME_RULES, row=SOME_ROW, severity=SOME_SEVERITY)
def test_attitude_never_moves_the_wrong_way(rules, row, severity):
    """Heavier never admits a milder form than nothing said, lighter never a graver; and what is judged is admitted."""
    plain = admissible(rules, row, severity)
    for attitude, sign in (("heavier", 1), ("lighter", -1)):
        moved = judged(rules, row, severity, attitude)
        assert moved.forms == admissible(rules, row, severity, attitude)
        if plain and moved.forms:
            assert sign * WEIGHT[moved.forms[0]] >= sign * WEIGHT[plain[0]]
            assert sign * WEIGHT[moved.forms[-1]] >= sign * WEIGHT[plain[-1]]
