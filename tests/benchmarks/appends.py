"""Appends a second: `GroupCommit.append` beside the library's own application recorder, 64 at a time."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from infra.database import Database
from infra.group_commit import GroupCommit
from infra.recordings import Appended, NewEvent, Recording
from tests.benchmarks.house import House, environment, provision
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, Measure, compare, in_threads, rate

CONCURRENT = 64
TENANTS = 32
TOPIC = "bench.happened"
STATE = b'{"book":"a book of some length","due_at":"2026-03-02T04:00:00Z","reader":"0d4a"}'


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure one hot tenant and many tenants; the library's recorder knows none, so its table is the same."""
    database = await Database.open(house.new_place().url)
    try:
        tenants = await provision(database, TENANTS)
        appends = GroupCommit(database)
        with _recorder(house.empty_url()) as plain, _recorder(house.empty_url(), functions=True) as with_functions:
            found = await bench.alternate(
                {
                    "one hot tenant": _ours(appends, tenants[:1], bench.seconds),
                    "the library's recorder": _theirs(plain, bench.seconds),
                    f"{TENANTS} tenants": _ours(appends, tenants, bench.seconds),
                    "the library's recorder with its function": _theirs(with_functions, bench.seconds),
                }
            )
    finally:
        await database.close()
    hot, plain_rates, many, function_rates = found.values()
    return [
        _row("appends, one hot tenant, 64 concurrent", hot, plain_rates, bar=10),
        _row(f"appends, {TENANTS} tenants, 64 concurrent", many, plain_rates, bar=3),
        _row("appends, one hot tenant; the library's database function switched on", hot, function_rates, bar=None),
    ]


def _row(what: str, ours: list[float], peer: list[float], bar: float | None) -> Row:
    ratio, spread = compare(ours, peer)
    return Row(
        what=what,
        ours=rate(ours),
        peer=rate(peer),
        ratio=ratio,
        spread=spread,
        bar=bar,
        remedy="Commits of one tenant are serial: faster fsync, or more concurrent appends to share each of them.",
    )


@contextmanager
def _recorder(url: str, *, functions: bool = False) -> Iterator[PostgresApplicationRecorder]:
    """The library's recorder, its table made and a connection open for every thread."""
    parts = environment(url, CONCURRENT)
    with PostgresDatastore(
        dbname=parts["POSTGRES_DBNAME"],
        host=parts["POSTGRES_HOST"],
        port=parts["POSTGRES_PORT"],
        user=parts["POSTGRES_USER"],
        password=parts["POSTGRES_PASSWORD"],
        pool_size=CONCURRENT,
        connect_timeout=60,
        enable_db_functions=functions,
    ) as datastore:
        datastore.pool.wait(60)
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder


def _theirs(recorder: PostgresApplicationRecorder, seconds: float) -> Measure:
    async def measure() -> float:
        def insert(_: int) -> None:
            recorder.insert_events([StoredEvent(uuid4(), 1, TOPIC, STATE)])

        return in_threads(CONCURRENT, seconds, insert)

    return measure


def _ours(appends: GroupCommit, tenants: Sequence[UUID], seconds: float) -> Measure:
    async def measure() -> float:
        done = itertools.count()
        end = time.perf_counter() + seconds

        async def client(number: int) -> None:
            while time.perf_counter() < end:
                outcome = await appends.append(tenants[number % len(tenants)], one_event())
                assert isinstance(outcome, Appended)
                next(done)

        started = time.perf_counter()
        await asyncio.gather(*(client(number) for number in range(CONCURRENT)))
        return next(done) / (time.perf_counter() - started)

    return measure


def one_event() -> Recording:
    """A recording of one event on a new stream."""
    return Recording(events=[NewEvent(uuid4(), 1, TOPIC, STATE)], metadata=uuid4().bytes, recorded_at=datetime.now(UTC))
