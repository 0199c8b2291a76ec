"""Pages and filters: each row once, in order, however small the pages and whatever is added meanwhile."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.kernel import derived_id
from projections.asking import position_of
from projections.contract_lists import deposits, projects
from projections.deposit_statement import EntriesAsked, statement
from projections.monthly_scores import ScoresAsked, monthly_scores, yearly_summaries
from projections.open_assessments import open_assessments
from tests.projections.folding import fold, placed
from tests.projections.stories import PROJECTS, Story

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = [("failed", 0, 0), ("excellent", 1, 0), ("failed", 0, 0), ("pay", 0, 0), ("pay", 1, 0), ("failed", 1, 0)]
FIRST += [("open", 0, 0), ("open", 1, 0)]
MORE = [("open", 0, 0), ("staff_ballot", 0, 0), ("pay", 1, 1), ("excellent", 1, 0), ("failed", 0, 0), ("open", 1, 0)]


class Lists:
    """Every list as (rows after a key, the key of a row), over one tenant."""

    def __init__(self, connection, tenant, now):
        self.connection, self.tenant, self.now = connection, tenant, now

    async def scores(self, after, limit, **asked):
        """The monthly scores."""
        return await monthly_scores(self.connection, self.tenant, ScoresAsked(after=after, **asked), ZONE, limit)

    async def summaries(self, after, limit, project=None, year=2026):
        """The year of each project."""
        return await yearly_summaries(self.connection, self.tenant, year, project=project, after=after, limit=limit)

    async def opened(self, after, limit, project=None):
        """The open assessments."""
        return await open_assessments(
            self.connection, self.tenant, project=project, after=after, now=self.now, zone=ZONE, limit=limit
        )

    async def projects(self, after, limit, status=None):
        """The projects."""
        return await projects(self.connection, self.tenant, status=status, after=after, zone=ZONE, limit=limit)

    async def deposits(self, after, limit, project=None, status=None):
        """The deposits."""
        return await deposits(self.connection, self.tenant, project=project, status=status, after=after, limit=limit)

    async def entries(self, after, limit):
        """The entries of the first project's deposit."""
        deposit = derived_id(PROJECTS[0], "deposit")
        asked = EntriesAsked(after=after)
        found = await statement(self.connection, self.tenant, deposit, asked=asked, zone=ZONE, limit=limit)
        return list(found.items)


KEYS = {
    "scores": lambda row: (row.month, row.project_id),
    "summaries": lambda row: row.project_id,
    "opened": lambda row: (row.survey_closes_at, row.assessment_id),
    "projects": lambda row: row.position,
    "deposits": lambda row: row.position,
    "entries": lambda row: row.number,
}


async def told(database):
    """A tenant with the first part of a story folded, and all its events."""
    story = Story()
    story.tell(FIRST)
    part = len(story.world.log)
    story.tell(MORE)
    tenant, events = uuid4(), placed(story.world.log)
    await fold(database, tenant, events[:part])
    return tenant, events, part, story.world


@pytest.mark.parametrize("name", list(KEYS))
async def test_pages_are_complete_and_without_repeats_while_rows_are_added(database, name):
    """Rows there from the start come once each and in order, although more are added after the first page."""
    tenant, events, part, world = await told(database)
    key, seen, after = KEYS[name], [], None
    before = None
    while True:
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            asked = getattr(Lists(connection, tenant, world.now), name)
            before = before or await asked(None, 500)
            page = await asked(after, 1)
        if not page:
            break
        seen += page
        after = key(page[-1])
        if len(seen) == 1:
            await fold(database, tenant, events[part:])
    keys = [key(row) for row in seen]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, reverse=name == "scores")
    gone = {key(row) for row in before} - set(keys)
    # what leaves a list meanwhile may be missing: an open month that was closed
    assert not gone or name == "opened"
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        whole = await getattr(Lists(connection, tenant, world.now), name)(None, 500)
    assert [key(row) for row in whole if key(row) in set(keys)] == keys
    assert len(whole) > 1


async def test_each_filter_of_the_scores_narrows_to_what_it_says(database):
    """Project, months, band and status each leave the rows that fit and no others."""
    tenant, events, part, world = await told(database)
    await fold(database, tenant, events[part:])
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        lists = Lists(connection, tenant, world.now)
        whole = await lists.scores(None, 500)
        narrowed = {
            "project": (await lists.scores(None, 500, project_id=PROJECTS[1]), lambda m: m.project_id == PROJECTS[1]),
            "first": (await lists.scores(None, 500, first="2026-04"), lambda m: m.month >= "2026-04"),
            "last": (await lists.scores(None, 500, last="2026-04"), lambda m: m.month <= "2026-04"),
            "band": (await lists.scores(None, 500, band="failed"), lambda m: m.band == "failed"),
            "status": (await lists.scores(None, 500, status="open"), lambda m: m.status == "open"),
            "all": (
                await lists.scores(
                    None, 500, project_id=PROJECTS[0], first="2026-03", last="2026-05", band="failed", status="closed"
                ),
                lambda m: m.project_id == PROJECTS[0] and m.month <= "2026-05" and m.band == "failed",
            ),
        }
    for name, (found, fits) in narrowed.items():
        assert found == [month for month in whole if fits(month)], name
        assert 0 < len(found) < len(whole), name


async def test_each_filter_of_the_other_lists_narrows_to_what_it_says(database):
    """Open months by project; projects by status; deposits by project and status; summaries by project and year."""
    tenant, events, part, world = await told(database)
    await fold(database, tenant, events[part:])
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        lists = Lists(connection, tenant, world.now)
        assert {each.project_id for each in await lists.opened(None, 500, PROJECTS[0])} == {PROJECTS[0]}
        assert {each.project_id for each in await lists.opened(None, 500)} == set(PROJECTS)
        assert [each.project_id for each in await lists.deposits(None, 9, project=PROJECTS[1])] == [PROJECTS[1]]
        assert [each.project_id for each in await lists.deposits(None, 9, status="held")] == [PROJECTS[1]]
        assert [each.project_id for each in await lists.projects(None, 9, status="active")] == list(PROJECTS)
        assert await lists.projects(None, 9, status="ended") == []
        assert [each.project_id for each in await lists.summaries(None, 9, PROJECTS[1])] == [PROJECTS[1]]
        assert await lists.summaries(None, 9, year=2025) == []


@pytest.mark.clause("R14.2.1", "R14.5.2")
async def test_the_year_of_a_project_is_summed_up(database):
    """Average of the closed months half up, months by band, what they cost and earned."""
    tenant, events, part, world = await told(database)
    await fold(database, tenant, events[part:])
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        lists = Lists(connection, tenant, world.now)
        (year,) = await lists.summaries(None, 9, PROJECTS[1])
        months = await lists.scores(None, 500, project_id=PROJECTS[1])
    closed = [month for month in months if month.status == "closed"]
    assert (year.months, year.closed) == (len(months), len(closed))
    assert abs(year.average - sum(month.score for month in closed) / len(closed)) <= 0.005
    assert (year.excellent, year.failed) == (2, 1)
    assert year.vetoed == 1
    assert year.payout_fen == sum(month.payout_fen for month in months) > 0
    assert year.deposit_effect_fen == sum(month.deposit_effect_fen for month in months) < 0


async def test_another_tenant_reads_nothing_of_it(database):
    """Every list of another tenant is empty, also when it names ids of this one."""
    await told(database)
    other = uuid4()
    await fold(database, other, placed(Story().world.log[:2]))
    async with database.tenant_transaction(other, read_only=True) as connection:
        lists = Lists(connection, other, Story().world.now)
        for name in ("scores", "summaries", "opened", "projects", "deposits"):
            assert await getattr(lists, name)(None, 500) == []
        assert await lists.scores(None, 500, project_id=PROJECTS[0]) == []


async def test_an_answer_stands_where_its_projection_stands(database):
    """The position of an answer is that of the projection furthest behind, and none for one that never began."""
    tenant, events, part, _ = await told(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        assert await position_of(connection, tenant, "assessments", "contracts") == part
        assert await position_of(connection, tenant, "assessments", "never_begun") == 0
        assert await position_of(connection, UUID(int=9), "assessments") == 0
    await fold(database, tenant, events[part:])
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        assert await position_of(connection, tenant, "contracts") == len(events)
