"""A case up to the opinion: reporting, naming, the order of the procedure, the team, obstruction (R4.10 to R4.16)."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.accountability import ACCOUNTABILITY_CASE, events_time
from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.words import RespondentDetails
from domain.kernel import Refusal
from tests.domain.accountability_given import (
    BOSS,
    CALENDAR,
    CLERK,
    GROUND,
    GROUP,
    HEAD,
    LEAD,
    MEMBER,
    OFFICE,
    OTHER,
    OUTSIDER,
    PERSONNEL,
    RECEIPT,
    REPORTER,
    SECRETARY,
    Case,
    anonymous,
    at,
    of,
    person,
    report,
    resolution,
    unit,
)

ANYBODY = UUID(int=0x77)


@pytest.mark.clause("R4.12")
@pytest.mark.parametrize("who", [REPORTER, CLERK, ANYBODY])
def test_anyone_may_report(who):
    """Whoever reports is known as the reporter, and the office has five working days to verify."""
    case = Case(report(person(BOSS)), by=who)
    reported, limit = case.events
    assert (reported.reporter, reported.reported_on, reported.clause) == (who, date(2026, 9, 14), "R4.12")
    assert (limit.clock.stage, limit.clock.days, limit.clock.own) == ("verification", 5, True)


@pytest.mark.clause("R4.12", "R0.3")
def test_an_anonymous_report_keeps_nothing_but_what_it_says():
    """No reporter, no hour: the events name the day alone, and the receipt by its hash."""
    case = Case(anonymous(), by=None, kind="ballot_link", now=at(9, 14, 9, 41, 7))
    stored = b"".join(msgspec.json.encode(event) for event in case.events).decode()
    assert case.state.reporter is None
    assert "09:41" not in stored
    assert "01:41" not in stored
    assert case.state.receipt_hash == RECEIPT


@pytest.mark.clause("R4.12", "R0.3")
def test_the_receipt_opens_the_conversation_until_it_expires():
    """Its holder adds to the report; a year later the receipt is worth nothing."""
    case = Case(anonymous(), by=None, kind="ballot_link")
    more = c.AddInformationByReceipt(receipt_hash=RECEIPT, text="昨晚亦无人")
    (added,) = case.send(None, more, kind="ballot_link")
    assert (added.by, added.added_on) == (None, date(2026, 9, 14))
    case.now = case.state.receipt_until - timedelta(seconds=1)
    case.send(None, more, kind="ballot_link")
    case.now = case.state.receipt_until
    assert case.refuse(None, more, "ballot_link").code == "not_found"


@pytest.mark.clause("R4.12", "R0.3")
def test_a_wrong_receipt_and_a_case_without_one_look_alike():
    """Both answer as if there were no such case."""
    wrong = c.AddInformationByReceipt(receipt_hash="00" * 32, text="内容")
    by_receipt = Case(anonymous(), by=None, kind="ballot_link").refuse(None, wrong, "ballot_link")
    by_name = Case().refuse(None, wrong, "ballot_link")
    assert (by_receipt.code, by_receipt.text) == (by_name.code, by_name.text) == ("not_found", by_name.text)


@pytest.mark.clause("R4.12")
def test_the_days_a_receipt_is_valid_are_the_tenants_own():
    """Ten days, the last no rest day."""
    case = Case(anonymous(), by=None, kind="ballot_link", receipt_days=12)
    assert case.state.receipt_until == CALENDAR.end_of_day(date(2026, 9, 28))


@pytest.mark.clause("R4.12")
def test_a_reporter_is_written_to_and_a_matter_without_one_has_nobody_to_write_to():
    """Named and anonymous reporters read answers; what the office took in by itself has none."""
    answer = c.AnswerReporter(text="已受理")
    assert of(Case().send(OFFICE, answer), e.ReporterAnswered)
    assert of(Case(anonymous(), by=None, kind="ballot_link").send(OFFICE, answer), e.ReporterAnswered)
    register = c.RegisterMatter(matter="网帖", account="网传", source="media")
    assert Case(register, by=OFFICE).refuse(GROUP, answer).code == "no_reporter"


@pytest.mark.clause("R4.13")
@pytest.mark.parametrize("place", range(8))
def test_each_of_the_eight_sources_is_taken_in(place):
    """The office registers what reached it; the event says the source in words."""
    source = Case().rules[0].values.sources[place]
    case = Case(c.RegisterMatter(matter="事项", account="经过", source=source.code), by=OFFICE)
    assert (case.events[0].source.zh, case.state.handlers) == (source.zh, (OFFICE,))


@pytest.mark.clause("R4.13")
def test_a_source_the_rules_do_not_list_is_refused():
    """The field is named."""
    with pytest.raises(Refusal) as caught:
        Case(c.RegisterMatter(matter="事项", account="经过", source="rumour"), by=OFFICE)
    assert (caught.value.code, caught.value.field, caught.value.clause) == ("source_unknown", "source", "R4.13")


@pytest.mark.clause("R4.10")
@pytest.mark.parametrize("place", range(18))
def test_each_of_the_eighteen_grounds_carries_a_case(place):
    """A verification on any of them brings the case on, with the ground in words."""
    ground = Case().rules[0].values.grounds[place]
    (verified, _) = Case().send(OFFICE, c.RecordVerification(founded=True, findings="属实", grounds=(ground.code,)))
    assert [(each.code, each.zh) for each in verified.grounds] == [(ground.code, ground.zh)]


@pytest.mark.clause("R4.10")
def test_a_ground_the_rules_do_not_list_is_refused_and_one_a_tenant_added_is_not():
    """The list is the tenant's to extend."""
    own = replace(Case().rules[0].values.grounds[0], code="own_ground")
    verify = c.RecordVerification(founded=True, findings="属实", grounds=("own_ground",))
    refusal = Case().refuse(OFFICE, verify)
    assert (refusal.code, refusal.field, refusal.clause) == ("ground_unknown", "grounds[0]", "R4.10")
    extended = Case(grounds=(*Case().rules[0].values.grounds, own))
    extended.send(OFFICE, verify)
    assert extended.state.grounds == ("own_ground",)


@pytest.mark.clause("R4.10")
def test_what_is_verified_has_a_ground():
    """That of the report does, where the office names none; without any the case does not go on."""
    verify = c.RecordVerification(founded=True, findings="属实")
    assert Case().refuse(OFFICE, verify).code == "ground_missing"
    case = Case(report(grounds=("secrets_disclosed",)))
    case.send(OFFICE, verify)
    assert case.state.grounds == ("secrets_disclosed",)


@pytest.mark.clause("R4.6")
@pytest.mark.parametrize(
    ("named", "code", "field"),
    [
        (RespondentDetails(kind="person", name="李某"), "person_missing", "respondent.person"),
        (RespondentDetails(kind="unit", name="后勤处", head=HEAD), "unit_missing", "respondent.unit"),
        (RespondentDetails(kind="unit", name="后勤处", unit="logistics"), "head_missing", "respondent.head"),
        (person(BOSS, "unit"), "responsibility_unknown", "respondent.responsibility"),
        (person(BOSS, "moral"), "responsibility_unknown", "respondent.responsibility"),
        (person(CLERK), "respondent_named_already", "respondent"),
    ],
)
def test_a_respondent_is_named_in_full_and_once(named, code, field):
    """A person by his id, a unit with its head, a responsibility that he can bear."""
    refusal = Case().refuse(OFFICE, c.NameRespondent(respondent=named))
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("R4.6")
def test_several_respondents_answer_each_for_his_part():
    """Directly, as principal or important leader, as a unit."""
    case = Case(report(person(CLERK), person(BOSS, "principal_leader"), unit()))
    case.send(OFFICE, c.NameRespondent(respondent=person(OUTSIDER, "important_leader")))
    borne = [each.respondent.responsibility for each in case.state.parties.values()]
    assert borne == ["direct", "principal_leader", "unit", "important_leader"]


ORDER = ("verified", "proposed", "initiated", "investigating", "investigated", "heard")
STEPS = {
    "verified": (OFFICE, c.RecordVerification(founded=True, findings="属实", grounds=(GROUND,))),
    "proposed": (OFFICE, c.ProposeAccountability(proposal="建议")),
    "initiated": (GROUP, c.DecideInitiation(initiate=True, reason="应追究")),
    "investigating": (GROUP, c.FormTeam(members=(LEAD, MEMBER), leader=LEAD)),
    "investigated": (LEAD, c.SubmitInvestigationReport(report="属实")),
    "heard": (GROUP, c.GiveOpinion(accountable=True, opinion="追究", hearing_report="清楚")),
}


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize("reached", [None, *ORDER])
@pytest.mark.parametrize("step", ORDER)
def test_the_procedure_goes_in_its_order(reached, step):
    """Each step is in order at one stage (a team may be formed anew at its own); elsewhere it is refused."""
    case = Case()
    if reached is not None:
        getattr(case, reached)()
    place = -1 if reached is None else ORDER.index(reached)
    in_order = ORDER.index(step) == place + 1 or (step == reached == "investigating")
    if in_order:
        assert case.send(STEPS[step][0], STEPS[step][1])
    else:
        refusal = case.refuse(*STEPS[step])
        told = (
            {"not_on_the_team"} if (reached, step) == ("initiated", "investigated") else {f"case_{case.state.status}"}
        )
        assert refusal.code in told
        assert refusal.clause == "R4.14"


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize("reached", [None, *ORDER[:-1]])
def test_nobody_resolves_before_the_opinion_and_the_hearing_report(reached):
    """At every stage before it a resolution is out of order."""
    case = Case()
    if reached is not None:
        getattr(case, reached)()
    assert case.refuse(SECRETARY, resolution(case.verdict())).clause == "R4.14"


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize(
    ("reached", "who", "command", "stage"),
    [
        (None, OFFICE, c.RecordVerification(founded=False, findings="查无此事"), "verification"),
        ("proposed", GROUP, c.DecideInitiation(initiate=False, reason="情节轻微"), "initiation"),
        ("investigated", GROUP, c.GiveOpinion(accountable=False, opinion="不予追究", hearing_report="无"), "opinion"),
    ],
)
def test_a_case_may_end_at_each_gate(reached, who, command, stage):
    """What does not hold ends the case with a reason, and no limit runs on."""
    case = Case()
    if reached is not None:
        getattr(case, reached)()
    (dismissed,) = case.send(who, command)
    assert (type(dismissed), dismissed.stage) == (e.CaseDismissed, stage)
    assert (case.state.status, case.state.clocks) == ("dismissed", {})
    assert ACCOUNTABILITY_CASE.deadlines(case.state) == ()


@pytest.mark.clause("R4.14")
def test_nothing_is_proposed_against_nobody():
    """The proposal says against whom."""
    case = Case(anonymous(), by=None, kind="ballot_link").verified()
    assert case.refuse(OFFICE, c.ProposeAccountability(proposal="建议")).code == "respondent_missing"
    case.send(OFFICE, c.NameRespondent(respondent=person(CLERK)), c.ProposeAccountability(proposal="建议"))
    assert case.state.status == "proposed"


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize(
    ("members", "leader", "code", "field"),
    [
        ((LEAD,), LEAD, "team_too_small", "members"),
        ((LEAD, MEMBER), OFFICE, "leader_not_a_member", "leader"),
        ((LEAD, LEAD), LEAD, "person_named_twice", "members"),
    ],
)
def test_a_team_has_its_number_and_a_leader_from_among_it(members, leader, code, field):
    """The least number is the tenant's."""
    refusal = Case().initiated().refuse(GROUP, c.FormTeam(members=members, leader=leader))
    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.clause("R4.16")
@pytest.mark.parametrize("command", [c.SubmitInvestigationReport(report="属实"), c.RequestExtension(reason="复杂")])
def test_only_the_team_reports_and_asks_for_time(command):
    """Others are refused, whatever their role."""
    refusal = Case().investigating().refuse(OFFICE, command)
    assert (refusal.code, refusal.kind) == ("not_on_the_team", "forbidden")


@pytest.mark.clause("R4.15")
def test_obstruction_is_recorded_told_and_keeps_the_obstructor_from_the_case():
    """The first level of the ladder is named in the event; a member who obstructed may not act here any more."""
    case = Case().investigating()
    obstructed = c.RecordObstruction(
        kind="interference", by_whom="某处长", person=OUTSIDER, happened_on=case.today, description="打招呼"
    )
    (event,) = case.send(LEAD, obstructed)
    assert (event.role, event.channel, event.clause, event.by) == ("leading_group", "inbox", "R4.15", LEAD)
    refusal = case.refuse(OUTSIDER, c.NameRespondent(respondent=person(BOSS)))
    assert (refusal.code, refusal.details["interest"]) == ("interested_person", "obstructed")


@pytest.mark.clause("R4.15")
@pytest.mark.parametrize("kind", ["refusal", "interference", "obstruction"])
def test_each_way_to_obstruct_is_told_apart_and_counted(kind):
    """Refusal, interference, obstruction; also of somebody who is no member."""
    case = Case().investigating()
    command = c.RecordObstruction(kind=kind, by_whom="供应商", happened_on=case.today, description="拒不配合")
    (event,) = case.send(LEAD, command)
    assert (event.kind, case.state.obstructions) == (kind, 1)


@pytest.mark.clause("R4.15")
@pytest.mark.parametrize(
    ("more", "code"),
    [({"happened_on": date(2026, 9, 15)}, "in_the_future"), ({"person": LEAD}, "own_obstruction")],
)
def test_an_obstruction_lies_in_the_past_and_is_somebody_elses(more, code):
    """Neither tomorrow's nor one's own is recorded."""
    case = Case().investigating()
    told = {"kind": "refusal", "by_whom": "某人", "happened_on": case.today, "description": "拒绝"}
    assert case.refuse(LEAD, c.RecordObstruction(**{**told, **more})).code == code


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize("kind", ["system", "api_key", "operator"])
def test_only_members_in_person_act(kind):
    """Neither the system nor a key decides anything about a case."""
    commands = (
        report(),
        c.RegisterMatter(matter="事项", account="经过", source="media"),
        c.AddInformation(text="内容"),
        c.RecordVerification(founded=False, findings="无"),
        a.RequestReview(respondent_id=OTHER, reasons="不服"),
        c.DeclareRecusal(ground="interest", reason="有关"),
    )
    for command in commands:
        state = None if ACCOUNTABILITY_CASE.spec(type(command)).creates else Case().state
        with pytest.raises(Refusal) as caught:
            ACCOUNTABILITY_CASE.decide(state, command, Case().context(PERSONNEL, kind))
        assert (caught.value.code, caught.value.kind) == ("person_required", "forbidden")


def test_a_report_needs_rules_in_force():
    """Without published rules nothing can be reported."""
    with pytest.raises(Refusal) as caught:
        Case(now=at(1, 1).replace(year=2025))
    assert caught.value.code == "rules_not_adopted"


def test_what_a_stage_began_is_stored_with_whose_it_is():
    """The event of a limit says the role and the channel to remind."""
    began = of(Case().events, events_time.StageBegan)[0]
    assert (began.clock.role, began.clock.channel) == ("accountability_office", "inbox")
    assert [one.signal for one in began.clock.reminders] == ["yellow", "red"]
    assert began.clock.started_on == date(2026, 9, 14)


def test_a_case_is_folded_from_its_events_alone():
    """The same state comes out of the stored events."""
    case = Case().served()
    assert ACCOUNTABILITY_CASE.fold(None, case.events) == case.state
