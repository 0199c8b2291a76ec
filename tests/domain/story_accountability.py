"""The college's part of the story: cases of accountability that go every way a case can go."""

from datetime import date
from uuid import UUID

from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability.words import RespondentDetails, VerdictGiven
from domain.complaint.commands import ReferToAccountability
from domain.rule_book.messages import AdoptPack
from tests.domain import story_service as service
from tests.domain.world import BOOKS

NOUN = "accountability_case"
OFFICE, GROUP, DEPUTY, SECRETARY, FIRST, SECOND, PERSONNEL = (UUID(int=number) for number in range(21, 28))
REPORTER, CLERK, HEAD, WIFE = (UUID(int=number) for number in range(31, 35))
CASE, ANONYMOUS, DISMISSED, ABUSE, CLEARED = (UUID(int=0xA0 + number) for number in range(5))
RECEIPT = "6b" * 32


def adopt(world, effective_from=date(2026, 3, 1)):
    """Take over the shipped rules of accountability."""
    world.send("rule_book", BOOKS["R4"], AdoptPack(regulation="R4", effective_from=effective_from))


def clerk(**more):
    """The clerk as a respondent."""
    return RespondentDetails(kind="person", name="李某", person=CLERK, **more)


def unit():
    """A unit as a respondent, answering through its head."""
    return RespondentDetails(kind="unit", name="后勤处", unit="logistics", head=HEAD, responsibility="unit")


def act(world, person, stream, *commands):
    """One person does several things to a case; the events of the last."""
    events = ()
    for command in commands:
        events = world.send(NOUN, stream, command, person=person)
    return events


def by_name(world, stream, name):
    """The id of a respondent in a case."""
    parties = world.state(NOUN, stream).parties.values()
    return next(each.respondent.id for each in parties if each.respondent.name == name)


def reported(world, stream, *respondents, **more):
    """Somebody reports."""
    command = c.ReportMatter(matter="采购未招标", account="三次采购均未招标", respondents=respondents, **more)
    return world.send(NOUN, stream, command, person=REPORTER)


def initiated(world, stream, grounds=("works_and_purchasing",)):
    """The office verifies and proposes, the leading group initiates and forms a team."""
    verified = c.RecordVerification(founded=True, findings="属实", grounds=grounds)
    act(world, OFFICE, stream, verified, c.ProposeAccountability(proposal="建议问责"))
    team = c.FormTeam(members=(FIRST, SECOND), leader=FIRST)
    act(world, GROUP, stream, c.DecideInitiation(initiate=True, reason="应予追究"), team)


def cases(world):
    """Every way a case can go."""
    adopt(world)
    whole(world)
    anonymous_and_merged(world)
    dismissed(world)
    about_handlers(world)
    referred(world)


def whole(world):
    """One case through all its stages, late at one of them, its decision changed on review."""
    reported(world, CASE, clerk(responsibility="direct"), grounds=("works_and_purchasing",))
    act(world, REPORTER, CASE, c.AddInformation(text="附合同复印件", evidence=("0a" * 32,)))
    act(
        world,
        OFFICE,
        CASE,
        c.AnswerReporter(text="已受理"),
        c.NameRespondent(respondent=unit()),
        c.RecordRelative(person=WIFE, relation="配偶"),
    )
    recusals(world)
    initiated(world, CASE)
    investigation(world)
    resolution(world)
    service_and_review(world)


def recusals(world):
    """Withdrawals declared, asked for, granted, declined, ordered."""
    act(world, UUID(int=41), CASE, c.DeclareRecusal(ground="interest", reason="曾共事"))
    for person, granted in ((UUID(int=42), True), (FIRST, False)):
        asked = c.RequestRecusal(person=person, ground="interest", reason="与本人有矛盾")
        (event,) = act(world, CLERK, CASE, asked)
        act(world, GROUP, CASE, c.DecideRecusal(request_id=event.request_id, granted=granted, reason="经核实"))
    act(world, GROUP, CASE, c.OrderRecusal(person=UUID(int=43), ground="relative", reason="系亲属"))


def investigation(world):
    """Obstructed, not extended, extended, late, reported."""
    today = world.context(None).today
    act(
        world,
        FIRST,
        CASE,
        c.RecordObstruction(kind="refusal", by_whom="某供应商", happened_on=today, description="拒绝提供账册"),
        c.RequestExtension(reason="账册尚缺"),
    )
    act(world, GROUP, CASE, c.DecideExtension(approved=False, reason="先催要"))
    act(world, FIRST, CASE, c.RequestExtension(reason="案情复杂"))
    act(world, GROUP, CASE, c.DecideExtension(approved=True, reason="同意"))
    world.advance(world.state(NOUN, CASE).clocks["investigation"].due_at)
    act(world, FIRST, CASE, c.SubmitInvestigationReport(report="查明三次采购均未招标", evidence=("0b" * 32,)))


def resolution(world):
    """The clerk is to be circulated and suspended, the unit's head talked to."""
    opinion = c.GiveOpinion(accountable=True, opinion="建议追究", hearing_report="审理认为事实清楚")
    act(world, GROUP, CASE, opinion)
    verdicts = (
        VerdictGiven(
            respondent_id=by_name(world, CASE, "李某"),
            outcome="accountable",
            reason="未按程序采购",
            severity="serious",
            forms=("circulated", "suspension_or_transfer"),
        ),
        VerdictGiven(
            respondent_id=by_name(world, CASE, "后勤处"),
            outcome="accountable",
            reason="疏于管理",
            severity="minor",
            forms=("talk",),
        ),
    )
    resolve = c.Resolve(body="party_committee", attendees=(DEPUTY, SECRETARY), verdicts=verdicts)
    act(world, SECRETARY, CASE, resolve)


def service_and_review(world):
    """Served upon both; the clerk has his decision changed after it was partly carried out; all is done and closed."""
    first, second = by_name(world, CASE, "李某"), by_name(world, CASE, "后勤处")
    today = world.context(None).today
    for respondent, receiver in ((first, "李某"), (second, "王处长")):
        served = a.ServeDecision(
            respondent_id=respondent,
            received_on=today,
            received_by=receiver,
            method="in_person",
            proof="送达回证-1",
            rights_stated=True,
        )
        act(world, OFFICE, CASE, served)
    act(world, PERSONNEL, CASE, a.FileWithPersonnel(reference="备案-1"))
    act(world, CLERK, CASE, a.RequestReview(respondent_id=first, reasons="处理过重"))
    done = {"respondent_id": first, "done_on": today, "note": "已办"}
    act(world, PERSONNEL, CASE, a.RecordExecution(form="suspension_or_transfer", step="suspended", **done))
    lighter = VerdictGiven(
        respondent_id=first,
        outcome="accountable",
        reason="认错态度好",
        severity="serious",
        attitude="lighter",
        attitude_reason="主动整改",
        forms=("self_criticism",),
    )
    act(
        world,
        GROUP,
        CASE,
        a.DecideReview(respondent_id=first, outcome="changed", reason="酌情从轻", verdict=lighter),
    )
    for step in ("self_criticism_received", "correction_confirmed"):
        act(world, PERSONNEL, CASE, a.RecordExecution(form="self_criticism", step=step, **done))
    talk = a.RecordExecution(respondent_id=second, form="talk", step="talk_held", done_on=today, note="已谈话")
    act(world, PERSONNEL, CASE, talk, a.FileWithPersonnel(respondent_id=first, reference="备案-2"))
    world.advance(world.state(NOUN, CASE).clocks[f"review_request:{second}"].due_at)
    act(world, OFFICE, CASE, a.CloseCase(note="办结"))


def anonymous_and_merged(world):
    """An anonymous report is added to; it goes into another case that is open, but into no closed one."""
    report = c.ReportAnonymously(receipt_hash=RECEIPT, matter="脱岗", account="值班室无人")
    world.send(NOUN, ANONYMOUS, report, "ballot_link", None)
    more = c.AddInformationByReceipt(receipt_hash=RECEIPT, text="昨晚亦无人")
    world.send(NOUN, ANONYMOUS, more, "ballot_link", None)
    act(world, OFFICE, ANONYMOUS, c.RequestMerge(into=CASE, reason="同一部门"))
    world.send(NOUN, ANONYMOUS, c.LapseMerge(), "system", None)
    reported(world, CLEARED, clerk())
    act(world, OFFICE, ANONYMOUS, c.RequestMerge(into=CLEARED, reason="同一部门"))


def dismissed(world):
    """What the office took in turns out to be nothing, and nobody does anything in time."""
    register = c.RegisterMatter(matter="网帖", account="网传脱岗", source="media")
    act(world, OFFICE, DISMISSED, register)
    world.advance(world.state(NOUN, DISMISSED).clocks["verification"].due_at)
    act(world, OFFICE, DISMISSED, c.RecordVerification(founded=False, findings="查无此事"))


def about_handlers(world):
    """A case about how another one is handled: who handles the one does not handle the other."""
    initiated(world, CLEARED)
    accused = RespondentDetails(kind="person", name="张某", person=FIRST, responsibility="direct")
    act(
        world,
        DEPUTY,
        ABUSE,
        c.RegisterMatter(matter="徇私", account="包庇亲友", source="leading_group", respondents=(accused,)),
        c.LinkHandledCase(case_id=CLEARED),
        c.RecordVerification(founded=True, findings="属实", grounds=("office_abused",)),
        c.ProposeAccountability(proposal="建议问责"),
        c.DecideInitiation(initiate=True, reason="应予追究"),
    )


def referred(world):
    """An anonymous complaint turns out to be an accountability matter."""
    world.send("complaint", service.ANONYMOUS, ReferToAccountability(reason="涉及失职"), person=OFFICE)
