"""A year of payments of ten thousand units in the one book of their project: what each costs as the book grows.

Payments are appended to the units' accounts a month at a time; then the worker's own functions carry them into the
book, the lists and the notices. Two projects: collectors hand over every month, and never. A row is 10,000 payments.
"""

import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psutil

from domain.fee_account.commands import ReceiveFee
from domain.fee_book import FEE_BOOK, FeeBookState
from domain.fee_book.commands import ConfirmHandover, HandOver
from domain.fee_book.parts import Counted
from domain.fee_book.state import amounts_of
from domain.reactions.fee_books import book_id
from infra.states import StateStore
from projections import fee_money, fee_reports
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from services.worker.notices import notify
from services.worker.reactions import react
from services.worker.work import Work, work_of
from tests.benchmarks.house import House
from tests.benchmarks.http import provision_tenants
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench
from tests.benchmarks.units import CASHIER, Units, context_at

UNITS = 10_000
MONTHS = 12
COLLECTORS = tuple(UUID(int=number) for number in range(1, 5))
START = datetime(2026, 1, 20, 4, tzinfo=UTC)
AMOUNT_FEN = 1_000
LIMITS = (30, 90, 180, 365)
LIST = 200
PART = 2_000
"""Receipts handed over at once."""


class _Clock:
    """Tells the hour of the month that is being lived."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class _Month(msgspec.Struct, kw_only=True):
    """What a month of payments took: seconds of each part, bytes of write-ahead log, and what was seen afterwards."""

    payments: int
    reacted_s: float
    wal_bytes: int
    shown_s: float
    told_s: float
    handing_s: list[float]
    cold_s: float
    held: int
    asked: dict[str, float]
    memory_mb: float


async def run(house: House, bench: Bench) -> list[Row]:
    """Live a year with hand-overs and one without."""
    rows: list[Row] = []
    for handed in (True, False):
        rows += await _year(house, bench, handed=handed)
    return rows


async def _year(house: House, bench: Bench, *, handed: bool) -> list[Row]:
    units = 2_000 if bench.quick else UNITS
    place, clock = house.new_place(), _Clock()
    settings = Settings(database_url=place.url, redis_url=house.valkey_url)
    kind = "handed over monthly" if handed else "never handed over"
    async with open_runtime(settings, clock) as runtime:
        [tenant], _ = await provision_tenants(settings, runtime, 1)
        year = _Year(runtime, clock, tenant, units)
        await year.begin()
        rows = []
        for month in range(1, MONTHS + 1):
            seen = await year.live(handed=handed)
            bench.say(f"{kind}, month {month}: {_text(seen, ', ')}")
            rows.append(Row(what=f"payments into one book, {kind}, {month * units:,} so far", ours=_text(seen)))
    return rows


def _text(seen: _Month, joint: str = "\n") -> str:
    handing = f"hand over {PART:,}: {max(seen.handing_s) * 1e3:.0f} ms at most" if seen.handing_s else ""
    asked = ", ".join(f"{name} {took * 1e3:.0f} ms" for name, took in seen.asked.items())
    parts = (
        f"{seen.payments / seen.reacted_s:,.0f}/s into the book",
        f"{seen.wal_bytes / seen.payments:,.0f} bytes of log each",
        f"{seen.payments / seen.shown_s:,.0f}/s shown",
        f"{seen.payments / seen.told_s:,.0f}/s passed by notices",
        f"read anew with {seen.held:,} receipts open: {seen.cold_s * 1e3:.0f} ms",
        handing,
        asked,
        f"{seen.memory_mb:,.0f} MB",
    )
    return joint.join(part for part in parts if part)


class _Year:
    """One project whose units pay month by month."""

    def __init__(self, runtime: Runtime, clock: _Clock, tenant: UUID, units: int) -> None:
        self._runtime, self._clock, self._tenant = runtime, clock, tenant
        self._work: Work = work_of(runtime)
        self._units, self._count = Units(runtime, tenant), units
        self._book = book_id(self._units.project)

    async def begin(self) -> None:
        """Store the units with what they were charged."""
        await self._units.begin(self._count, self._clock.now)
        await self._settle()

    async def live(self, *, handed: bool) -> _Month:
        """A month: everybody pays, all of it is carried on, and collectors hand over."""
        self._clock.now += timedelta(days=28)
        pay = ReceiveFee(amount_fen=AMOUNT_FEN, means="cash", reference="收据")
        await self._units.append(
            [
                self._units.decide(stream, (pay,), context_at(self._clock.now, COLLECTORS[number % len(COLLECTORS)]))
                for number, stream in enumerate(self._units.accounts)
            ]
        )
        log, began = await self._log(), time.perf_counter()
        await react(self._work, self._tenant)
        reacted_s, written = time.perf_counter() - began, await self._log() - log
        shown_s = await _timed(self._work.follower.follow(self._tenant))
        told_s = await _timed(notify(self._work, self._tenant))
        state, cold_s = await self._read_anew()
        asked = await self._ask()
        return _Month(
            payments=self._count,
            reacted_s=reacted_s,
            wal_bytes=written,
            shown_s=shown_s,
            told_s=told_s,
            cold_s=cold_s,
            held=sum(len(state.held_by(collector)) for collector in COLLECTORS),
            asked=asked,
            memory_mb=psutil.Process().memory_info().rss / 2**20,
            handing_s=await self._hand_over() if handed else [],
        )

    async def _hand_over(self) -> list[float]:
        """Every collector hands over all that he holds, finance confirms; how long each command took, in seconds."""
        took = []
        for collector in COLLECTORS:
            held = (await self._state()).held_by(collector)
            while held:
                part = dict(sorted(held.items())[:PART])
                counted = Counted(**msgspec.structs.asdict(amounts_of(part.values())))
                command = HandOver(counted=counted, up_to=max(part))
                took.append(await _timed(self._units.send(collector, command, FEE_BOOK, self._book)))
                confirm = ConfirmHandover(handover=(await self._state()).last_handover)
                took.append(await _timed(self._units.send(CASHIER, confirm, FEE_BOOK, self._book)))
                held = (await self._state()).held_by(collector)
        await self._settle()
        return took

    async def _state(self) -> FeeBookState:
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            found = await self._runtime.states.read(connection, self._tenant, FEE_BOOK.noun, self._book)
        assert isinstance(found.state, FeeBookState)
        return found.state

    async def _read_anew(self) -> tuple[FeeBookState, float]:
        """The book as a process reads it that knows nothing of it, and how long that took in seconds."""
        states = StateStore(self._runtime.mapper, self._work.deciders)
        began = time.perf_counter()
        found = await states.load(self._runtime.database, self._tenant, FEE_BOOK.noun, self._book)
        took = time.perf_counter() - began
        assert isinstance(found.state, FeeBookState)
        return found.state, took

    async def _ask(self) -> dict[str, float]:
        """How long the lists take, in seconds."""
        now, tenant = self._clock.now, self._tenant
        arrears = fee_reports.ArrearsAsked(at=now + timedelta(days=1), day=now.date(), limits=LIMITS)
        money = fee_money.MoneyAsked(project=self._units.project)
        async with self._runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            return {
                "arrears": await _timed(fee_reports.arrears(connection, tenant, arrears, LIST)),
                "receipts": await _timed(fee_money.held(connection, tenant, money, zone=UTC, limit=LIST)),
                "suppliers": await _timed(fee_money.suppliers(connection, tenant, self._units.project, None, LIST)),
            }

    async def _log(self) -> int:
        """How many bytes the server has written ahead."""
        async with self._runtime.database.platform() as connection:
            return int(await connection.fetchval("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"))

    async def _settle(self) -> None:
        await react(self._work, self._tenant)
        await self._work.follower.follow(self._tenant)
        await notify(self._work, self._tenant)


async def _timed(work: Awaitable[Any]) -> float:
    """How long something takes, in seconds."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began
