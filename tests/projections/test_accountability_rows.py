"""The board of accountability cases says what the cases say, at every moment of the story."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.accountability import ACCOUNTABILITY_CASE
from projections.accountability_board import CasesAsked, LimitsAsked, cases, limits
from projections.appraisal_effects import EffectsAsked, appraised
from tests.domain.story_accountability import CASE, CLERK, NOUN
from tests.projections.folding import fold, folded_year, placed, year

ZONE = ZoneInfo("Asia/Shanghai")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def own():
    """The positions in the story's log of what happened to accountability cases."""
    return [place for place, (noun, *_) in enumerate(year().log, 1) if noun == NOUN]


def states_at(position):
    """The cases as they stood after a position."""
    states = {}
    for noun, stream, _, event in year().log[:position]:
        if noun == NOUN:
            states[stream] = ACCOUNTABILITY_CASE.evolve(states.get(stream), event)
    return states


async def shown(database, tenant, now=LATER):
    """The board and every running limit."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        board = await cases(connection, tenant, CasesAsked(), now=now, zone=ZONE, limit=100)
        running = await limits(connection, tenant, LimitsAsked(), now=now, zone=ZONE, limit=100)
    return board, running


@pytest.mark.parametrize("part", range(10))
async def test_the_board_stands_where_the_cases_stand(database, part):
    """Status, respondents, running limits and how far up the ladder they are, after every tenth part of the story."""
    places = own()
    position = places[(part + 1) * len(places) // 10 - 1]
    tenant = uuid4()
    await fold(database, tenant, placed(year().log[:position]), batch=5)
    board, running = await shown(database, tenant)
    states = states_at(position)
    assert {(each.case_id, each.status, each.respondents) for each in board} == {
        (key, state.status, len(state.parties)) for key, state in states.items()
    }
    clocks = {(key, clock.key): clock for key, state in states.items() for clock in state.clocks.values()}
    assert {(each.case_id, each.key): (each.due_at, each.role, each.own) for each in running} == {
        key: (clock.due_at, clock.role, clock.own) for key, clock in clocks.items()
    }
    for each in board:
        assert set(each.stages) == {clock.stage for clock in states[each.case_id].clocks.values()}


async def test_what_is_due_is_in_order_and_narrowed(database):
    """By day; a stage, a role and days narrow it, and what has passed is overdue, but for a right."""
    tenant = await folded_year(database)
    _, running = await shown(database, tenant)
    assert len(running) > 1
    assert [each.due_at for each in running] == sorted(each.due_at for each in running)
    assert all(each.overdue == (each.role is not None) for each in running)
    _, early = await shown(database, tenant, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert not any(each.overdue for each in early)
    first = running[0]
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for asked in (
            LimitsAsked(stage=first.stage),
            LimitsAsked(role=first.role),
            LimitsAsked(since=first.due_on, until=first.due_on),
        ):
            found = await limits(connection, tenant, asked, now=LATER, zone=ZONE, limit=100)
            assert first in found
            assert found == [each for each in running if each in found]
        rest = LimitsAsked(after=(first.due_at, first.case_id, first.key))
        assert await limits(connection, tenant, rest, now=LATER, zone=ZONE, limit=100) == running[1:]


@pytest.mark.clause("R4.8", "R4.22")
async def test_a_month_shows_its_gravest_standing_effect_and_all_there_were(database):
    """The clerk's month: suspended, then on review only to criticise himself in writing; the unit's year beside it."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        (month,) = await appraised(connection, tenant, EffectsAsked(person=CLERK), ZONE, 10)
        everything = await appraised(connection, tenant, EffectsAsked(), ZONE, 10)
        standing = await appraised(connection, tenant, EffectsAsked(standing=True), ZONE, 10)
        (unit,) = await appraised(connection, tenant, EffectsAsked(unit="logistics", year=2027), ZONE, 10)
        after = EffectsAsked(after=(unit.period, unit.subject_kind, unit.subject))
        (following,) = await appraised(connection, tenant, after, ZONE, 10)
    assert month.effect == "not_excellent"
    assert [(each.effect, each.reversed_at is None) for each in month.entries] == [
        ("not_competent", False),
        ("not_excellent", True),
    ]
    assert {each.case_id for each in month.entries} == {CASE}
    assert (unit.period, unit.effect) == ("2027", "not_excellent")
    assert everything == standing == [unit, month]
    assert following == month
