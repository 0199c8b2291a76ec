"""What an append costs when a million events of a thousand tenants are stored, beside an empty store.

Two databases of one server take turns, both with the same tenants; appends go to tenants at random, each with an
idempotency key, as commands over HTTP make them.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from infra.database import Database
from infra.group_commit import GroupCommit
from infra.recordings import Appended, IdempotencyKey, NewEvent, Recording
from tests.benchmarks.appends import STATE, TOPIC
from tests.benchmarks.house import House, provision
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, compare, percentile

CONCURRENT = 16
EVENTS_A_STREAM = 10
TENANTS_AT_ONCE = 50

_FILL = """
insert into kaohe.events
    (tenant_id, position, originator_id, originator_version, topic, state, metadata, recorded_at)
select t.id, n, md5(t.id::text || ((n - 1) / $3))::uuid, (n - 1) % $3 + 1, $4, $5, $6, now()
from unnest($1::uuid[]) t(id), generate_series(1, $2::integer) n
"""
"""A thousand events a tenant, a few to a stream; run as the owner, who is not bound by row level security."""


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure one at a time and several at once."""
    tenants_count, events = (200, 100_000) if bench.quick else (1_000, 1_000_000)
    full_place, empty_place = house.new_place(), house.new_place()
    full, empty = (
        await Database.open(full_place.url, size=CONCURRENT),
        await Database.open(empty_place.url, size=CONCURRENT),
    )
    try:
        started = time.perf_counter()
        in_full, in_empty = await provision(full, tenants_count), await provision(empty, tenants_count)
        await _fill(bench, full_place.owner_url, in_full, events // tenants_count)
        took = time.perf_counter() - started
        house.settle()
        bench.say(f"{events:,} events of {tenants_count:,} tenants stored and analysed in {took:.0f} s")
        rows = []
        for concurrent in (1, CONCURRENT):
            found: dict[str, list[list[float]]] = {"stored": [], "empty": []}
            for number in range(-1, bench.rounds):
                for name, database, tenants in (("stored", full, in_full), ("empty", empty, in_empty)):
                    latencies = await _latencies(database, tenants, concurrent, bench.seconds)
                    if number >= 0:  # connections, plans and caches are made before it counts
                        found[name].append(latencies)
                        turn = f"round {number + 1}/{bench.rounds}: {concurrent} at once"
                        bench.say(f"{turn}, {name}: {_text([latencies], ', ')}")
            label = "one at a time" if concurrent == 1 else f"{concurrent} at once"
            rows.append(_row(f"append latency, {label}, {events:,} events of {tenants_count:,} tenants stored", found))
    finally:
        await full.close()
        await empty.close()
    return rows


def _row(what: str, found: dict[str, list[list[float]]]) -> Row:
    stored, empty = ([percentile(latencies, 0.5) for latencies in found[name]] for name in ("stored", "empty"))
    ratio, spread = compare(stored, empty)
    return Row(
        what=f"{what}, to an empty store (p50)",
        ours=_text(found["stored"]),
        peer=_text(found["empty"]),
        ratio=ratio,
        spread=spread,
        bar=1.3,
        at_most=True,
        remedy="The indexes must stay in memory: more shared_buffers.",
    )


def _text(rounds: Sequence[list[float]], joint: str = "\n") -> str:
    together = sorted(latency for latencies in rounds for latency in latencies)
    return joint.join(f"p{share * 100:.0f} {percentile(together, share) * 1e3:.2f} ms" for share in (0.5, 0.99))


async def _fill(bench: Bench, owner_url: str, tenants: Sequence[UUID], each: int) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        for first in range(0, len(tenants), TENANTS_AT_ONCE):
            some = tenants[first : first + TENANTS_AT_ONCE]
            async with connection.transaction():
                await connection.execute(_FILL, some, each, EVENTS_A_STREAM, TOPIC, STATE * 3, bytes(250))
                await connection.execute("update kaohe.ledger set position = $2 where tenant_id = any ($1)", some, each)
            if first % (TENANTS_AT_ONCE * 4) == 0:
                bench.say(f"{(first + len(some)) * each:,} events stored")
        await connection.execute("vacuum analyze kaohe.events, kaohe.ledger")
        assert await connection.fetchval("select count(*) from kaohe.events") == each * len(tenants)
    finally:
        await connection.close()


async def _latencies(database: Database, tenants: Sequence[UUID], concurrent: int, seconds: float) -> list[float]:
    """How long appends take, sorted, in seconds; a recording each."""
    appends = GroupCommit(database)
    end = time.perf_counter() + seconds
    latencies: list[float] = []

    async def client() -> None:
        while (begun := time.perf_counter()) < end:
            outcome = await appends.append(random.choice(tenants), _recording())
            assert isinstance(outcome, Appended)
            latencies.append(time.perf_counter() - begun)

    await asyncio.gather(*(client() for _ in range(concurrent)))
    return sorted(latencies)


def _recording() -> Recording:
    return Recording(
        events=[NewEvent(uuid4(), 1, TOPIC, STATE * 3)],
        metadata=uuid4().bytes + bytes(234),
        recorded_at=datetime.now(UTC),
        idempotency=IdempotencyKey(uuid4(), uuid4().hex, bytes(32), 201, STATE * 4),
    )
