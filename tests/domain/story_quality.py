"""Quality monitoring's part of the story: goals, sheets, reports with their measures, liaison, an award."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from domain.award_application import messages as a
from domain.liaison_sheet import messages as k
from domain.nonconformity import commands as n
from domain.quality_goal import messages as g
from domain.quality_report import commands as c
from domain.quality_sheet import messages as q
from domain.rule_book import messages as r
from domain.rules.r15_parts import Item
from domain.service_department import messages as s
from tests.domain import quality_given as given
from tests.domain.world import BOOKS, PEOPLE

LIAISON, ANSWERED, AWARD, DROPPED, READY = (UUID(int=0x15F0 + number) for number in range(5))


def quality(world):
    """A company watches over its quality for two months and a year's end."""
    given.adopt(world)
    goals(world)
    departments(world)
    liaison(world)
    award(world)
    stream = monthly(world)
    annual(world)
    supervised(world, stream)
    ended(world)


def goals(world):
    """A year's goals are written, put into force, revised."""
    stream = given.planned(world, given.goal("c1"), given.goal("d1", "c1"), given.goal("c2"))
    world.send("quality_goal", stream, g.DropGoal(code="c2"), person=given.QUALITY)
    world.send("quality_goal", stream, g.AdoptGoals(), person=given.MANAGER)
    revised = g.ReviseGoal(code="d1", direction="at_least", target=Decimal(96), person=given.HEAD, reason="年中调整")
    world.send("quality_goal", stream, revised, person=given.MANAGER)


def departments(world):
    """Two departments register; one files, amends, gets another head; the month turns."""
    given.register(world, given.COMPILERS, name="质量管理部", head=given.QUALITY, compiles=True)
    given.register(world)
    given.file(world, "safety", "site")
    today = world.context(None).today
    amended = q.AmendSheet(day=today, results=given.results("safety", "records"), reason="漏填")
    world.send("quality_sheet", given.sheets(given.month(world)), amended, person=given.KEEPER)
    revised = s.ReviseDepartment(name="客户服务部", head=given.OTHER, keepers=(given.KEEPER,))
    world.send("service_department", given.DEPARTMENT, revised)


def liaison(world):
    """One sheet is overdue, answered, returned, answered, closed; another waits for its closing."""
    issued = k.IssueLiaison(
        from_department="客服部", to_department="工程部", addressee=given.OTHER, subject="漏水", content="请尽快检修"
    )
    world.send("liaison_sheet", LIAISON, issued, person=given.HEAD)
    world.send("liaison_sheet", ANSWERED, issued, person=given.HEAD)
    world.send("liaison_sheet", ANSWERED, k.AnswerLiaison(answer="已检修"), person=given.OTHER)
    world.advance(world.now + timedelta(days=20))
    for person, command in (
        (given.OTHER, k.AnswerLiaison(answer="已派工")),
        (given.HEAD, k.ReturnAnswer(reason="仍漏水")),
        (given.OTHER, k.AnswerLiaison(answer="已更换管件")),
        (given.HEAD, k.CloseLiaison(evaluation="已解决")),
    ):
        world.send("liaison_sheet", LIAISON, command, person=person)


def award(world):
    """An award is checked for, a problem corrected, applied for, given, filed; another is not gone on with."""
    items = (Item(code="cleaning", zh="环境卫生", en="Cleaning"),)
    aim = a.PrepareApplication(
        award="优秀住宅小区", level="city", year=f"{world.now.year}", standard="评比标准", items=items
    )
    for stream in (AWARD, DROPPED, READY):
        world.send("award_application", stream, aim, person=given.QUALITY)
    world.send("award_application", DROPPED, a.WithdrawApplication(reason="条件不足"), person=given.QUALITY)
    world.send("award_application", READY, a.CheckItem(item="cleaning", conforms=True), person=given.QUALITY)
    world.send("award_application", READY, a.CompleteCheck(conclusion="符合"), person=given.QUALITY)
    checked = a.CheckItem(item="cleaning", conforms=False, note="楼道积灰")
    (found,) = world.send("award_application", AWARD, checked, person=given.QUALITY)
    corrected = n.CorrectOnTheSpot(note="已清扫")
    world.send("nonconformity", found.nonconformity_id, corrected, person=given.HEAD)
    verified = n.VerifyCorrection(effective=True, evaluation="整洁")
    world.send("nonconformity", found.nonconformity_id, verified, person=given.QUALITY)
    for command in (
        a.CompleteCheck(conclusion="整改后符合"),
        a.SubmitApplication(reference="申报-1"),
        a.RecordResult(result="awarded", decided_on=world.context(None).today),
        a.FileApplication(reference="档-1"),
    ):
        world.send("award_application", AWARD, command, person=given.QUALITY)


def monthly(world):
    """Last month's sheets are submitted, the report compiled twice, returned, approved; goals are measured."""
    given.to_next_month(world)
    world.advance(world.now + timedelta(days=1))
    last = world.context(None).today.replace(day=1) - timedelta(days=1)
    period = f"{last:%Y-%m}"
    world.send("quality_sheet", given.sheets(period), q.SubmitSheets(remarks="已汇总"), person=given.KEEPER)
    owed = given.duty("report", given.COMPILERS)
    stream = given.compiled(world, duty_id=owed)
    given.compiled(world, duty_id=owed, filed=21)
    given.written(world, stream)
    given.written(world, stream)
    for person, command in (
        (given.QUALITY, c.DropMeasure(number=2)),
        (given.QUALITY, c.SubmitReport()),
        (given.MANAGER, c.ReturnReport(reason="请补充原因")),
        (given.QUALITY, c.SubmitReport()),
        (given.MANAGER, c.ApproveReport(remark="同意")),
    ):
        world.send("quality_report", stream, command, person=person)
    if int(period[:4]) == world.now.year:
        measure(world, period)
    return stream


def measure(world, period):
    """A goal's month is measured, corrected, assessed."""
    stream = given.goals_of(period[:4])
    world.send("quality_goal", stream, given.measured(period=period), person=given.HEAD)
    corrected = g.CorrectMeasurement(code="d1", period=period, value=Decimal(94), source="复核", reason="统计口径有误")
    world.send("quality_goal", stream, corrected, person=given.HEAD)
    assessed = g.AssessGoals(department_id=given.DEPARTMENT, period=period, evaluation="未达标")
    world.send("quality_goal", stream, assessed, person=given.QUALITY)


def supervised(world, stream):
    """The report's measure is overdue on both levels, taken, without effect, taken again, and has its effect."""
    due = world.context(None).today + timedelta(days=10)
    for person, command in (
        (given.HEAD, c.CompleteMeasure(number=1, note="已招聘")),
        (given.QUALITY, c.VerifyMeasure(number=1, effective=False, evaluation="仍不足", due_on=due)),
        (given.HEAD, c.CompleteMeasure(number=1, note="再招聘")),
        (given.QUALITY, c.VerifyMeasure(number=1, effective=True, evaluation="已见效")),
    ):
        world.send("quality_report", stream, command, person=person)


def annual(world):
    """The year turns; its report is compiled and approved, and the next month's begun."""
    year = world.now.year
    world.advance(
        world.context(None).calendar.at(
            world.context(None).today.replace(year=year + 1, month=1, day=2), world.now.time()
        )
    )
    owed = given.duty("annual", given.COMPILERS)
    stream = given.compiled(world, f"{year}", "annual", duty_id=owed, goals=(given.figure(),), reports=1)
    given.written(world, stream)
    world.send("quality_report", stream, c.SubmitReport(), person=given.QUALITY)
    world.send("quality_report", stream, c.ApproveReport(), person=given.MANAGER)
    given.compiled(world)
    given.planned(world)


def ended(world):
    """Other rules apply, and a department ends."""
    book = BOOKS["R15"]
    world.send("rule_book", book, r.DraftVersion(changes={"report_working_day": 4}, note="提前"), person=PEOPLE[0])
    today = world.context(None).today
    publish = r.PublishVersion(version=2, effective_from=today)
    world.send("rule_book", book, publish, person=PEOPLE[1])
    world.send("service_department", given.COMPILERS, s.ApplyRules())
    world.send("service_department", given.DEPARTMENT, s.CloseDepartment(reason="机构调整"))
