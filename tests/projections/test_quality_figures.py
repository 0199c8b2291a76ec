"""A report's figures: what sheets, duties, nonconformities and goals say of a department (R15.5.1.3.2, R15.5.1.3.3)."""

from datetime import UTC, date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from uuid import uuid4

import pytest

from domain.duty.commands import ExcuseLapse
from domain.duty.events import DutyMissed, DutyOpened, LapseOverturned
from domain.quality_goal import messages as g
from domain.quality_report import commands as c
from domain.quality_sheet import messages as q
from projections.quality_figures import figures
from tests.domain import inspection_given as site
from tests.domain import quality_given as given
from tests.domain.world import World
from tests.projections.folding import fold, placed


async def computed(database, world, period):
    """The department's figures of a period, out of the world's events."""
    tenant = uuid4()
    await fold(database, tenant, placed(world.log))
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        found = await figures(connection, tenant, period, UTC)
    return next((one for one in found if one.department_id == given.DEPARTMENT), None)


def running(**more):
    """A world in which the department, which runs a project with posts, checks itself from 2 March on."""
    world = World()
    given.adopt(world)
    given.register(world, **more)
    return world


@pytest.mark.clause("R15.5.1.3.2")
async def test_figures_of_a_month_come_from_its_facts(database):
    """Sheets with their mean, problems, nonconformities found and open, submission, goals, met and missed windows."""
    world = running()
    given.file(world, "safety")
    world.pass_to(2026, 3, 3)
    given.file(world)
    stream = given.planned(world)
    world.send("quality_goal", stream, g.AdoptGoals(), person=given.MANAGER)
    world.pass_to(2026, 4, 2)
    world.send("quality_goal", stream, given.measured(value=90), person=given.HEAD)
    world.send("quality_sheet", given.sheets("2026-03"), q.SubmitSheets(), person=given.HEAD)
    found = await computed(database, world, "2026-03")
    assert (found.filed, found.percent, found.problems, found.raised) == (2, Decimal("90.00"), 1, 1)
    assert (found.met, found.missed, found.submitted_on) == (2, 20, date(2026, 4, 2))
    assert (found.issues_found, found.issues_open) == (1, 1)
    assert [(goal.code, goal.value, goal.achieved) for goal in found.goals] == [("d1", Decimal(90), False)]


@pytest.mark.clause("R15.5.1.3.3", "R12.5.1")
async def test_missed_inspections_of_a_departments_project_count_as_its_lapses(database):
    """Those of tiered inspection beside its own sheets, in no other department; an excused one counts no longer."""
    world = running()
    world.pass_to(2026, 3, 5)
    alone = await computed(database, world, "2026-03")
    world = running(projects=(site.PROJECT,))
    site.adopt(world)
    site.site(world)
    world.pass_to(2026, 3, 5)
    together = await computed(database, world, "2026-03")
    supervisor = site.duty(world, "supervisor")
    missed = [one for _, stream, _, one in world.log if stream == supervisor and hasattr(one, "in_a_row")]
    assert missed
    assert together.missed > alone.missed == 3
    excuse = ExcuseLapse(window=missed[0].window.key, reason="停电")
    world.send("duty", supervisor, excuse, person=given.MANAGER)
    after = await computed(database, world, "2026-03")
    assert (after.missed, after.excused) == (together.missed - 1, 1)


@pytest.mark.clause("R15.5.1.3.3")
async def test_figures_of_a_year_take_sheets_from_approved_reports_alone(database):
    """A month whose report was not approved has no part in the mean."""
    world = running()
    given.file(world, "safety")
    world.pass_to(2026, 4, 2)
    stream = given.compiled(world, "2026-03", percent=Decimal("81.25"), filed=1, problems=1)
    before = await computed(database, world, "2026")
    assert (before.reports, before.percent) == (0, None)
    given.written(world, stream)
    world.send("quality_report", stream, c.SubmitReport(), person=given.QUALITY)
    world.send("quality_report", stream, c.ApproveReport(), person=given.MANAGER)
    after = await computed(database, world, "2026")
    assert (after.reports, after.percent, after.filed) == (1, Decimal("81.25"), 1)


async def test_a_department_has_no_figures_before_it_begins(database):
    """A month that was over by then knows nothing of it."""
    assert await computed(database, running(), "2026-02") is None


def recounted(world, department, month):
    """Sheets, their percentages and problems, and missed windows of a department's own duties, counted from events."""
    duties = {stream for _, stream, _, one in world.log if isinstance(one, DutyOpened) and one.scope.id == department}
    sheets, missed = {}, 0
    for _, stream, _, one in world.log:
        if isinstance(one, q.SheetFiled | q.SheetAmended) and one.department_id == department:
            sheets[one.day] = one
        elif stream in duties and isinstance(one, DutyMissed | LapseOverturned):
            last_on = one.window.last_on if isinstance(one, DutyMissed) else one.last_on
            missed += (1 if isinstance(one, DutyMissed) else -1) * (f"{last_on:%Y-%m}" == month)
    own = [one for day, one in sheets.items() if f"{day:%Y-%m}" == month]
    return len(own), sum(one.percent for one in own), sum(one.problems for one in own), missed


@pytest.mark.clause("R15.5.1.3.2")
async def test_figures_are_what_the_events_add_up_to(database):
    """In each month of a department that files at random, amends, and misses some."""
    world, chance = running(), Random(15)
    for _ in range(70):
        today = world.context(None).today
        if chance.random() < 0.6:
            given.file(world, *chance.sample(given.ITEMS, chance.randrange(3)))
            if chance.random() < 0.3:
                amend = q.AmendSheet(day=today, results=given.results("records"), reason="更正")
                world.send("quality_sheet", given.sheets(f"{today:%Y-%m}"), amend, person=given.HEAD)
        world.advance(world.now + timedelta(days=1))
    for month in ("2026-03", "2026-04", "2026-05"):
        found = await computed(database, world, month)
        filed, percents, problems, missed = recounted(world, given.DEPARTMENT, month)
        assert (found.filed, found.problems, found.missed) == (filed, problems, missed)
        assert found.percent == (percents / filed).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert filed
        assert missed
