"""Where cases meet ledgers, complaints and each other: events in, commands out (R4.12 to R4.14, R4.21 to R4.23)."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain import catalogue
from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.words import VerdictGiven
from domain.complaint.commands import AddByReceipt, ReferToAccountability, ReportAnonymously
from domain.kernel import Cause, Refusal, derived_id
from domain.penalty_ledger import double_draws
from domain.penalty_ledger.commands import ContestEntry, WaiveEntry
from domain.reactions.accountability import REACTIONS
from tests.domain import story_accountability as story
from tests.domain import story_service as service
from tests.domain.accountability_given import person, unit
from tests.domain.story_accountability import (
    CASE,
    CLERK,
    DEPUTY,
    FIRST,
    GROUP,
    HEAD,
    NOUN,
    OFFICE,
    PERSONNEL,
    REPORTER,
    SECOND,
    SECRETARY,
    act,
    initiated,
    reported,
)
from tests.domain.world import World

OTHER, THIRD, ABUSE = (UUID(int=0xB0 + number) for number in range(3))


@pytest.fixture
def world():
    """A college under the shipped rules."""
    world = World()
    service.adopt(world)
    story.adopt(world)
    return world


def ledger(world, kind, subject):
    """The entries of a subject's ledger."""
    return world.state("penalty_ledger", derived_id("penalty_ledger", kind, str(subject))).entries.values()


def served(world, stream=CASE):
    """A clerk, seriously at fault, and his unit, in a minor case, have their decisions served; the clerk's id there."""
    reported(world, stream, person(CLERK), unit(head=HEAD))
    initiated(world, stream)
    act(world, FIRST, stream, c.SubmitInvestigationReport(report="属实"))
    act(world, GROUP, stream, c.GiveOpinion(accountable=True, opinion="追究", hearing_report="清楚"))
    clerk, office = world.state(NOUN, stream).parties
    told = {"outcome": "accountable", "reason": "失职"}
    verdicts = (
        VerdictGiven(respondent_id=clerk, severity="serious", forms=("circulated", "suspension_or_transfer"), **told),
        VerdictGiven(respondent_id=office, severity="minor", forms=("talk",), **told),
    )
    act(world, SECRETARY, stream, c.Resolve(body="college_meeting", attendees=(DEPUTY,), verdicts=verdicts))
    for key in (clerk, office):
        serve = a.ServeDecision(
            respondent_id=key,
            received_on=world.context(None).today,
            received_by="本人",
            method="in_person",
            proof="回证",
            rights_stated=True,
        )
        act(world, OFFICE, stream, serve)
    return clerk


@pytest.mark.clause("R4.5", "R4.7", "R4.8")
def test_a_served_decision_enters_the_ledgers_of_person_and_unit(world):
    """Each form is a sanction, each effect an effect for the month or the year, with the clause and the cause."""
    served(world)
    entries = [
        (each.kind, each.form or each.effect, each.period, each.clause) for each in ledger(world, "person", CLERK)
    ]
    assert sorted(entries) == [
        ("effect", "not_competent", "2026-03", "R4.8"),
        ("sanction", "circulated", "2026-03", "R4.7"),
        ("sanction", "suspension_or_transfer", "2026-03", "R4.7"),
    ]
    assert [(each.kind, each.period) for each in ledger(world, "unit", "logistics")] == [
        ("effect", "2026"),
        ("sanction", "2026-03"),
    ]
    assert all(each.causes[0].stream_id == CASE for each in ledger(world, "person", CLERK))


@pytest.mark.clause("R4.8")
def test_an_effect_is_no_second_penalty_for_one_act(world):
    """The detector of acts that drew two clauses does not see it as one."""
    served(world)
    state = world.state("penalty_ledger", derived_id("penalty_ledger", "person", str(CLERK)))
    assert double_draws(state) == ()


@pytest.mark.clause("R4.5")
def test_a_form_carried_out_is_settled_in_the_ledger(world):
    """With its last step and no earlier; the event is the reference. Reversed later, it no longer stands."""
    clerk = served(world)
    step = {"respondent_id": clerk, "form": "suspension_or_transfer", "done_on": date(2026, 3, 2), "note": "已办"}
    act(world, PERSONNEL, CASE, a.RecordExecution(step="suspended", **step))
    assert {each.status for each in ledger(world, "person", CLERK)} == {"issued"}
    act(world, PERSONNEL, CASE, a.RecordExecution(step="suspension_ended", **step))
    settled = [each.form for each in ledger(world, "person", CLERK) if each.status == "settled"]
    assert settled == ["suspension_or_transfer"]
    act(world, CLERK, CASE, a.RequestReview(respondent_id=clerk, reasons="不服"))
    act(world, GROUP, CASE, a.DecideReview(respondent_id=clerk, outcome="revoked", reason="证据不足"))
    assert {each.status for each in ledger(world, "person", CLERK)} == {"reversed"}


@pytest.mark.clause("R4.18", "R4.22")
def test_a_sanction_and_an_effect_are_changed_by_a_review_alone(world):
    """In the ledger they are neither contested nor waived, so that case and ledger always say the same."""
    served(world)
    stream = derived_id("penalty_ledger", "person", str(CLERK))
    for entry in ledger(world, "person", CLERK):
        for person_, command in (
            (CLERK, ContestEntry(entry_key=entry.entry_key, reason="不服")),
            (PERSONNEL, WaiveEntry(entry_key=entry.entry_key, reason="初犯")),
        ):
            with pytest.raises(Refusal, match="decided_elsewhere"):
                world.send("penalty_ledger", stream, command, person=person_)


@pytest.mark.clause("R4.22")
def test_a_revoked_decision_is_taken_back_in_the_ledger(world):
    """Every entry of the respondent is reversed by new events, the unit's stand."""
    clerk = served(world)
    act(world, CLERK, CASE, a.RequestReview(respondent_id=clerk, reasons="不服"))
    act(world, GROUP, CASE, a.DecideReview(respondent_id=clerk, outcome="revoked", reason="证据不足" * 900))
    assert {each.status for each in ledger(world, "person", CLERK)} == {"reversed"}
    assert {each.status for each in ledger(world, "unit", "logistics")} == {"issued"}


@pytest.mark.clause("R4.22")
def test_a_changed_decision_leaves_one_effect_standing(world):
    """The old entries are reversed, the new stand, in the month of the first service."""
    clerk = served(world)
    act(world, CLERK, CASE, a.RequestReview(respondent_id=clerk, reasons="不服"))
    lighter = VerdictGiven(
        respondent_id=clerk,
        outcome="accountable",
        reason="认错",
        severity="serious",
        attitude="lighter",
        attitude_reason="整改",
        forms=("self_criticism",),
    )
    act(world, GROUP, CASE, a.DecideReview(respondent_id=clerk, outcome="changed", reason="从轻", verdict=lighter))
    standing = [(each.kind, each.form or each.effect) for each in ledger(world, "person", CLERK) if each.stands]
    assert sorted(standing) == [("effect", "not_excellent"), ("sanction", "self_criticism")]


def test_reactions_that_run_twice_change_nothing(world):
    """Each command sent again finds everything done."""
    clerk = served(world)
    act(world, CLERK, CASE, a.RequestReview(respondent_id=clerk, reasons="不服"))
    act(world, GROUP, CASE, a.DecideReview(respondent_id=clerk, outcome="revoked", reason="证据不足"))
    before = len(world.log)
    for number, (_, stream, version, event) in enumerate(tuple(world.log), start=1):
        for reaction in (each for each in REACTIONS if type(event) in each.events):
            cause = Cause(stream_id=stream, stream_version=version, position=number)
            for dispatch in reaction.react(event, cause):
                world.send(dispatch.noun, dispatch.stream_id, dispatch.command, "system", None)
    assert len(world.log) == before


@pytest.mark.clause("R4.14")
def test_a_merged_case_lives_on_in_the_other(world):
    """Its respondents, grounds and interested people go over; who is named in both answers once."""
    reported(world, CASE, person(CLERK), grounds=("secrets_disclosed",))
    world.send(
        NOUN,
        OTHER,
        c.ReportMatter(matter="甲", account="乙", respondents=(person(CLERK), unit(head=HEAD))),
        person=HEAD,
    )
    act(world, OFFICE, OTHER, c.RequestMerge(into=CASE, reason="同案"))
    merged, target = world.state(NOUN, OTHER), world.state(NOUN, CASE)
    assert (merged.status, merged.clocks, merged.merging_into) == ("merged", {}, None)
    assert [party.respondent.subject for party in target.parties.values()] == [str(CLERK), "logistics"]
    assert target.interested[HEAD] == "respondent"
    with pytest.raises(Refusal) as caught:
        act(world, OFFICE, OTHER, c.RecordVerification(founded=False, findings="无"))
    assert caught.value.code == "case_merged"


@pytest.mark.clause("R4.14")
def test_a_case_past_its_investigation_takes_no_other_in(world):
    """The one that asked goes on by itself."""
    served(world)
    reported(world, OTHER, person(CLERK))
    act(world, OFFICE, OTHER, c.RequestMerge(into=CASE, reason="同案"))
    told = [event for *_, event in world.log if isinstance(event, e.MergeDeclined | e.MergeRefused)]
    assert [type(event) for event in told] == [e.MergeDeclined, e.MergeRefused]
    assert told[0].why == "case_served"
    assert act(world, OFFICE, OTHER, c.RecordVerification(founded=False, findings="无"))


@pytest.mark.clause("R4.14")
def test_two_cases_that_ask_each_other_both_go_on(world):
    """A case that asks to be taken in takes nobody in."""
    reported(world, CASE, person(CLERK))
    offer = c.OfferMerge(source_case=OTHER, respondents=(), grounds=(), interested=())
    world.send(NOUN, THIRD, c.ReportMatter(matter="甲", account="乙"), person=REPORTER)
    decider = catalogue.decider_of(NOUN)
    pending = decider.fold(
        world.state(NOUN, CASE),
        decider.decide(
            world.state(NOUN, CASE), c.RequestMerge(into=OTHER, reason="同案"), world.context(CASE, "member", OFFICE)
        ),
    )
    (declined,) = decider.decide(pending, offer, world.context(CASE, "system"))
    assert declined.why == "merge_pending"
    with pytest.raises(Refusal) as caught:
        decider.decide(
            pending, c.RecordVerification(founded=False, findings="无"), world.context(CASE, "member", OFFICE)
        )
    assert caught.value.code == "merge_pending"


@pytest.mark.clause("R4.14")
def test_no_answer_by_the_next_working_day_ends_the_request(world):
    """As from a case that does not exist; at the last second it is still awaited."""
    reported(world, CASE, person(CLERK))
    with pytest.raises(Refusal, match="not_found"):
        act(world, OFFICE, CASE, c.RequestMerge(into=THIRD, reason="同案"))
    world.reacted = len(world.log)
    answer_by = world.state(NOUN, CASE).merge_answer_by
    assert answer_by == world.context(None).calendar.end_of_day(date(2026, 3, 3))
    world.advance(answer_by - timedelta(seconds=1))
    assert world.state(NOUN, CASE).merging_into == THIRD
    world.advance(answer_by)
    (refused,) = (event for *_, event in world.log if isinstance(event, e.MergeRefused))
    assert refused.answered is False
    assert act(world, OFFICE, CASE, c.RecordVerification(founded=False, findings="无"))


@pytest.mark.clause("R4.14")
def test_a_case_is_not_merged_into_itself(world):
    """Nor about itself."""
    reported(world, CASE, person(CLERK))
    for command in (c.RequestMerge(into=CASE, reason="同案"), c.LinkHandledCase(case_id=CASE)):
        with pytest.raises(Refusal) as caught:
            act(world, OFFICE, CASE, command)
        assert caught.value.code == "same_case"


@pytest.mark.clause("R4.23", "R4.21")
def test_who_handled_a_case_does_not_handle_the_case_about_it(world):
    """Those who have by then, and those who do from then on, are told and barred; the refusal says why."""
    reported(world, CASE, person(CLERK))
    initiated(world, CASE)
    world.send(NOUN, ABUSE, c.ReportMatter(matter="徇私", account="包庇", about_case=CASE), person=REPORTER)
    abuse = world.state(NOUN, ABUSE)
    assert {abuse.interested[who] for who in (OFFICE, GROUP, FIRST, SECOND)} == {"handler_of_the_case_at_issue"}
    with pytest.raises(Refusal) as caught:
        act(world, OFFICE, ABUSE, c.RecordVerification(founded=True, findings="属实", grounds=("office_abused",)))
    assert (caught.value.code, caught.value.clause) == ("interested_person", "R4.21")
    act(world, PERSONNEL, CASE, c.NameRespondent(respondent=unit(head=HEAD)))
    assert world.state(NOUN, ABUSE).interested[PERSONNEL] == "handler_of_the_case_at_issue"


@pytest.mark.clause("R4.23", "R4.21")
def test_who_is_to_answer_for_a_case_does_not_go_on_with_it(world):
    """Once the case of abuse is initiated, its respondents are barred from the case at issue."""
    reported(world, CASE, person(CLERK))
    initiated(world, CASE)
    register = c.RegisterMatter(
        matter="徇私", account="包庇", source="leading_group", about_case=CASE, respondents=(person(FIRST),)
    )
    act(world, DEPUTY, ABUSE, register)
    act(world, FIRST, CASE, c.RequestExtension(reason="复杂"))
    verified = c.RecordVerification(founded=True, findings="属实", grounds=("office_abused",))
    act(world, DEPUTY, ABUSE, verified, c.ProposeAccountability(proposal="建议"))
    act(world, DEPUTY, ABUSE, c.DecideInitiation(initiate=True, reason="应追究"))
    with pytest.raises(Refusal) as caught:
        act(world, FIRST, CASE, c.SubmitInvestigationReport(report="属实"))
    assert caught.value.details == {"interest": "accused_of_abuse_here"}
    assert FIRST not in world.state(NOUN, CASE).team.members


@pytest.mark.clause("R4.23", "R4.10")
def test_abuse_of_the_office_names_the_case_it_was_done_in(world):
    """As a ground of a report or of a verification it needs the case; one case is named once."""
    with pytest.raises(Refusal) as caught:
        reported(world, ABUSE, person(FIRST), grounds=("office_abused",))
    assert (caught.value.code, caught.value.field, caught.value.clause) == (
        "handled_case_missing",
        "grounds[0]",
        "R4.23",
    )
    reported(world, CASE, person(CLERK))
    reported(world, ABUSE, person(FIRST), grounds=("office_abused",), about_case=CASE)
    with pytest.raises(Refusal) as again:
        act(world, OFFICE, ABUSE, c.LinkHandledCase(case_id=OTHER))
    assert again.value.code == "linked_already"


@pytest.mark.clause("R4.12", "R4.13")
def test_a_complaint_referred_becomes_a_case_and_each_names_the_other(world):
    """The source is the complaint; the receipt opens both conversations; the complaint is still owed an answer."""
    report = ReportAnonymously(receipt_hash=story.RECEIPT, kind="conduct", subject="态度", description="收受礼金")
    world.send("complaint", OTHER, report, "ballot_link", None)
    world.send("complaint", OTHER, ReferToAccountability(reason="涉及失职"), person=OFFICE)
    complaint = world.state("complaint", OTHER)
    case = world.state(NOUN, complaint.accountability_case)
    assert (case.complaint_id, case.source, case.matter, case.reporter) == (OTHER, "complaint", "态度", None)
    assert (complaint.status, complaint.limit is not None) == ("lodged", True)
    more = c.AddInformationByReceipt(receipt_hash=story.RECEIPT, text="有录音")
    assert world.send(NOUN, complaint.accountability_case, more, "ballot_link", None)
    assert world.send("complaint", OTHER, AddByReceipt(receipt_hash=story.RECEIPT, text="同上"), "ballot_link", None)


@pytest.mark.clause("R4.13")
def test_a_complaint_is_referred_once_and_only_where_there_are_rules(world):
    """Again, or before the rules of accountability are in force, it is refused."""
    world.send("complaint", OTHER, service.lodged(service.SALES))
    world.send("complaint", OTHER, ReferToAccountability(reason="涉及失职"), person=OFFICE)
    with pytest.raises(Refusal, match="referred_already"):
        world.send("complaint", OTHER, ReferToAccountability(reason="涉及失职"), person=OFFICE)
    bare = World()
    service.adopt(bare)
    bare.send("complaint", OTHER, service.lodged(service.SALES))
    with pytest.raises(Refusal, match="rules_not_adopted"):
        bare.send("complaint", OTHER, ReferToAccountability(reason="涉及失职"), person=OFFICE)
