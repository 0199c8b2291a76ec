"""Ten thousand reminders that fall due at one instant, fired by two worker processes, and what a neighbour feels of it.

Each tells whoever collects. Another tenant's commands are sent meanwhile, one after the other: how long until what
they did is shown, beside the same while nothing else is done.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import psutil

from domain.fee_account.commands import LapsePayment
from infra import deadlines
from infra.deadlines import DueRow
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from services.worker.settling import follow
from services.worker.work import work_of
from tests.benchmarks.freshness import lag, worker
from tests.benchmarks.house import House
from tests.benchmarks.http import grant, provision_tenants
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, percentile
from tests.benchmarks.units import Units, context_at

UNITS = 10_000
WORKERS = 2
FAR = datetime(2999, 1, 1, tzinfo=UTC)
LOOK_S = 0.05
PAUSE_S = 0.02
PEACE = 200
PATIENCE_S = 300.0
CHARGED_AGO = timedelta(days=50)
NEXT = timedelta(days=30)
"""From the second reminder, which is due, until the third, which is not."""

_DONE = (
    "select (select count(*) from events where tenant_id = $1 and topic = 'fee_account.reminded') as reminded,"
    " (select count(*) from inbox where tenant_id = $1) as told,"
    " (select min(position) from projections where tenant_id = $1 and status = 'live')"
    "  = (select position from ledger where tenant_id = $1) as shown"
)


class _Seen(msgspec.Struct):
    """When all were reminded, told and shown, in seconds since they fell due; the most memory of a worker."""

    fired_s: float = 0
    told_s: float = 0
    shown_s: float = 0
    memory_mb: float = 0


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure the neighbour in peace, then during the reminders."""
    units = 1_000 if bench.quick else UNITS
    settings = Settings(database_url=house.new_place().url, redis_url=house.valkey_url, sweep_s=0.5)
    async with open_runtime(settings) as runtime:
        [tenant, neighbour], _ = await provision_tenants(settings, runtime, 2)
        rows = await _fill(runtime, tenant, units)
        house.settle()
        async with worker(settings) as one, worker(settings) as other:
            await lag(runtime, neighbour)  # until the workers are up
            peace = [await _paused(runtime, neighbour) for _ in range(PEACE)]
            now = datetime.now(UTC)
            async with runtime.database.tenant_transaction(tenant) as connection:
                await deadlines.move(connection, tenant, rows, [now] * len(rows))
            seen, during = await _fire(runtime, tenant, neighbour, units, (one, other))
        bench.say(f"reminded after {seen.fired_s:.1f} s, told {seen.told_s:.1f} s, shown {seen.shown_s:.1f} s")
    return [
        Row(
            what=f"{units:,} reminders due at one instant, {WORKERS} workers",
            ours=(
                f"{units / seen.fired_s:,.0f}/s reminded in {seen.fired_s:.1f} s\n"
                f"all told after {seen.told_s:.1f} s, shown after {seen.shown_s:.1f} s\n"
                f"{seen.memory_mb:,.0f} MB a worker at most"
            ),
        ),
        Row(
            what="a neighbour's command until shown, during that; in peace",
            ours=_latencies(during),
            peer=_latencies(peace),
        ),
    ]


def _latencies(seconds: list[float]) -> str:
    in_order = sorted(seconds)
    p50, p99 = (percentile(in_order, share) * 1e3 for share in (0.5, 0.99))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {in_order[-1] * 1e3:.0f} ms of {len(in_order)}"


async def _fill(runtime: Runtime, tenant: UUID, count: int) -> list[DueRow]:
    """Units that were reminded once, so long ago that the second reminder is due; the rows of those."""
    config = await runtime.configs.get(tenant)
    assert config.organisation is not None
    [member] = config.organisation.members
    await grant(runtime, tenant, member, "fee_collector")
    now, units = datetime.now(UTC), Units(runtime, tenant)
    await units.begin(count, now - CHARGED_AGO)
    reminded, rows = [], []
    for stream, (state, _) in list(units.accounts.items()):
        first = state.bills[1].reminder
        assert first is not None
        recording = units.decide(stream, (LapsePayment(charge=1, level=1),), context_at(first.due_at))
        [due] = recording.due
        assert due.due_at < now < due.due_at + NEXT
        # the reminder is due; its row waits until everything else is ready
        reminded.append(msgspec.structs.replace(recording, due=[msgspec.structs.replace(due, due_at=FAR)]))
        rows.append(DueRow(stream, due.key, FAR, due.noun, due.command))
    await units.append(reminded)
    await follow(work_of(runtime), tenant)
    return rows


async def _paused(runtime: Runtime, tenant: UUID) -> float:
    await asyncio.sleep(PAUSE_S)
    return await lag(runtime, tenant)


async def _fire(
    runtime: Runtime, tenant: UUID, neighbour: UUID, units: int, workers: Sequence[int]
) -> tuple[_Seen, list[float]]:
    """Watch until every second reminder is given, told and shown, while the neighbour works."""
    done, seen, lags = asyncio.Event(), _Seen(), []

    async def neighbours() -> None:
        while not done.is_set():
            lags.append(await _paused(runtime, neighbour))

    task = asyncio.create_task(neighbours())
    began = time.perf_counter()
    try:
        while not seen.shown_s:
            await asyncio.sleep(LOOK_S)
            passed = time.perf_counter() - began
            if passed > PATIENCE_S:
                raise TimeoutError("the workers do not remind")
            async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
                row = await connection.fetchrow(_DONE, tenant)
            assert row is not None
            seen.fired_s = seen.fired_s or (passed if row["reminded"] == 2 * units else 0)
            seen.told_s = seen.told_s or (passed if row["told"] == units else 0)
            seen.shown_s = passed if seen.fired_s and seen.told_s and row["shown"] else 0
            seen.memory_mb = max(seen.memory_mb, *(_memory_mb(worker) for worker in workers))
    finally:
        done.set()
        await task
    return seen, lags


def _memory_mb(worker: int) -> float:
    return float(psutil.Process(worker).memory_info().rss) / 2**20
