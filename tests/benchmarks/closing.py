"""The closing of a fee period of ten thousand units by two worker processes, which are killed on the way.

It tells notices a second, over all and without the standstill after the kill, and that each unit has exactly one.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from domain.calendar import Calendar
from domain.fee_account import FEE_ACCOUNT, account_id
from domain.fee_account.commands import OpenFeeAccount, SetStandingItem
from domain.fee_period import FEE_PERIOD, period_id
from domain.fee_period.messages import CloseFeePeriod, OpenFeePeriod
from domain.kernel import Actor, Command, Context, Decider, RuleVersion, derived_id
from domain.roles import permissions_of
from domain.rule_book import RULE_BOOK
from domain.rule_book.messages import AdoptPack
from domain.rules.r13 import default_values
from infra.eventstore import append_on
from infra.recordings import NewEvent, Recording
from infra.wire import Metadata, canonical
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.deciding import decide_in_turn
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings, to_environment
from services.worker.settling import settle
from tests.benchmarks.house import House
from tests.benchmarks.http import provision_tenants
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench

ROOT = Path(__file__).parent.parent.parent
UNITS = 10_000
WORKERS = 2
AT_ONCE = 500
LOOK_S = 0.02
SHOW_S = 1.0
KILLED_AT = 0.4
PATIENCE_S = 600.0
MONTH = "2026-01"
FROM = date(2026, 1, 1)
ROLES = frozenset({"finance", "tenant_admin"})
PERSON = Actor(kind="member", id=UUID(int=1), name="财务", roles=ROLES)


class _Seen(msgspec.Struct, frozen=True):
    """How a closing went, in seconds: how long nothing happened after the kill, when every notice was listed."""

    took_s: float
    stood_s: float
    killed_at: int
    shown_s: float


async def run(house: House, bench: Bench) -> list[Row]:
    """Close one period."""
    units = 1_000 if bench.quick else UNITS
    place = house.new_place()
    settings = Settings(database_url=place.url, redis_url=house.valkey_url)
    async with open_runtime(settings) as runtime:
        [tenant], _ = await provision_tenants(settings, runtime, 1)
        project = uuid4()
        started = time.perf_counter()
        await _fill(runtime, tenant, project, units)
        await settle(runtime, tenant)
        bench.say(f"{units:,} units of one project stored and shown in {time.perf_counter() - started:.0f} s")
        house.settle()
        seen = await _close(runtime, bench, tenant, project)
        await _must_be_once(runtime, tenant, units)
        bench.say(f"every notice numbered and listed {seen.shown_s:.1f} s after the closing began")
    rate, moving = units / seen.took_s, units / (seen.took_s - seen.stood_s)
    return [
        Row(
            what=(
                f"notices of a month's close, {units:,} units with two standing items each, {WORKERS} workers, both"
                f" killed after {seen.killed_at:,}; each unit has exactly one"
            ),
            ours=(
                f"{rate:,.0f}/s, {seen.took_s:.1f} s in all\n"
                f"{moving:,.0f}/s without the {seen.stood_s:.1f} s after the kill\n"
                f"all numbered and listed after {seen.shown_s:.1f} s"
            ),
        )
    ]


async def _fill(runtime: Runtime, tenant: UUID, project: UUID, units: int) -> None:
    """Adopt the rules, open the period, and store the units with what they are charged."""
    book = derived_id(tenant, "rule_book", "R13")
    await _send(runtime, tenant, RULE_BOOK, book, AdoptPack(regulation="R13", effective_from=FROM))
    opened = OpenFeePeriod(project_id=project, name="万户项目", first_month=MONTH)
    await _send(runtime, tenant, FEE_PERIOD, period_id(project, MONTH), opened)
    context = Context(
        actor=PERSON,
        now=datetime.now(UTC),
        calendar=Calendar(),
        rules={"R13": (RuleVersion(1, FROM, default_values()),)},
    )
    for first in range(0, units, AT_ONCE):
        batch = list(_recordings(runtime, project, range(first, min(first + AT_ONCE, units)), context))
        async with runtime.database.tenants.acquire() as connection:
            await append_on(connection, tenant, batch)


def _recordings(runtime: Runtime, project: UUID, numbers: range, context: Context) -> Iterator[Recording]:
    commands = (
        SetStandingItem(item="property_fee", basis="area", from_month=MONTH),
        SetStandingItem(item="common_repair", basis="fixed", quantity=Decimal(1), from_month=MONTH),
    )
    for number in numbers:
        unit = f"{number:05}"
        opened = OpenFeeAccount(
            project_id=project, unit=unit, building="1", owner=f"业主{number}", area_m2=Decimal("88.5")
        )
        events = decide_in_turn(FEE_ACCOUNT, None, (opened, *commands), context)
        stream = account_id(project, "1", unit)
        metadata = Metadata(command_id=uuid4(), command="fee_account.open_fee_account", actor_kind="member")
        yield Recording(
            events=[NewEvent(stream, n, *runtime.mapper.encode(event)) for n, event in enumerate(events, 1)],
            metadata=canonical(metadata),
            recorded_at=context.now,
        )


async def _send(runtime: Runtime, tenant: UUID, decider: Decider[Any], stream: UUID, command: Command) -> None:
    async def authorise(_: TenantConfig) -> Principal:
        return Principal(id=UUID(int=1), actor=PERSON, permissions=permissions_of(ROLES))

    await runtime.bus.execute(
        CommandRequest(tenant=tenant, decider=decider, stream=stream, command=command, authorise=authorise)
    )


async def _close(runtime: Runtime, bench: Bench, tenant: UUID, project: UUID) -> _Seen:
    """Close the period, killing the workers once, and show how far it is."""
    period = period_id(project, MONTH)
    workers = [_start(runtime.settings) for _ in range(WORKERS)]
    try:
        await _send(runtime, tenant, FEE_PERIOD, period, CloseFeePeriod())
        watch = _Watch(runtime, bench, tenant, period)
        killed_at = await watch.until(KILLED_AT)
        bench.say(f"{killed_at:,} done: both workers are killed, two others started")
        for worker in workers:
            _end(worker, signal.SIGKILL)
        workers = [_start(runtime.settings) for _ in range(WORKERS)]
        # what they did between the last look and their end is no step of the others
        left, killed = await watch.done(), time.perf_counter()
        await watch.until((left + 1) / watch.total)
        stood_s = time.perf_counter() - killed
        await watch.until(1)
        took_s = watch.passed_s
        await watch.until_shown()
        return _Seen(took_s, stood_s, killed_at, watch.passed_s)
    finally:
        for worker in workers:
            _end(worker, signal.SIGTERM)


class _Watch:
    """Looks how far the closing of a period is, and says so now and then."""

    def __init__(self, runtime: Runtime, bench: Bench, tenant: UUID, period: UUID) -> None:
        self._runtime, self._bench, self._tenant, self._period = runtime, bench, tenant, period
        self._began = self._said = time.perf_counter()
        self.total = 1

    @property
    def passed_s(self) -> float:
        """Since the closing began."""
        return time.perf_counter() - self._began

    async def done(self) -> int:
        """How many accounts have had their turn."""
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            row = await connection.fetchrow(
                "select total, done from fee_runs where tenant_id = $1 and period_id = $2", self._tenant, self._period
            )
        if row is None:
            return 0
        self.total = row["total"]
        return int(row["done"])

    async def until(self, share: float) -> int:
        """Wait until a share of all accounts has had its turn; how many have."""
        while (done := await self.done()) < share * self.total:
            rate = f"{done / self.passed_s:,.0f} notices/s since it began"
            await self._look(f"{done:,} of {self.total:,}: {rate}" if done else "the workers take it up")
        return done

    async def until_shown(self) -> None:
        """Wait until the notices have their numbers and every one of them is listed."""
        while not await self._is_shown():
            await self._look("all charged; the lists follow")

    async def _is_shown(self) -> bool:
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            numbered = await connection.fetchval(
                "select max(first_number) from fee_periods where tenant_id = $1", self._tenant
            )
            listed = await connection.fetchval("select count(*) from fee_notices where tenant_id = $1", self._tenant)
        return numbered is not None and listed == self.total

    async def _look(self, text: str) -> None:
        if self.passed_s > PATIENCE_S:
            raise TimeoutError("the workers do not close the period")
        now = time.perf_counter()
        if now - self._said > SHOW_S:
            self._said = now
            self._bench.say(text)
        await asyncio.sleep(LOOK_S)


async def _must_be_once(runtime: Runtime, tenant: UUID, units: int) -> None:
    """Each unit has one notice, and their numbers have no gap."""
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        row = await connection.fetchrow(
            "select count(*) as notices, count(distinct originator_id) as units,"
            " max((convert_from(state, 'UTF8')::jsonb ->> 'serial')::bigint) as last,"
            " count(distinct convert_from(state, 'UTF8')::jsonb ->> 'serial') as numbers"
            " from events where tenant_id = $1 and topic = 'fee_account.period_charged'",
            tenant,
        )
    if tuple(row) != (units,) * 4:
        raise RuntimeError(f"notices, units, last number and numbers are {tuple(row)}, not {units} each")


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "services.worker"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **to_environment(settings)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if worker.poll() is None:
        worker.send_signal(number)
    worker.wait(timeout=60)
