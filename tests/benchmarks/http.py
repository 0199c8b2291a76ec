"""Commands over HTTP, authenticated and with idempotency keys, as a share of a POST that does nothing.

Both are served by one worker of the same server with the same settings; the load comes from a process of its own.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from domain.kernel import Actor
from domain.organisation import ORGANISATION
from domain.organisation.messages import GrantRole, ProvisionOrganisation
from infra.embedded.processes import free_port
from services.api.requests import Desk
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings, to_environment
from tests.benchmarks.house import House, cpu_s
from tests.benchmarks.load import KEY, Load, Order, generate, post
from tests.benchmarks.report import Row
from tests.benchmarks.rounds import Bench, compare, rate

ROOT = Path(__file__).parent.parent.parent
CONNECTIONS = 64
BAR = 0.35
TENANTS = 8
PASSWORD = "correct horse battery"
PATIENCE_S = 30.0
BODY = {
    "name": "物业项目",
    "contractor": "物业公司",
    "agreed_deposit_fen": 10_000_000,
    "contract_from": "2026-01-01",
    "contract_to": "2027-12-31",
    "starts_month": "2026-01",
}


class Seen(msgspec.Struct, frozen=True):
    """A load run with the processor time that the server and Postgres spent on it, in seconds."""

    load: Load
    server_s: float
    postgres_s: float

    @property
    def costs(self) -> str:
        """Times to answer, and processor time a request."""
        each = 1e6 / self.load.answers
        return (
            f"p50 {self.load.p50_s * 1e3:.1f} ms, p99 {self.load.p99_s * 1e3:.1f} ms; CPU µs a request:"
            f" server {self.server_s * each:.0f}, Postgres {self.postgres_s * each:.0f},"
            f" load {self.load.cpu_s * each:.0f}"
        )


async def run(house: House, bench: Bench) -> list[Row]:
    """Measure one hot tenant and several tenants beside the no-op."""
    place = house.new_place()
    settings = Settings(
        database_url=place.url,
        redis_url=house.valkey_url,
        tenant_rate=1e6,
        tenant_burst=1_000_000,
        tenant_in_flight=1_000,
    )
    async with open_runtime(settings) as runtime:
        _, tokens = await provision_tenants(settings, runtime, TENANTS)
    body = msgspec.json.encode(BODY)
    hot, *_ = commands = [
        post("/v1/property-projects", body, Authorization=f"Bearer {token}", Idempotency_Key=KEY.decode())
        for token in tokens
    ]
    seen: dict[str, list[Seen]] = {"no-op": [], "one hot tenant": [], f"{TENANTS} tenants": []}
    async with (
        served("tests.benchmarks.noop:app", settings) as noop,
        served("services.api.app:from_env", settings, factory=True) as api,
    ):
        orders = zip(seen, ((noop, [post("/noop", body)]), (api, [hot]), (api, commands)), strict=True)
        turns = [(name, server, requests) for name, (server, requests) in orders]
        for _, server, requests in turns:  # connections, caches and statement plans are made before it counts
            await _measure(house, server, requests, 1.0)
        for number in range(1, bench.rounds + 1):
            for name, server, requests in turns:
                one = await _measure(house, server, requests, bench.seconds)
                seen[name].append(one)
                bench.say(f"round {number}/{bench.rounds}: {name}: {one.load.per_second:,.0f}/s; {one.costs}")
    noop_seen, *ours = seen.values()
    return [_row(name, one, noop_seen) for name, one in zip(list(seen)[1:], ours, strict=True)]


def _row(name: str, ours: list[Seen], noop: list[Seen]) -> Row:
    ours_rates, noop_rates = ([one.load.per_second for one in several] for several in (ours, noop))
    ratio, spread = compare(ours_rates, noop_rates)
    middle, idle = (sorted(several, key=lambda one: one.load.per_second)[len(several) // 2] for several in (ours, noop))
    return Row(
        what=f"commands over HTTP, {name}, {CONNECTIONS} connections, as a share of a no-op POST",
        ours=f"{rate(ours_rates)}\n{middle.costs}",
        peer=f"{rate(noop_rates)}\n{idle.costs}",
        ratio=ratio,
        spread=spread,
        bar=BAR,
        remedy=_remedy(ours, noop),
    )


def _remedy(ours: list[Seen], noop: list[Seen]) -> str:
    """How much processor time the bar would leave to a command, how much it takes, and what takes it."""
    cores = os.cpu_count() or 1
    allowed = cores / (BAR * statistics.median(one.load.per_second for one in noop)) * 1e6
    each = [(one, 1e6 / one.load.answers) for one in ours]
    taken = statistics.median((one.server_s + one.postgres_s + one.load.cpu_s) * share for one, share in each)
    by_server = statistics.median(
        (idle.server_s / idle.load.answers) / (one.server_s / one.load.answers)
        for one, idle in zip(ours, noop, strict=True)
    )
    return (
        f"Server, Postgres and load share {cores} cores here: the bar leaves {allowed:.0f} µs of processor time to a"
        f" command, which takes {taken:.0f} µs. With Postgres and load on cores of their own the share would be"
        f" {by_server:.2f}; what goes beyond is less work in Python around the decision."
    )


async def _measure(house: House, server: "Server", requests: list[bytes], seconds: float) -> Seen:
    server_before, postgres_before = server.cpu_s(), house.postgres_cpu_s()
    load = await generate(Order(server.port, CONNECTIONS, seconds, requests))
    if set(load.statuses) != {201}:
        raise RuntimeError(f"answers other than 201: {load.statuses}")
    return Seen(load, server.cpu_s() - server_before, house.postgres_cpu_s() - postgres_before)


async def provision_tenants(settings: Settings, runtime: Runtime, count: int) -> tuple[list[UUID], list[str]]:
    """Tenants, and of each the token of a session of a member who may register projects."""
    desk = Desk(settings)
    desk.open(runtime)
    operator = Principal(id=uuid4(), actor=Actor(kind="operator", name="bench"), permissions=frozenset())
    tenants, tokens = [], []
    for number in range(count):
        command = ProvisionOrganisation(name="组织", admin_username="admin", admin_display_name="管理员")
        tenant, member = await desk.platform.provision(operator, f"bench-{number}", command, PASSWORD)
        await grant(runtime, tenant, member, "registrar")
        session = await desk.accounts.login(f"bench-{number}", "admin", PASSWORD, None)
        tenants.append(tenant)
        tokens.append(session.token)
    return tenants, tokens


async def grant(runtime: Runtime, tenant: UUID, member: UUID, role: str) -> None:
    """Give a member a role, as the administrator that he is."""

    async def administrator(_: TenantConfig) -> Principal:
        actor = Actor(kind="member", id=member, roles=frozenset({"tenant_admin"}))
        return Principal(id=member, actor=actor, permissions=frozenset({"organisation.grant_role"}))

    await runtime.bus.execute(
        CommandRequest(
            tenant=tenant,
            decider=ORGANISATION,
            stream=tenant,
            command=GrantRole(member_id=member, role=role),
            authorise=administrator,
        )
    )


class Server:
    """An application behind granian, in a process group of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    def cpu_s(self) -> float:
        """Processor time of the server's processes, in seconds."""
        return cpu_s(self._process.pid)

    async def ready(self) -> None:
        """Wait until it accepts connections."""
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError("the server did not start")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End it, by its process id."""
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@asynccontextmanager
async def served(target: str, settings: Settings, *, factory: bool = False) -> AsyncIterator[Server]:
    """An application, served by one worker until the end of the block; what it logs goes nowhere."""
    port = free_port()
    arguments = ["--interface", "asgi", "--loop", "uvloop", "--no-ws", "--workers", "1", "--host", "127.0.0.1"]
    arguments += ["--port", str(port), "--log-level", "warning", *(["--factory"] if factory else []), target]
    process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [sys.executable, "-m", "granian", *arguments],
        cwd=ROOT,
        env={**os.environ, **to_environment(settings), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Server(process, port)
    try:
        await server.ready()
        yield server
    finally:
        await server.stop()
