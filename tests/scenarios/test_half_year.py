"""Half a year of complaints and cases in two organisations, with real workers that are killed at random.

The same plan is played by the pure domain on paper. What is stored afterwards must be that to the event: every limit
fired once, at its time and not before, none missing, whatever was killed and flushed meanwhile.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import redis

from domain.catalogue import decider_of
from domain.fine_shares import FineShare
from domain.kernel import Actor, Refusal
from domain.roles import ROLES
from infra.discovery import behind, due
from projections.catalogue import PROJECTIONS
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from tests.conftest import provision_tenant
from tests.scenarios.half_year.clock import SharedClock
from tests.scenarios.half_year.deeds import Deed
from tests.scenarios.half_year.paper import Paper, end, instants, play, told, told_alike
from tests.scenarios.half_year.plan import Plan, half_year
from tests.scenarios.half_year.watch import Stored, watch
from tests.scenarios.half_year.watch_cases import watch_case

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parent.parent.parent
COMPLAINTS, CASES = 440, 60
"""Of each organisation."""
IN_ORDER = frozenset({"complaint", "accountability_case", "fine"})
"""Nouns whose streams hold one order of events; into the others several streams' reactions flow side by side."""
PATIENCE_S = float(os.environ.get("KAOHE_SCENARIO_PATIENCE_S", "60"))
"""How long a settling may take before the scenario gives up; a full-size run on a shared machine needs more."""
PEACE_S = tuple(float(each) for each in os.environ.get("KAOHE_SCENARIO_PEACE_S", "1 4").split())
"""The shortest and the longest time from one kill to the next."""
EVERYTHING = frozenset().union(*(role.permissions for role in ROLES))


class Workers:
    """Two workers as processes; one of them is killed and replaced every few seconds, and Valkey emptied."""

    def __init__(self, database_url: str, valkey_url: str, clock: Path, seed: int) -> None:
        self._command = [sys.executable, "-m", "tests.scenarios.half_year.worker", database_url, valkey_url, str(clock)]
        self._valkey_url = valkey_url
        self._chance = random.Random(seed)
        self._running: list[subprocess.Popen[bytes]] = []
        self.killed = 0

    async def start(self) -> None:
        """Start one, and wait until it works."""
        process = self._started()
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == b"ready\n"

    def _started(self) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(self._command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        self._running.append(process)
        return process

    async def harass(self) -> None:
        """Kill, replace and flush until cancelled."""
        while True:
            await asyncio.sleep(self._chance.uniform(*PEACE_S))
            self._end(self._running[self._chance.randrange(len(self._running))])
            self.killed += 1
            with redis.Redis.from_url(self._valkey_url) as client:
                client.flushdb()
            await self.start()

    def stop(self) -> None:
        """End all of them."""
        for process in list(self._running):
            self._end(process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        self._running.remove(process)
        process.kill()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


@asynccontextmanager
async def working(database_url: str, valkey_url: str, clock: Path) -> AsyncIterator[Workers]:
    """Workers under fire, for as long as this lasts."""
    workers = Workers(database_url, valkey_url, clock, seed=11)
    trouble = None
    try:
        await asyncio.gather(workers.start(), workers.start())
        trouble = asyncio.create_task(workers.harass())
        yield workers
        assert not trouble.done()
    finally:
        if trouble is not None:
            trouble.cancel()
            await asyncio.gather(trouble, return_exceptions=True)
        workers.stop()


async def perform(runtime: Runtime, tenant: UUID, deed: Deed) -> str:
    """Do what somebody does, as the API would; how it was answered."""
    principal = Principal(
        id=deed.person or tenant,
        actor=Actor(kind=deed.kind, id=deed.person, name="somebody"),  # type: ignore[arg-type]
        permissions=EVERYTHING if deed.kind == "member" else frozenset(),
    )

    async def authorise(_: TenantConfig) -> Principal:
        return principal

    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        known = await runtime.states.read(connection, tenant, deed.noun, deed.stream)
    request = CommandRequest(
        tenant=tenant,
        decider=decider_of(deed.noun),
        stream=deed.stream,
        command=deed.command(known.state),
        authorise=authorise,
    )
    try:
        await runtime.bus.execute(request)
    except Refusal as refusal:
        return refusal.code
    return "done"


async def in_turn(runtime: Runtime, tenant: UUID, deeds: list[Deed]) -> list[str]:
    """Perform deeds of a moment, one after the other."""
    return [await perform(runtime, tenant, deed) for deed in deeds]


async def all_done(runtime: Runtime, now: datetime) -> None:
    """Wait until nothing is due and nobody is behind."""
    names = [projection.name for projection in PROJECTIONS]
    give_up_at = time.monotonic() + PATIENCE_S
    while await due(runtime.database, now) or await behind(runtime.database, names):
        assert time.monotonic() < give_up_at, f"not settled at {now}"
        await asyncio.sleep(0.02)


async def live_through(
    runtime: Runtime, clock: SharedClock, plans: dict[UUID, Plan], papers: dict[UUID, Paper]
) -> None:
    """Let the half year happen: at each moment first what has fallen due, then what people do."""
    done = dict.fromkeys(plans, 0)
    for instant in instants(list(plans.values()), list(papers.values())):
        clock.set(instant)
        await all_done(runtime, instant)
        for tenant, plan in plans.items():
            begin = done[tenant]
            while done[tenant] < len(plan.deeds) and plan.deeds[done[tenant]].at <= instant:
                done[tenant] += 1
            answers = await _moment(runtime, tenant, plan.deeds[begin : done[tenant]])
            assert answers == list(papers[tenant].answers[begin : done[tenant]])
        await all_done(runtime, instant)  # what follows from it follows on the same day


async def _moment(runtime: Runtime, tenant: UUID, deeds: tuple[Deed, ...]) -> list[str]:
    """What people do at one moment: streams side by side, but the organisation's own first."""
    if any(deed.noun in ("organisation", "rule_book", "property_project") for deed in deeds):
        return await in_turn(runtime, tenant, list(deeds))
    streams: dict[UUID, list[int]] = {}
    for place, deed in enumerate(deeds):
        streams.setdefault(deed.stream, []).append(place)
    found = await asyncio.gather(
        *(in_turn(runtime, tenant, [deeds[place] for place in places]) for places in streams.values())
    )
    answers = [""] * len(deeds)
    for places, ours in zip(streams.values(), found, strict=True):
        for place, answer in zip(places, ours, strict=True):
            answers[place] = answer
    return answers


async def stored(runtime: Runtime, tenant: UUID) -> dict[tuple[str, UUID], list[Stored]]:
    """Every event of a tenant, by stream."""
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select topic, originator_id, state, recorded_at from events where tenant_id = $1 order by position", tenant
        )
    found: dict[tuple[str, UUID], list[Stored]] = {}
    for row in rows:
        event = runtime.mapper.decode(row["topic"], row["state"])
        noun = row["topic"].split(".")[0]
        found.setdefault((noun, row["originator_id"]), []).append(Stored(event, row["recorded_at"]))
    return found


@pytest.mark.timeout(900)
@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.3", "R14.2.3", "R4.14", "R4.16", "R4.17", "R4.18")
async def test_half_a_year_is_what_it_is_on_paper(anyio_backend, fresh_database, valkey_url, tmp_path):
    """A thousand complaints and cases, workers killed at random: each limit once, none early, none missing."""
    clock = SharedClock(tmp_path / "clock")
    settings = Settings(database_url=fresh_database.url, redis_url=valkey_url)
    async with open_runtime(settings, clock) as runtime:
        tenants = [await provision_tenant(runtime.database) for _ in range(2)]
        plans = {tenant: half_year(tenant, seed=7, complaints=COMPLAINTS, accountability=CASES) for tenant in tenants}
        papers = {tenant: play(tenant, plan) for tenant, plan in plans.items()}
        clock.set(min(plan.deeds[0].at for plan in plans.values()))
        async with working(fresh_database.url, valkey_url, tmp_path / "clock") as workers:
            await live_through(runtime, clock, plans, papers)
        assert workers.killed >= 5, "the workers were left in peace, so this has shown nothing"
        for tenant, plan in plans.items():
            await compare(runtime, tenant, plan, papers[tenant])


async def compare(runtime: Runtime, tenant: UUID, plan: Plan, paper: Paper) -> None:
    """What is stored is what paper says, in content and in time."""
    found = await stored(runtime, tenant)
    known = frozenset(
        str(each) for deed in plan.deeds for each in (deed.stream, deed.person) if each is not None
    ) | frozenset(str(stream) for noun, stream in paper.streams if noun != "document")
    documents = [one.event for (noun, _), stream in found.items() if noun == "document" for one in stream]
    drawn = (event for (noun, _), events in paper.streams.items() if noun == "document" for event in events)
    assert told_alike(documents, known) == told_alike(drawn, known)
    assert {key for key in found if key[0] != "document"} == {key for key in paper.streams if key[0] != "document"}
    for (noun, stream), events in paper.streams.items():
        if noun == "document":
            continue
        happened = tuple(one.event for one in found[noun, stream])
        if noun in IN_ORDER:
            assert [told(event, known) for event in happened] == [told(event, known) for event in events], stream
        else:
            assert told_alike(happened, known) == told_alike(events, known), (noun, stream)
    require_each_limit_once(found)
    require_sums(found)
    require_numbers(found)
    await require_nothing_left(runtime, tenant)


def require_each_limit_once(found: dict[tuple[str, UUID], list[Stored]]) -> None:
    """Every limit, level and reminder was told once, at its time; looked at in the events alone."""
    complaints = [watch(stream, end()) for (noun, _), stream in found.items() if noun == "complaint"]
    cases = [watch_case(stream, end()) for (noun, _), stream in found.items() if noun == "accountability_case"]
    assert [fault for one in (*complaints, *cases) for fault in one.faults] == []
    assert sum(one.fired for one in complaints) > COMPLAINTS
    assert sum(one.fired for one in cases) > CASES


def require_sums(found: dict[tuple[str, UUID], list[Stored]]) -> None:
    """To the fen: what the complaints fined is what the ledgers were charged, person by person; and in the months."""
    fined: Counter[UUID] = Counter()
    charged: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    sanctions: Counter[tuple[str, bool]] = Counter()
    for stream in found.values():
        for one in stream:
            name = type(one.event).__name__
            if name == "ComplaintFined":
                shares: tuple[FineShare, ...] = one.event.shares
                fined.update({share.person: share.amount_fen for share in shares})
            elif name == "EntryIssued" and one.event.kind == "fine":
                charged[stream[0].event.subject] += one.event.amount_fen
            elif name in ("SanctionImposed", "SanctionReversed", "EffectImposed", "EffectReversed"):
                sanctions[one.event.entry_key, name.endswith("Reversed")] += 1
            elif name in ("EntryIssued", "EntryReversed"):
                sanctions[one.event.entry_key, name.endswith("Reversed")] -= 1
            elif name == "ComplaintUpheldAgainstProject":
                counted[one.event.complaint_ref] += 1
            elif name == "ComplaintUpheld":
                counted[one.event.complaint_ref] -= 1
    assert fined
    assert {str(person): amount for person, amount in fined.items()} == dict(charged)
    assert set(counted.values()) == {0}
    assert set(sanctions.values()) == {0}


def require_numbers(found: dict[tuple[str, UUID], list[Stored]]) -> None:
    """The documents of a kind and year are numbered from 1 without gap or repetition, in the order of the ledger."""
    registers = [stream for (noun, _), stream in found.items() if noun == "document_register"]
    assert registers
    for stream in registers:
        assert [one.event.number for one in stream] == list(range(1, len(stream) + 1))
        drawn_at = [one.event.drawn_at for one in stream]
        assert drawn_at == sorted(drawn_at)


async def require_nothing_left(runtime: Runtime, tenant: UUID) -> None:
    """No deadline failed, no reaction was refused."""
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        for question in (
            "select count(*) from deadlines where tenant_id = $1 and failed_at is not null",
            "select count(*) from deadlines where tenant_id = $1 and due_at <= $2",
            "select count(*) from reaction_refusals where tenant_id = $1",
        ):
            given = (tenant, end()) if "$2" in question else (tenant,)
            assert await connection.fetchval(question, *given) == 0, question
