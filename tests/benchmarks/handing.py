"""A collector with ten thousand open receipts hands over and finance confirms: a few while others pay, then the rest.

Meanwhile ten thousand more payments are on their way into the same book, by two worker processes, so that each
command finds the book changed under it. A command that gives up because of that is counted.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from domain.fee_account.commands import ReceiveFee
from domain.fee_book import FEE_BOOK, FeeBookState
from domain.fee_book.commands import ConfirmHandover, HandOver
from domain.fee_book.handing import MAX_RECEIPTS
from domain.fee_book.parts import Counted
from domain.fee_book.state import amounts_of
from domain.kernel import Command
from domain.reactions.fee_books import book_id
from infra.discovery import REACTIONS
from infra.eventstore import ledger_position, tracked_position
from services.runtime.commands import TooContended
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from services.worker.settling import follow
from services.worker.work import work_of
from tests.benchmarks.freshness import worker
from tests.benchmarks.house import House
from tests.benchmarks.http import provision_tenants
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench
from tests.benchmarks.units import CASHIER, Units, context_at

UNITS = 10_000
COLLECTOR, OTHER = UUID(int=1), UUID(int=2)
SMALL = 10
"""Receipts handed over at once while others pay."""
LOOK_S = 0.01
PATIENCE_S = 60.0
PAID = ReceiveFee(amount_fen=1_000, means="cash", reference="收据")


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure both."""
    count = 2_000 if bench.quick else UNITS
    settings = Settings(database_url=house.new_place().url, redis_url=house.valkey_url)
    async with open_runtime(settings) as runtime:
        [tenant], _ = await provision_tenants(settings, runtime, 1)
        desk = _Desk(runtime, tenant)
        await desk.units.begin(count, datetime.now(UTC) - timedelta(days=1))
        await desk.pay(COLLECTOR)
        await follow(work_of(runtime), tenant)
        house.settle()
        async with worker(settings), worker(settings):
            await desk.pay(OTHER)
            await desk.begun()
            small = []
            while await desk.behind() > 0:
                small += [took async for took in desk.hand_over(SMALL, 1)]
        await follow(work_of(runtime), tenant)
        large = [took async for took in desk.hand_over(MAX_RECEIPTS, count)]
        size = await desk.largest()
    quiet, amid = (f"most {max(each) * 1e3:.0f} ms of {len(each)} commands" for each in (large, small))
    bench.say(f"quiet: {quiet}; amid payments: {amid}, {desk.given_up} gave up")
    while_paying = f"{SMALL} receipts handed over and confirmed at a time while {count:,} others are paid"
    return [
        Row(what=f"{count:,} receipts handed over and confirmed, {MAX_RECEIPTS:,} at once", ours=quiet),
        Row(what=while_paying, ours=f"{amid}\n{desk.given_up} gave up"),
        Row(what="the largest event of that", ours=f"{size:,} bytes"),
    ]


class _Desk:
    """Those who hand over and confirm."""

    def __init__(self, runtime: Runtime, tenant: UUID) -> None:
        self._runtime, self._tenant = runtime, tenant
        self.units = Units(runtime, tenant)
        self._book = book_id(self.units.project)
        self.given_up = 0

    async def pay(self, collector: UUID) -> None:
        """Every unit pays a collector."""
        context = context_at(datetime.now(UTC), collector)
        await self.units.append([self.units.decide(stream, (PAID,), context) for stream in self.units.accounts])

    async def hand_over(self, part: int, parts: int) -> AsyncIterator[float]:
        """Hand over that many parts at most, each confirmed; how long each command took, in seconds."""
        for _ in range(parts):
            held = dict(list((await self._state()).held_by(COLLECTOR).items())[:part])
            if not held:
                return
            counted = Counted(**msgspec.structs.asdict(amounts_of(held.values())))
            yield await self._send(COLLECTOR, HandOver(counted=counted, up_to=max(held)))
            for handover in (await self._state()).handovers:
                yield await self._send(CASHIER, ConfirmHandover(handover=handover))

    async def begun(self) -> None:
        """Wait until the workers are up and at it."""
        began, first = time.perf_counter(), await self.behind()
        while await self.behind() == first:
            if time.perf_counter() > began + PATIENCE_S:
                raise TimeoutError("the workers do not react")
            await asyncio.sleep(LOOK_S)

    async def behind(self) -> int:
        """How many events the reactions have yet to pass."""
        position, _ = await ledger_position(self._runtime.database, self._tenant)
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            return position - (await tracked_position(connection, self._tenant, REACTIONS) or 0)

    async def largest(self) -> int:
        """The bytes of the book's largest event."""
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            size: int = await connection.fetchval(
                "select max(length(state)) from events where tenant_id = $1 and originator_id = $2",
                self._tenant,
                self._book,
            )
        return size

    async def _send(self, person: UUID, command: Command) -> float:
        began = time.perf_counter()
        try:
            await self.units.send(person, command, FEE_BOOK, self._book)
        except TooContended:
            self.given_up += 1
        return time.perf_counter() - began

    async def _state(self) -> FeeBookState:
        async with self._runtime.database.tenant_transaction(self._tenant, read_only=True) as connection:
            found = await self._runtime.states.read(connection, self._tenant, FEE_BOOK.noun, self._book)
        assert isinstance(found.state, FeeBookState)
        return found.state
