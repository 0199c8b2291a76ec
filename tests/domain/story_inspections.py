"""The tiered inspections' part of the story: a register, posts, inspections, an issue and its correction."""

from datetime import timedelta
from uuid import UUID

from domain.inspection import commands as i
from domain.inspection_site import commands as s
from domain.nonconformity import commands as c
from domain.rule_book import messages as r
from tests.domain import inspection_given as given
from tests.domain.story_duties import next_noon
from tests.domain.world import BOOKS, PEOPLE

BY_HAND = UUID(int=0x5D03)


def inspections(world):
    """One project is inspected by its tiers until it is closed."""
    given.adopt(world, world.context(None).today)
    given.site(world)
    next_noon(world)
    contested(world)
    stream, _ = given.inspect(world, "head", given.HEAD, nonconforming=[("I0", "A0")], good=[("I1", "A1")])
    practice = next(
        one.recorded.finding_id
        for one in world.state("inspection", stream).points.values()
        if one.recorded.result == "good_practice"
    )
    spread = i.SpreadPractice(finding_id=practice, how="training", audience="全体保洁员")
    world.send("inspection", stream, spread, person=given.HEAD)
    world.send("inspection", stream, i.ReviewRecord(comment="已阅"), person=given.MANAGER)
    cancelled = given.plan(world, "head", given.HEAD)
    world.send("inspection", cancelled, i.CancelInspection(reason="暴雨"), person=given.HEAD)
    corrected(world)
    by_hand(world)
    reorganised(world)


def contested(world):
    """An area lead finds two issues; one is dropped after a defence, the other found again by the supervisor."""
    stream = given.plan(world, "lead", given.LEAD)
    world.send("inspection", stream, i.BeginInspection(), person=given.LEAD)
    world.send("inspection", stream, i.HearSelfReport(person=given.CLEANER, report="已自查"), person=given.LEAD)
    for item in ("I0", "I4"):
        point = i.RecordPoint(item=item, area="A0", result="nonconforming", note="积灰", handling="on_the_spot")
        (found,) = world.send("inspection", stream, point, person=given.LEAD)
    defence = i.StateDefence(finding_id=found.finding_id, statement="刚刚清扫过")
    world.send("inspection", stream, defence, person=given.CLEANER)
    decided = i.DecideDefence(finding_id=found.finding_id, upheld=False, reason="属实")
    world.send("inspection", stream, decided, person=given.LEAD)
    given.complete(world, stream, given.LEAD)
    world.send("inspection", stream, i.ReviewRecord(), person=given.SUPERVISOR)
    issue = given.issue("I0", "A0")
    world.send("nonconformity", issue, c.RecordTelling(how="oral", told=given.CLEANER), person=given.LEAD)
    given.inspect(world, "supervisor", given.SUPERVISOR, nonconforming=[("I0", "A0")])


def corrected(world):
    """It is planned, overdue, done without effect, done at once, not verified in time, and verified at last."""
    issue, today = given.issue("I0", "A0"), world.context(None).today
    send = world.send
    send("nonconformity", issue, c.DecideLiability(number=1, handling="批评教育"), person=given.SUPERVISOR)
    send("nonconformity", issue, c.ApproveLiability(number=1, report="已书面上报"), person=given.HEAD)
    parts = {"cause": "人手不足", "steps": "增派", "resources": "一人", "standard": "无积灰"}
    correction = c.PlanCorrection(complete_by=today, person=given.LEAD, **parts)
    send("nonconformity", issue, correction, person=given.SUPERVISOR)
    next_noon(world)
    later = world.context(None).today + timedelta(days=2)
    send("nonconformity", issue, c.HandleOverdue(handling="限期整改", complete_by=later), person=given.HEAD)
    send("nonconformity", issue, c.ReportDone(note="已清扫"), person=given.LEAD)
    send("nonconformity", issue, c.VerifyCorrection(effective=False, evaluation="仍有积灰"), person=given.SUPERVISOR)
    send("nonconformity", issue, c.CorrectOnTheSpot(note="当场清扫"), person=given.LEAD)
    world.advance(world.now + timedelta(days=12))
    send("nonconformity", issue, c.VerifyCorrection(effective=True, evaluation="达标"), person=given.SUPERVISOR)


def by_hand(world):
    """A nonconformity of quality monitoring, with actions against its cause."""
    raised = c.RaiseNonconformity(clause="R15.5.1.3.1", subject="登记不全", description="值班记录缺三天")
    world.send("nonconformity", BY_HAND, raised)
    due_on = world.context(None).today
    for kind in ("corrective", "preventive"):
        action = c.AddAction(kind=kind, action="每日抽查", person=given.LEAD, due_on=due_on)
        world.send("nonconformity", BY_HAND, action)
    world.send("nonconformity", BY_HAND, c.CompleteAction(number=1, note="已落实"))


def reorganised(world):
    """Other posts, other rules, and the end."""
    tomorrow = world.context(None).today + timedelta(days=1)
    fewer = tuple(post for post in given.posts(lead=given.CLEANER) if post.code != "cleaner")
    world.send("inspection_site", given.SITE, s.AppointPosts(posts=fewer, begins_on=tomorrow))
    drafter, publisher, _ = PEOPLE
    blocks = r.DraftVersion(changes={"window": "blocks"}, note="按固定三天计")
    world.send("rule_book", BOOKS["R12"], blocks, person=drafter)
    publish = r.PublishVersion(version=2, effective_from=tomorrow)
    world.send("rule_book", BOOKS["R12"], publish, person=publisher)
    next_noon(world)
    world.send("inspection_site", given.SITE, s.ApplyRules())
    world.send("inspection_site", given.SITE, s.CloseSite(reason="合同到期"))
