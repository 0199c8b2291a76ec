"""Properties of the rows over stories told at random."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings

from domain.assessment import lacks
from domain.kernel import derived_id
from projections.contract_lists import deposits, projects
from projections.deposit_statement import EntriesAsked, statement
from projections.monthly_scores import ScoresAsked, monthly_scores
from projections.open_assessments import open_assessments
from tests.projections.folding import contents, fold, placed
from tests.projections.stories import PROJECTS, Story, told

ZONE = ZoneInfo("Asia/Shanghai")
RANDOMLY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@RANDOMLY
@given(steps=told)
async def test_batches_of_any_size_leave_the_same_rows(database, steps):
    """Folding one event at a time, three at a time or all at once is one and the same."""
    events = placed(Story().tell(steps).log)
    tenants = [uuid4() for _ in range(3)]
    for tenant, batch in zip(tenants, (1, 3, 10_000), strict=True):
        await fold(database, tenant, events, batch=batch)
    one, three, whole = [await contents(database, tenant) for tenant in tenants]
    assert one == whole
    assert three == whole


@RANDOMLY
@given(steps=told)
async def test_what_is_shown_is_what_the_aggregates_say(database, steps):
    """Open months lack what the domain says, scores are the scorecards', balances and streaks the aggregates' own."""
    world = Story().tell(steps)
    tenant = uuid4()
    await fold(database, tenant, placed(world.log), batch=7)
    assessments = {key[1]: state for key, state in world.states.items() if key[0] == "assessment"}
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        opened = await open_assessments(
            connection, tenant, project=None, after=None, now=world.now, zone=ZONE, limit=500
        )
        months = await monthly_scores(connection, tenant, ScoresAsked(), ZONE, 500)
        accounts = await deposits(connection, tenant, project=None, status=None, after=None, limit=10)
        standing = await projects(connection, tenant, status=None, after=None, zone=ZONE, limit=10)
        statements = {
            project: await statement(
                connection, tenant, derived_id(project, "deposit"), asked=EntriesAsked(), zone=ZONE, limit=500
            )
            for project in PROJECTS
        }
    assert {each.assessment_id for each in opened} == {key for key, s in assessments.items() if s.status != "closed"}
    for month in opened:
        state = assessments[month.assessment_id]
        assert [(x.code, x.weight, x.label, x.subject, x.have, x.want) for x in month.lacks] == [
            (x.code, x.weight, x.label, x.subject, x.have, x.want) for x in lacks(state)
        ]
    assert {each.assessment_id for each in months} == set(assessments)
    for month in months:
        _same_month(month, assessments[month.assessment_id])
    for project, account, shown in zip(PROJECTS, accounts, standing, strict=True):
        _same_standing(shown, world.state("property_project", project))
        _same_account(account, statements[project], world.state("contract_deposit", derived_id(project, "deposit")))


def _same_month(shown, state):
    card = state.scorecard
    assert (shown.status, shown.revision, shown.month) == (state.status, state.revision, state.month)
    assert shown.findings == sum(not each.overturned for each in state.findings.values())
    assert shown.complaints == sum(not each.overturned for each in state.complaints.values())
    assert shown.incidents == sum(not each.overturned for each in state.incidents.values())
    valid = [each.group for each in state.ballots.values() if not each.voided]
    assert (shown.staff_ballots, shown.student_ballots) == (valid.count("staff"), valid.count("students"))
    assert (shown.score, shown.band) == ((None, None) if card is None else (card.score, card.band))


def _same_standing(shown, state):
    assert (shown.status, shown.streak) == (state.status, state.streak)
    assert shown.termination_right_since == (state.right.month if state.right else None)
    assert shown.tender_priority_months == state.tender_priority
    owed = state.open_correction
    assert (shown.open_correction and shown.open_correction.month) == (owed and owed.month)
    assert (shown.open_correction and shown.open_correction.status) == (owed and owed.status)


def _same_account(shown, told_, state):
    assert (shown.status, shown.balance_fen, shown.uncollected_fen) == (
        state.status,
        state.balance_fen,
        state.uncollected_fen,
    )
    assert (shown.received_fen, shown.demanded_fen, shown.forfeited_fen) == (
        state.received_fen,
        state.demanded_fen,
        state.forfeited_fen,
    )
    assert [(each.kind, each.entry_id, each.effect_fen) for each in told_.items] == [
        (each.kind, each.entry_id, each.effect_fen) for each in state.entries
    ]
    assert [(each.demand_id, each.remaining_fen, each.state == "overdue") for each in told_.owed] == [
        (each.demand_id, each.remaining_fen, each.overdue) for each in state.demands
    ]
    assert sum(each.effect_fen for each in told_.items) == shown.balance_fen
