"""Deadlines fired a second by two worker processes, all of them falling due at one instant in many tenants.

The domain is that of `tests.library`: each loan that falls due also causes a reaction on its reader, which the
workers carry out beside the firing.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from infra.database import Database
from infra.eventstore import append_on
from infra.recordings import DueDeadline, NewEvent, Recording
from infra.wire import EventMapper, Metadata, canonical
from services.runtime.recording import encode_command
from tests import library
from tests.benchmarks.house import House, provision
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench
from tests.worker_process import WorkerProcess

TENANTS = 20
WORKERS = 2
NOTICE_S = 5.0
"""In which all of them are stored before they fall due."""
LOOK_S = 0.02
PATIENCE_S = 120.0
SWEEP_S = 0.2


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure from the instant the deadlines fall due until the last of them is gone."""
    each = 100 if bench.quick else 300
    place = house.new_place()
    database = await Database.open(place.url)
    workers: list[WorkerProcess] = []
    rates = []
    try:
        tenants = await provision(database, TENANTS)
        workers += [WorkerProcess(place.url, house.valkey_url, SWEEP_S) for _ in range(WORKERS)]
        await asyncio.gather(*(process.ready() for process in workers))
        for number in range(1, bench.rounds + 1):
            at = datetime.now(UTC) + timedelta(seconds=NOTICE_S)
            for tenant in tenants:
                await _owe(database, tenant, each, at)
            fired, took = await _fire(database, at)
            rates.append(fired / took)
            bench.say(f"round {number}/{bench.rounds}: {fired:,} deadlines in {took:.2f} s: {rates[-1]:,.0f}/s")
    finally:
        for process in workers:
            process.stop()
        await database.close()
    what = f"deadlines fired, {WORKERS} workers, {each * TENANTS:,} deadlines of {TENANTS} tenants at once"
    return [Row(what=what, ours=f"{statistics.median(rates):,.0f}/s")]


async def _owe(database: Database, tenant: UUID, loans: int, due_at: datetime) -> None:
    """Store loans with their deadlines, and their readers."""
    mapper, now = EventMapper(library.EVENT_TYPES), datetime.now(UTC)
    events, due = [], []
    for number in range(loans):
        loan, reader = uuid4(), uuid4()
        borrowed = library.BookBorrowed(book=f"book {number}", reader=reader, due_at=due_at)
        events.append(NewEvent(reader, 1, *mapper.encode(library.ReaderRegistered())))
        events.append(NewEvent(loan, 1, *mapper.encode(borrowed)))
        due.append(DueDeadline(loan, "return", due_at, "loan", encode_command(library.LapseLoan())))
    metadata = canonical(Metadata(command_id=uuid4(), command="loan.borrow_book", actor_kind="system"))
    async with database.tenants.acquire() as connection:
        await append_on(connection, tenant, [Recording(events=events, metadata=metadata, recorded_at=now, due=due)])


async def _fire(database: Database, at: datetime) -> tuple[int, float]:
    """Wait for the instant at which the deadlines fall due; their number, and how long it took until all were gone."""
    waiting = await _left(database)
    notice_s = (at - datetime.now(UTC)).total_seconds()
    if notice_s < 0:
        raise TimeoutError("storing the deadlines took longer than the notice they were given")
    await asyncio.sleep(notice_s)
    started = time.perf_counter()
    while await _left(database):
        if time.perf_counter() > started + PATIENCE_S:
            raise TimeoutError("the workers do not fire")
        await asyncio.sleep(LOOK_S)
    return waiting, time.perf_counter() - started


async def _left(database: Database) -> int:
    async with database.directory() as connection:
        left: int = await connection.fetchval("select count(tenant_id) from deadlines where failed_at is null")
    return left
