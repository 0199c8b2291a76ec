"""What tests of quality monitoring are given: people, a department, its sheets, a year's goals, figures of a period."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from domain.kernel import derived_id
from domain.periods import first_day, next_month
from domain.quality_goal import messages as g
from domain.quality_report import commands as c
from domain.quality_report import report_id
from domain.quality_sheet import messages as q
from domain.quality_sheet import sheets_id
from domain.quality_terms import DepartmentFigures, GoalFigure
from domain.rule_book.messages import AdoptPack
from domain.service_department import messages as s
from domain.service_department.handlers import duty_id
from tests.domain.world import BOOKS, TENANT

HEAD, KEEPER, OTHER, QUALITY, MANAGER = (UUID(int=0x1500 + number) for number in range(5))
DEPARTMENT, COMPILERS = UUID(int=0x15D0), UUID(int=0x15D1)
ITEMS = ("standard", "conduct", "site", "records", "safety")


def adopt(world):
    """Take over the shipped rules of quality monitoring."""
    world.send("rule_book", BOOKS["R15"], AdoptPack(regulation="R15", effective_from=world.context(None).today))


def register(world, stream=DEPARTMENT, **more):
    """Let a department check itself from today on."""
    wanted = {"name": "客服部", "head": HEAD, "keepers": (KEEPER,), "begins_on": world.context(None).today} | more
    return world.send("service_department", stream, s.RegisterDepartment(**wanted))


def results(*bad, handling="nonconformity"):
    """A result for every item; those named do not conform."""
    return tuple(
        q.Result(
            item=item,
            grade="failing",
            note="发现问题",
            handling=handling,
            correction="当场改正" if handling == "corrected" else "",
        )
        if item in bad
        else q.Result(item=item, grade="conforming")
        for item in ITEMS
    )


def sheets(month, department=DEPARTMENT):
    """The stream of a department's month."""
    return sheets_id(department, month)


def month(world):
    """The month it is."""
    return f"{world.context(None).today:%Y-%m}"


def file(world, *bad, day=None, handling="nonconformity", person=KEEPER):
    """File a day's sheet, today's unless named."""
    day = day or world.context(None).today
    command = q.FileSheet(day=day, results=results(*bad, handling=handling))
    return world.send("quality_sheet", sheets(f"{day:%Y-%m}"), command, person=person)


def to_next_month(world):
    """Move on to the first day of the next month, at nine."""
    first = first_day(next_month(month(world)))
    world.advance(world.context(None).calendar.at(first, type(world.now.time())(9)))


def duty(kind, department=DEPARTMENT):
    """The duty of a department of a kind."""
    return duty_id(department, f"r15.{kind}")


def goal(code, parent=None, **more):
    """A goal: at least 95 per cent each month."""
    mine = {"department_id": DEPARTMENT, "department": "客服部", "process": "报修受理"} if parent else {}
    wanted = {
        "indicator": "满意率",
        "unit": "%",
        "direction": "at_least",
        "target": Decimal(95),
        "every": "month",
        "weight": Decimal(60),
        "person": HEAD,
    }
    return g.Goal(code=code, parent=parent, **(wanted | mine | more))


def goals_of(year):
    """The stream of a year's goals."""
    return derived_id(TENANT, "quality_goal", year)


def planned(world, *goals):
    """A year's goals, written."""
    year = f"{world.context(None).today.year}"
    world.send("quality_goal", goals_of(year), g.PlanGoals(year=year), person=QUALITY)
    for one in goals or (goal("c1"), goal("d1", "c1")):
        world.send("quality_goal", goals_of(year), g.SetGoal(goal=one), person=QUALITY)
    return goals_of(year)


def measured(code="d1", period="2026-03", value=96):
    """A month's value."""
    return g.RecordMeasurement(code=code, period=period, value=Decimal(value), source="回访记录")


def figures(**more):
    """What a month's facts say of the department."""
    wanted = {
        "department_id": DEPARTMENT,
        "department": "客服部",
        "filed": 20,
        "late": 1,
        "percent": Decimal("95.50"),
        "problems": 2,
        "raised": 1,
        "submitted_on": None,
        "submitted_late": False,
        "met": 20,
        "missed": 2,
        "excused": 0,
        "issues_found": 1,
        "issues_open": 1,
    }
    return DepartmentFigures(**(wanted | more))


def figure(*, achieved=True, weight=60, code="d1", period="2026-03"):
    """A goal of the period, achieved or not."""
    return GoalFigure(
        code=code,
        indicator="满意率",
        unit="%",
        period=period,
        direction="at_least",
        target=Decimal(95),
        value=Decimal(96 if achieved else 90),
        achieved=achieved,
        weight=Decimal(weight),
    )


def compiled(world, period=None, kind="monthly", *, duty_id=None, **more):
    """Compile the report of last month, or of a period; its stream."""
    last = first_day(month(world)) - timedelta(days=1)
    period = period or f"{last:%Y-%m}"
    stream = report_id(TENANT, kind, period)
    command = c.CompileReport(kind=kind, period=period, figures=(figures(**more),), position=7, duty_id=duty_id)
    world.send("quality_report", stream, command, person=QUALITY)
    return stream


def written(world, stream):
    """Write what the figures do not say, with a measure that is due in ten days."""
    text = c.WriteReport(achievements="服务平稳", problems="记录不及时", causes="人手不足")
    world.send("quality_report", stream, text, person=QUALITY)
    due = world.context(None).today + timedelta(days=10)
    measure = c.AddMeasure(kind="corrective", department="客服部", action="补充人手", person=HEAD, due_on=due)
    world.send("quality_report", stream, measure, person=QUALITY)
