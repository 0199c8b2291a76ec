"""Read-your-writes: from the answer to an append until a read that waits for it would be let through.

A real worker of the whole domain follows; another process (this one) writes, one command after the other.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import msgspec

from domain.kernel import Actor
from domain.property_project import PROPERTY_PROJECT
from domain.property_project.commands import RegisterProject
from infra.discovery import reached
from services.api.requests import PROJECTION_NAMES
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings, to_environment
from tests.benchmarks.house import House
from tests.benchmarks.http import BODY, ROOT, provision_tenants
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, percentile

PAUSE_S = 0.02
LOOK_S = 0.001
PATIENCE_S = 30.0
STOP_S = 20.0


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure appends one by one, with a moment's rest between them."""
    settings = Settings(database_url=house.new_place().url, redis_url=house.valkey_url)
    async with open_runtime(settings) as runtime:
        [tenant], _ = await provision_tenants(settings, runtime, 1)
        async with worker(settings):
            await lag(runtime, tenant)  # until the worker is up
            lags = []
            for _ in range(100 if bench.quick else 500):
                lags.append(await lag(runtime, tenant))
                await asyncio.sleep(PAUSE_S)
    lags.sort()
    p50, p99 = (percentile(lags, share) * 1e3 for share in (0.5, 0.99))
    bench.say(f"p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    return [Row(what=f"read-your-writes lag, {len(lags)} writes", ours=f"p50 {p50:.1f} ms\np99 {p99:.1f} ms")]


async def lag(runtime: Runtime, tenant: UUID) -> float:
    """From the answer to a command until reactions and lists have passed it, in seconds."""
    result = await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=PROPERTY_PROJECT,
            stream=uuid4(),
            command=msgspec.convert(BODY, RegisterProject),
            authorise=_registrar,
        )
    )
    answered = time.perf_counter()
    while await reached(runtime.database, tenant, PROJECTION_NAMES) < result.position:
        if time.perf_counter() > answered + PATIENCE_S:
            raise TimeoutError("the worker does not follow")
        await asyncio.sleep(LOOK_S)
    return time.perf_counter() - answered


async def _registrar(_: TenantConfig) -> Principal:
    actor = Actor(kind="member", id=UUID(int=1), name="registrar", roles=frozenset({"registrar"}))
    return Principal(id=UUID(int=1), actor=actor, permissions=frozenset({PERMISSION}))


PERMISSION = PROPERTY_PROJECT.spec(RegisterProject).permission


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[int]:
    """The worker's program, until the end of the block; its process id."""
    process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [sys.executable, "-m", "services.worker"],
        cwd=ROOT,
        env={**os.environ, **to_environment(settings), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
