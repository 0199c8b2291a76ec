"""Boards over a year without a calendar: limits are shown as provisional, and move once the year is known."""

from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.accountability import aftermath as a
from domain.calendar import Calendar
from domain.complaint import commands as c
from projections.accountability_board import LimitsAsked, limits
from projections.complaints_board import ComplaintsAsked, complaints_due
from projections.kernel import Folded
from tests.domain import accountability_given as cases
from tests.domain import complaint_given as complaints
from tests.projections.folding import fold

ZONE = ZoneInfo("Asia/Shanghai")
OPEN = Calendar(complete_years=frozenset({2026}))
KNOWN = Calendar(holidays=frozenset({date(2027, 1, 1)}), complete_years=frozenset({2026, 2027}))
BEFORE, AFTER = [(date(2027, 1, 1), True)], [(date(2027, 1, 4), False)]


def placed(stream, events, now):
    """What happened to one stream, at its places."""
    return [Folded(n, stream, n, now, event) for n, event in enumerate(events, 1)]


@pytest.mark.clause("R4.14")
async def test_a_cases_limit_moves_on_the_board(database):
    """Four working days from 28 December: New Year's day as far as anybody knows, then the Monday after it."""
    case = cases.Case(now=cases.at(12, 28), calendar=OPEN, verification_days=4)
    shown = []
    for calendar in (OPEN, KNOWN):
        if calendar is KNOWN:
            case.calendar = KNOWN
            case.send(None, a.RederiveStages(year=2027), kind="system")
        tenant = uuid4()
        await fold(database, tenant, placed(cases.STREAM, case.events, case.now), batch=1)
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            found = await limits(connection, tenant, LimitsAsked(), now=case.now, zone=ZONE, limit=9)
        shown.append([(each.due_on, each.provisional) for each in found if each.stage == "verification"])
    assert shown == [BEFORE, AFTER]


@pytest.mark.clause("R11.2.1")
async def test_a_complaints_limit_moves_on_the_board(database):
    """Settled a day later than usual, by the same days."""
    case = complaints.Case(now=complaints.at(12, 31), calendar=OPEN, settle_days=1)
    shown = []
    for calendar in (OPEN, KNOWN):
        if calendar is KNOWN:
            case.calendar = KNOWN
            case.send(c.RederiveLimits(year=2027), person=None)
        tenant = uuid4()
        await fold(database, tenant, placed(complaints.STREAM, case.events, case.now), batch=1)
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            found = await complaints_due(
                connection, tenant, ComplaintsAsked(), before=None, after=None, zone=ZONE, limit=9
            )
        shown.append([(each.limit.due_on, each.limit.provisional) for each in found])
    assert shown == [BEFORE, AFTER]
