"""After the resolution: service, effects, filing, review, execution, closing (R4.5, R4.8, R4.17 to R4.19, R4.22)."""

from datetime import date
from uuid import UUID

import pytest

from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability import events_after as f
from domain.accountability import events_time as t
from domain.accountability.words import VerdictGiven
from tests.domain.accountability_given import (
    ATTENDEE,
    BOSS,
    CIRCULATED,
    CLERK,
    GROUP,
    HEAD,
    MOVED,
    OFFICE,
    OTHER,
    OUT,
    OUTSIDER,
    PERSONNEL,
    SECRETARY,
    STREAM,
    TALK,
    WRITTEN,
    Case,
    at,
    of,
    person,
    report,
    resolution,
    unit,
)

GRAVE = {"severity": "serious", "forms": (CIRCULATED, MOVED)}


@pytest.mark.clause("R4.17")
def test_the_decision_is_served_with_a_statement_of_rights_and_proof():
    """The event holds who received it, how, the proof, and until when a review may be asked for."""
    case = Case().decided()
    served = case.send(OFFICE, case.service(case.id_of(CLERK)))[0]
    assert (served.respondent.name, served.received_by, served.method, served.proof) == (
        "职工11",
        "本人",
        "in_person",
        "回证-1",
    )
    assert (served.review_until, served.late, case.state.status) == (date(2026, 9, 28), False, "served")


@pytest.mark.clause("R4.17")
@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"rights_stated": False}, "rights_not_stated", "rights_stated"),
        ({"received_on": date(2026, 9, 15)}, "in_the_future", "received_on"),
        ({"received_on": date(2026, 9, 13)}, "received_before_decided", "received_on"),
        ({"respondent_id": OTHER}, "respondent_unknown", "respondent_id"),
    ],
)
def test_what_can_not_be_served_so_is_refused(more, code, field):
    """Without the rights, on a day to come, before the decision, upon a stranger."""
    case = Case().decided()
    refusal = case.refuse(OFFICE, case.service(**{"respondent_id": case.id_of(CLERK), **more}))
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("R4.17")
def test_each_who_is_held_to_account_is_served_once_and_others_are_not():
    """The case is served once all are; who was cleared has no decision to receive."""
    case = Case(report(person(CLERK), person(BOSS, "principal_leader"), person(OUTSIDER))).heard()
    cleared = VerdictGiven(respondent_id=case.id_of(OUTSIDER), outcome="cleared", reason="无责任")
    case.send(SECRETARY, resolution(case.verdict(), case.verdict(BOSS), cleared))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    assert case.state.status == "decided"
    assert case.refuse(OFFICE, case.service(case.id_of(CLERK))).code == "served_already"
    assert case.refuse(OFFICE, case.service(case.id_of(OUTSIDER))).code == "nothing_to_serve"
    case.send(OFFICE, case.service(case.id_of(BOSS)))
    assert case.state.status == "served"


EFFECTS = [
    ("direct", "minor", (TALK,), "not_excellent"),
    ("direct", "minor", (WRITTEN,), "not_excellent"),
    ("direct", "serious", (CIRCULATED,), "basically_competent"),
    ("direct", "serious", (MOVED,), "not_competent"),
    ("direct", "severe", (OUT,), "not_competent"),
    ("direct", "serious", (CIRCULATED, MOVED), "not_competent"),
    ("unit", "minor", (TALK,), "not_excellent"),
    ("unit", "serious", (WRITTEN,), "not_excellent"),
    ("unit", "severe", (CIRCULATED,), "not_excellent"),
]


@pytest.mark.clause("R4.8", "R4.22")
@pytest.mark.parametrize(("responsibility", "severity", "forms", "effect"), EFFECTS)
def test_each_form_has_its_effect_on_appraisal(responsibility, severity, forms, effect):
    """A person's month or a unit's year is bound, by the gravest of several forms, once the decision is served."""
    who, named, period = (CLERK, person(CLERK), "2026-09")
    if responsibility == "unit":
        who, named, period = ("logistics", unit(), "2026")
    case = Case(report(named)).heard()
    case.send(SECRETARY, resolution(case.verdict(who, severity, forms)))
    assert not of(case.events, f.EffectImposed)
    (imposed,) = of(case.send(OFFICE, case.service(case.id_of(who))), f.EffectImposed)
    assert (imposed.effect, imposed.period, imposed.subject) == (effect, period, str(who))
    assert imposed.clause == "R4.8"


@pytest.mark.clause("R4.8")
@pytest.mark.parametrize(
    ("reading", "month"), [("service", "2026-10"), ("decision", "2026-09"), ("conduct", "2026-07")]
)
def test_the_month_that_is_affected_follows_the_reading(reading, month):
    """Decided in September, served in October, for something done in July; the event says by which reading."""
    case = Case(effect_month=reading).heard()
    case.until(at(9, 25))
    case.send(SECRETARY, resolution(case.verdict(conduct_month="2026-07")))
    case.until(at(10, 9))
    (imposed,) = of(case.send(OFFICE, case.service(case.id_of(CLERK))), f.EffectImposed)
    assert (imposed.period, imposed.readings) == (month, {"R4.8.month": reading})


@pytest.mark.clause("R4.8")
@pytest.mark.parametrize("month", [None, "2026-10"])
def test_where_the_month_of_the_conduct_counts_it_is_needed(month):
    """Missing, or yet to come, it is refused with its field."""
    case = Case(effect_month="conduct").heard()
    refusal = case.refuse(SECRETARY, resolution(case.verdict(conduct_month=month)))
    assert (refusal.code, refusal.field) == ("conduct_month_missing", "verdicts[0].conduct_month")


@pytest.mark.clause("R4.5", "R4.7")
def test_a_unit_in_a_minor_case_is_admonished_through_its_head():
    """The sanction is the unit's, and names the head to whom the talk is given."""
    case = Case(report(unit())).heard()
    case.send(SECRETARY, resolution(case.verdict("logistics")))
    (imposed,) = of(case.send(OFFICE, case.service(case.id_of("logistics"))), f.SanctionImposed)
    assert (imposed.subject_kind, imposed.form.code, imposed.head) == ("unit", TALK, HEAD)


@pytest.mark.clause("R4.19")
def test_the_decision_and_the_review_decision_are_each_filed_once():
    """Filing has its own limit; what does not exist or was filed is not filed."""
    case = Case().served()
    key = case.id_of(CLERK)
    filed = a.FileWithPersonnel(reference="备案-1")
    assert case.send(PERSONNEL, filed)[0].kind == "decision"
    assert case.refuse(PERSONNEL, filed).code == "filed_already"
    review = a.FileWithPersonnel(respondent_id=key, reference="备案-2")
    assert case.refuse(PERSONNEL, review).code == "no_review_decision"
    case.reviewed("upheld")
    assert f"filing:{key}" in case.state.clocks
    assert case.send(PERSONNEL, review)[0].kind == "review"
    assert case.refuse(PERSONNEL, review).code == "filed_already"


@pytest.mark.clause("R4.18")
def test_only_the_respondent_asks_for_a_review_and_once():
    """Neither the office nor another respondent does it for him; the head does for a unit."""
    case = Case(report(person(CLERK), unit())).heard()
    case.send(SECRETARY, resolution(case.verdict(), case.verdict("logistics")))
    key = case.id_of(CLERK)
    ask = a.RequestReview(respondent_id=key, reasons="不服")
    assert case.refuse(CLERK, ask).code == "not_served"
    case.send(OFFICE, case.service(key), case.service(case.id_of("logistics")))
    for who in (OFFICE, HEAD):
        assert case.refuse(who, ask).code == "not_the_respondent"
    (requested, limit) = case.send(CLERK, ask)
    assert (requested.execution_suspended, limit.clock.stage) == (False, "review")
    assert case.refuse(CLERK, ask).code == "review_asked_already"
    assert case.send(HEAD, a.RequestReview(respondent_id=case.id_of("logistics"), reasons="不服"))


@pytest.mark.clause("R4.18")
def test_a_review_suspends_nothing_and_the_decision_says_what_went_on_meanwhile():
    """A step carried out while the review ran, the forms and the effect in force, stand in the review decision."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(**GRAVE)))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    case.send(PERSONNEL, case.step(CIRCULATED, "circulated"))
    case.send(CLERK, a.RequestReview(respondent_id=case.id_of(CLERK), reasons="不服"))
    case.send(PERSONNEL, case.step(MOVED, "suspended"))
    decided, *_ = case.reviewed("revoked")
    assert decided.carried_out_meanwhile == ("suspended",)
    assert (decided.in_force_meanwhile, decided.effect_meanwhile) == ((CIRCULATED, MOVED), "not_competent")
    assert (decided.original.codes, decided.verdict) == ((CIRCULATED, MOVED), None)


@pytest.mark.clause("R4.18")
def test_an_upheld_decision_stands_as_it_was():
    """Nothing is reversed or imposed anew."""
    case = Case().served()
    before = case.party()
    events = case.reviewed("upheld")
    assert [type(event) for event in events] == [f.ReviewDecided, t.StageBegan]
    assert (case.party().sanctions, case.party().effect) == (before.sanctions, before.effect)


@pytest.mark.clause("R4.18", "R4.22")
def test_a_revoked_decision_reverses_its_forms_and_its_effect():
    """By new events that name the entries, the steps taken by then, and the reason; nothing of it is owed any more."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(**GRAVE)))
    imposed = case.send(OFFICE, case.service(case.id_of(CLERK)))
    case.send(PERSONNEL, case.step(MOVED, "suspended"))
    events = case.reviewed("revoked")
    sanctions, effects = of(events, f.SanctionReversed), of(events, f.EffectReversed)
    assert [event.entry_key for event in sanctions] == [event.entry_key for event in of(imposed, f.SanctionImposed)]
    assert [event.entry_key for event in effects] == [event.entry_key for event in of(imposed, f.EffectImposed)]
    assert [event.steps_taken for event in sanctions] == [(), ("suspended",)]
    assert {event.clause for event in (*sanctions, *effects)} == {"R4.22"}
    assert (case.party().sanctions, case.party().effect) == ({}, None)
    assert not [key for key in case.state.clocks if key.startswith(("execution", "correction"))]
    assert case.refuse(PERSONNEL, case.step(MOVED, "transferred")).code == "form_does_not_stand"


@pytest.mark.clause("R4.18", "R4.22")
def test_a_changed_decision_touches_only_what_changed():
    """One form stays with its entry, the other goes; the effect follows the forms that are left, in the same month."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(**GRAVE)))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    kept = case.party().sanctions[CIRCULATED]
    case.send(CLERK, a.RequestReview(respondent_id=case.id_of(CLERK), reasons="不服"))
    case.until(at(10, 9))
    case.reviewed("changed", case.verdict(severity="serious", forms=(CIRCULATED,)))
    assert case.party().sanctions == {CIRCULATED: kept}
    assert (case.party().effect.effect, case.party().effect.period) == ("basically_competent", "2026-09")
    assert [event.form.code for event in of(case.events, f.SanctionReversed)] == [MOVED]
    assert len(of(case.events, f.SanctionImposed)) == 2


@pytest.mark.clause("R4.18")
def test_a_form_imposed_on_review_has_its_time_from_then():
    """The limit to carry it out counts from the day of the review decision, under keys of its own."""
    case = Case().served()
    first = case.party().sanctions[TALK].entry_key
    case.send(CLERK, a.RequestReview(respondent_id=case.id_of(CLERK), reasons="不服"))
    case.until(at(9, 22))
    events = case.reviewed("changed", case.verdict(forms=(WRITTEN,)))
    (began,) = [event for event in of(events, t.StageBegan) if event.clock.stage == "correction"]
    assert began.clock.started_on == date(2026, 9, 22)
    assert case.party().sanctions[WRITTEN].entry_key != first
    assert not of(events, f.EffectReversed)


@pytest.mark.clause("R4.18", "R4.7")
@pytest.mark.parametrize(
    ("outcome", "changes", "code"),
    [
        ("changed", None, "verdict_out_of_place"),
        ("upheld", {}, "verdict_out_of_place"),
        ("revoked", {}, "verdict_out_of_place"),
        ("changed", {"forms": (OUT,)}, "form_not_admissible"),
        ("changed", {"outcome": "cleared", "forms": ()}, "revoke_instead"),
        ("changed", {"respondent_id": OTHER}, "other_respondent"),
    ],
)
def test_a_review_decides_within_the_matrix(outcome, changes, code):
    """A changed decision, and it alone, brings a verdict on that respondent that the matrix admits."""
    case = Case().served()
    key = case.id_of(CLERK)
    case.send(CLERK, a.RequestReview(respondent_id=key, reasons="不服"))
    told = {"respondent_id": key, "outcome": "accountable", "reason": "酌情", "severity": "minor", "forms": (TALK,)}
    verdict = None if changes is None else VerdictGiven(**{**told, **changes})
    decide = a.DecideReview(respondent_id=key, outcome=outcome, reason="经复核", verdict=verdict)
    refusal = case.refuse(GROUP, decide)
    assert (refusal.code, refusal.field.split(".")[0]) == (code, "verdict")


@pytest.mark.clause("R4.18")
def test_a_review_is_decided_once_and_only_when_asked_for():
    """Neither unasked nor twice."""
    case = Case().served()
    decide = a.DecideReview(respondent_id=case.id_of(CLERK), outcome="upheld", reason="经复核")
    assert case.refuse(GROUP, decide).code == "no_review_pending"
    case.reviewed("upheld")
    assert case.refuse(GROUP, decide).code == "no_review_pending"


@pytest.mark.clause("R4.18")
@pytest.mark.parametrize("decider", [ATTENDEE, SECRETARY, GROUP])
def test_who_took_part_in_the_decision_does_not_review_it_under_that_reading(decider):
    """Attendees, the recorder, the giver of the opinion; as shipped the same office may review."""
    same = Case().served()
    assert same.reviewed("upheld", by=decider)[0].readings == {"R4.18.body": "same_office"}
    others = Case(review_body="uninvolved").served()
    others.send(CLERK, a.RequestReview(respondent_id=others.id_of(CLERK), reasons="不服"))
    decide = a.DecideReview(respondent_id=others.id_of(CLERK), outcome="upheld", reason="经复核")
    refusal = others.refuse(decider, decide)
    assert (refusal.code, refusal.kind, refusal.clause) == ("reviewer_decided", "forbidden", "R4.18")
    assert others.send(OFFICE, decide)[0].readings == {"R4.18.body": "uninvolved"}


FORMS = [
    ("minor", TALK, ("talk_held",)),
    ("minor", WRITTEN, ("self_criticism_received", "correction_confirmed")),
    ("serious", CIRCULATED, ("circulated",)),
    ("serious", MOVED, ("suspended", "suspension_ended")),
    ("serious", MOVED, ("transferred",)),
    ("severe", OUT, ("resignation_advised", "resignation_ordered", "left_office")),
    ("severe", OUT, ("dismissal_proposed", "left_office")),
]


@pytest.mark.clause("R4.5")
@pytest.mark.parametrize(("severity", "form", "steps"), FORMS)
def test_each_form_is_carried_out_in_its_steps(severity, form, steps):
    """The last step ends the limit; nothing more is recorded of a form carried out."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(severity=severity, forms=(form,))))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    done = [case.send(PERSONNEL, case.step(form, step))[0].done for step in steps]
    assert done == [*[False] * (len(steps) - 1), True]
    assert not [key for key in case.state.clocks if key.startswith(("execution", "correction"))]
    assert case.refuse(PERSONNEL, case.step(form, steps[-1])).code == "executed_already"


@pytest.mark.clause("R4.5")
@pytest.mark.parametrize(
    ("form", "step", "on", "code"),
    [
        (WRITTEN, "correction_confirmed", None, "step_too_early"),
        (WRITTEN, "talk_held", None, "step_of_another_form"),
        (TALK, "talk_held", None, "form_does_not_stand"),
        (WRITTEN, "self_criticism_received", date(2026, 9, 15), "in_the_future"),
        (WRITTEN, "self_criticism_received", date(2026, 9, 13), "done_before_service"),
    ],
)
def test_a_step_out_of_place_is_refused(form, step, on, code):
    """Out of order, of another form, of a form not imposed, tomorrow, before service."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(forms=(WRITTEN,))))
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    assert case.refuse(PERSONNEL, case.step(form, step, done_on=on)).code == code


@pytest.mark.clause("R4.5")
def test_a_step_is_recorded_once_and_not_before_service():
    """The same step again is refused; so is any step before the decision was served."""
    case = Case().heard()
    case.send(SECRETARY, resolution(case.verdict(forms=(WRITTEN,))))
    received = case.step(WRITTEN, "self_criticism_received")
    assert case.refuse(PERSONNEL, received).code == "not_served"
    case.send(OFFICE, case.service(case.id_of(CLERK)))
    case.send(PERSONNEL, received)
    assert case.refuse(PERSONNEL, received).code == "step_taken_already"


@pytest.mark.clause("R4.14")
def test_a_case_is_closed_once_nothing_is_owed():
    """Until then the refusal lists what is: the right to a review, the execution, the filing."""
    case = Case().served()
    key = case.id_of(CLERK)
    refusal = case.refuse(OFFICE, a.CloseCase(note="办结"))
    assert refusal.code == "still_owed"
    assert refusal.details["owed"] == [f"execution:{key}:{TALK}", "filing", f"review_request:{key}"]
    case.send(PERSONNEL, case.step(TALK, "talk_held"), a.FileWithPersonnel(reference="备案-1"))
    assert case.refuse(OFFICE, a.CloseCase(note="办结")).details["owed"] == [f"review_request:{key}"]
    case.until(at(9, 29))
    case.send(OFFICE, a.CloseCase(note="办结"))
    assert (case.state.status, case.state.clocks) == ("closed", {})


@pytest.mark.clause("R4.14")
def test_a_revoked_case_is_closed_once_that_is_filed():
    """No form is left to carry out; both decisions are with personnel."""
    case = Case().served()
    case.reviewed("revoked")
    case.send(
        PERSONNEL,
        a.FileWithPersonnel(reference="备案-1"),
        a.FileWithPersonnel(respondent_id=case.id_of(CLERK), reference="备案-2"),
    )
    assert case.send(OFFICE, a.CloseCase(note="已撤销"))
    assert case.refuse(CLERK, c.DeclareRecusal(ground="interest", reason="有关")).code == "case_over"


@pytest.mark.clause("R4.22")
def test_entries_are_unique_in_the_ledger():
    """Two respondents, two revisions: no key twice, each led by the case's id."""
    case = Case(report(person(CLERK), person(BOSS, "principal_leader"))).heard()
    case.send(SECRETARY, resolution(case.verdict(), case.verdict(BOSS)))
    case.send(OFFICE, case.service(case.id_of(CLERK)), case.service(case.id_of(BOSS)))
    case.reviewed("changed", case.verdict(severity="serious", forms=(CIRCULATED,)))
    keys = [event.entry_key for event in case.events if isinstance(event, f.SanctionImposed | f.EffectImposed)]
    assert len(keys) == len(set(keys)) == 6
    assert all(UUID(key.split(":")[0]) == STREAM for key in keys)
