"""The complaint board, what is due when, and the times: what the aggregates say, over stories told at random."""

from datetime import UTC, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.complaint_times import TimesAsked, complaint_times
from projections.complaints_board import ComplaintsAsked, complaints, complaints_due
from tests.domain.complaint_given import RECEIPT, Case, anonymous, at, lodge
from tests.projections.complaint_stories import Told, steps
from tests.projections.folding import contents, fold

ZONE = ZoneInfo("Asia/Shanghai")
RANDOMLY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@RANDOMLY
@given(named=steps, hidden=steps, batch=st.sampled_from([1, 3, 1_000]))
@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.3")
async def test_the_board_says_what_the_complaints_say(database, named, hidden, batch):
    """Status, limit, ladder, pause, lateness, signatures and rating of each are those of its own state."""
    told, tenant = Told(), uuid4()
    told.tell(told.begin(lodge(), at(4, 8)), named)
    told.tell(told.begin(anonymous(), at(4, 9, 15, 23)), hidden)
    await fold(database, tenant, told.log, batch=batch)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        shown = await complaints(connection, tenant, ComplaintsAsked(), after=None, zone=ZONE, limit=9)
        due = await complaints_due(connection, tenant, ComplaintsAsked(), before=None, after=None, zone=ZONE, limit=9)
    by_id = {each.complaint_id: each for each in shown}
    for stream, case in told.cases:
        _same(by_id[stream], case.state)
    owing = [each for each in shown if each.open and each.limit is not None]
    assert [each.complaint_id for each in due] == [
        each.complaint_id for each in sorted(owing, key=lambda one: (one.limit.due_by, one.complaint_id))
    ]


def _same(shown, state):
    assert (shown.status, shown.round, shown.responsible, shown.level) == (
        state.status, state.round, state.responsible, state.level
    )  # fmt: skip
    if state.limit is not None:
        assert (shown.limit.basis, shown.limit.due_by, shown.limit.passed) == (
            state.limit.basis, state.limit.due_by, False
        )  # fmt: skip
    else:
        assert shown.limit is None or shown.limit.passed
        assert (shown.limit is not None) == shown.open
    assert (shown.next_level and (shown.next_level.level, shown.next_level.due_at)) == (
        state.next_level and (state.next_level.level, state.next_level.due_at)
    )
    assert (shown.waiting and (shown.waiting.ends_at, shown.waiting.clock_stopped)) == (
        state.pause and (state.pause.ends_at, state.pause.clock_stops)
    )
    assert set(shown.departments) == set(state.departments)
    assert set(shown.signed) == set(state.signatures)
    assert (shown.late, shown.fined, shown.fine_owed) == (bool(state.late), state.fined, state.fine_owed)
    assert (shown.rating, shown.upheld, shown.promised_for) == (
        state.rating, state.upheld is not None, state.promised_for
    )  # fmt: skip
    assert shown.instruction_awaited == state.instruction_awaited


@RANDOMLY
@given(named=steps, hidden=steps)
async def test_batches_of_any_size_leave_the_same_rows(database, named, hidden):
    """Folding one event at a time or all at once is one and the same."""
    told = Told()
    told.tell(told.begin(lodge(), at(4, 8)), named)
    told.tell(told.begin(anonymous(), at(4, 9, 15, 23)), hidden)
    tenants = [uuid4() for _ in range(2)]
    for tenant, batch in zip(tenants, (1, 1_000), strict=True):
        await fold(database, tenant, told.log, batch=batch)
    one, whole = [await contents(database, tenant) for tenant in tenants]
    assert one == whole


async def times_of(database, told, **asked):
    """The times of what was told."""
    tenant = uuid4()
    await fold(database, tenant, told.log)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await complaint_times(connection, tenant, TimesAsked(**asked), 50)


@pytest.mark.clause("R0.1")
async def test_response_and_resolution_are_measured_without_the_pauses(database):
    """Taken up after half an hour; settled after two hours of which one was waited for the customer."""
    told = Told()
    case = told.begin(lodge("销售部"), at(4, 8))
    told.tell(case, ["assign", 30, "start", "propose", "sign", "pause", 60, "resume", 30, "answer", "settle", "rate"])
    [row] = await times_of(database, told)
    assert (row.month, row.department, row.rounds, row.settled) == ("2026-04", "销售部", 1, 1)
    assert (row.response_median_s, row.resolution_median_s) == (30 * 60, 60 * 60)
    assert (row.rated, row.satisfaction_percent) == (1, 60)


@pytest.mark.clause("R0.1")
async def test_the_middle_and_the_ninth_in_ten_are_told_by_department_and_month(database):
    """Ten complaints taken up after one to ten minutes; one of them concerns a second department."""
    told = Told()
    for n in range(10):
        case = told.begin(lodge("销售部"), at(4, 8) + timedelta(days=40 * (n == 9)))
        told.tell(case, ["assign", n + 1, "start", *(["consult"] if n == 0 else [])])
    may, engineering, sales = await times_of(database, told)
    assert (may.month, may.department, may.response_median_s) == ("2026-05", "销售部", 600)
    assert (engineering.department, engineering.rounds) == ("工程部", 1)
    assert (sales.rounds, sales.response_median_s, sales.response_p90_s) == (9, 5 * 60, 9 * 60)
    assert sales.resolution_median_s is None
    assert [each.department for each in await times_of(database, told, last="2026-04", department="工程部")] == [
        "工程部"
    ]


@pytest.mark.clause("R0.1", "R11.2.4")
async def test_each_round_is_measured_by_itself(database):
    """Reopened in the next month, a complaint has a second round there; the first keeps its time."""
    told = Told()
    case = told.begin(lodge("销售部"), at(4, 20))
    whole = ["assign", 10, "start", "propose", "sign", "answer", "settle"]
    told.tell(case, [*whole, 60 * 24 * 20, "reopen", 20, *whole[2:]])
    second, first = await times_of(database, told)
    assert (first.month, first.resolution_median_s) == ("2026-04", 600)
    assert (second.month, second.resolution_median_s) == ("2026-05", 1_200)


@pytest.mark.clause("R0.3", "R11.2.1")
async def test_no_view_tells_the_hour_of_an_anonymous_report(database):
    """Two reports of one day, hours apart, leave the same rows but for their ids and places."""
    rows = []
    for hour in (8, 17):
        told, tenant = Told(), uuid4()
        case = told.begin(anonymous(), at(4, 8, hour, 23))
        case.now = at(4, 9, 9).astimezone(UTC)
        told.tell(case, ["assign", "start"])
        await fold(database, tenant, told.log)
        kept = await contents(database, tenant)
        rows.append({table: kept[table] for table in kept if table.startswith("complaint")})
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            [shown] = await complaints(connection, tenant, ComplaintsAsked(), after=None, zone=ZONE, limit=9)
        assert (shown.lodged_at, shown.lodged_on.isoformat()) == (None, "2026-04-08")
    assert rows[0] == rows[1]
    assert RECEIPT not in repr(rows)


async def test_the_day_is_kept_where_the_rules_keep_the_hour(database):
    """By the other reading the instant is shown."""
    told, tenant = Told(), uuid4()
    case = Case(anonymous(), at(4, 8, 8, 23), anonymous_time="instant")
    told.cases.append((UUID(int=1), case))
    told._keep(case, case.events)
    await fold(database, tenant, told.log)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        [shown] = await complaints(connection, tenant, ComplaintsAsked(), after=None, zone=ZONE, limit=9)
    assert shown.lodged_at == at(4, 8, 8, 23)
