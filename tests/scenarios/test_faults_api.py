"""The API as a real process: killed between commit and answer, Postgres restarted under it, Valkey gone."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from domain.kernel import Actor
from domain.organisation import ORGANISATION
from domain.organisation.messages import GrantRole, ProvisionOrganisation
from infra.embedded import postgres, valkey
from infra.migrate import migrate
from services.runtime.accounts import Accounts
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.platform import Platform
from services.runtime.principal import Principal
from services.runtime.runtime import open_runtime
from services.settings import Settings, to_environment
from tests.services.crowd import PROJECT

pytestmark = pytest.mark.fault
PASSWORD = "correct horse battery"
WITHIN_S = 40.0
WRITERS = 8
WRITES = 25
WAITING = "select count(*) from pg_stat_activity where application_name = 'kaohe_app' and wait_event_type = 'Lock'"


async def stands(found: object) -> bool:
    """Whether there is something, for `until`."""
    return bool(found)


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a check holds."""
    give_up_at = time.monotonic() + WITHIN_S
    while not await check():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        await asyncio.sleep(0.01)


class ApiProcess:
    """One API server process of our own on loopback."""

    def __init__(self, settings: Settings, output: IO[bytes] | None = None) -> None:
        self._output = output
        self._environment = {**os.environ, **to_environment(settings)}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start, and wait until it is ready."""
        self._process = self._launched()
        async with httpx.AsyncClient(base_url=self.url) as http:
            await until(lambda: self._ready(http))

    async def _ready(self, http: httpx.AsyncClient) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the API ended before it was ready"
        try:
            return (await http.get("/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    def _launched(self) -> subprocess.Popen[bytes]:
        server = ["granian", "--interface", "asgi", "--factory", "--workers", "1", "--loop", "uvloop"]
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        command = [sys.executable, "-m", *server, *where, "services.api.app:from_env"]
        said = self._output
        return subprocess.Popen(command, env=self._environment, start_new_session=True, stdout=said, stderr=said)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and its worker alike."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()


async def registrar(settings: Settings) -> tuple[UUID, str]:
    """A tenant whose administrator may register projects and send files: its id and a session's token."""
    async with open_runtime(settings) as runtime:
        accounts = Accounts(runtime)
        operator = Principal(id=uuid4(), actor=Actor(kind="operator", name="op"), permissions=frozenset())
        command = ProvisionOrganisation(name="组织", admin_username="admin", admin_display_name="管理员")
        tenant, member = await Platform(runtime, accounts).provision(operator, "faults", command, PASSWORD)

        async def admin(_: TenantConfig) -> Principal:
            actor = Actor(kind="member", id=member, roles=frozenset({"tenant_admin"}))
            return Principal(id=member, actor=actor, permissions=frozenset({"organisation.grant_role"}))

        for role in ("registrar", "service_desk"):
            grant = GrantRole(member_id=member, role=role)
            await runtime.bus.execute(
                CommandRequest(tenant=tenant, decider=ORGANISATION, stream=tenant, command=grant, authorise=admin)
            )
        return tenant, (await accounts.login("faults", "admin", PASSWORD, None)).token


class House:
    """Servers of the test's own, a tenant and an API process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["House"]:
        """Everything started; everything ended by process id."""
        with postgres(self._directory / "postgres") as self.postgres, valkey(self._directory / "valkey") as self.valkey:
            await migrate(self.postgres.url(), login_password=self.postgres.password)
            self.files = self._directory / "files"
            self.settings = settings = Settings(
                database_url=self.postgres.url("kaohe"),
                redis_url=self.valkey.url,
                tenant_rate=1e6,
                tenant_burst=1_000_000,
                log_level="error",
                files_url=self.files.as_uri(),
            )
            self.tenant, self.token = await registrar(settings)
            self.api = ApiProcess(settings)
            try:
                await self.api.start()
                yield self
            finally:
                self.api.kill()

    async def register(self, http: httpx.AsyncClient, name: str, key: str) -> httpx.Response:
        """Register a project under an idempotency key."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        return await http.post("/v1/property-projects", json={**PROJECT, "name": name}, headers=headers)

    def registered(self) -> list[str]:
        """The streams of all projects that were registered, once for each event."""
        with psycopg.connect(self.postgres.url()) as owner:
            rows = owner.execute(
                "select originator_id::text from kaohe.events"
                " where tenant_id = %s and topic = 'property_project.registered' order by position",
                [self.tenant],
            )
            return [row[0] for row in rows]


@pytest.fixture
async def house(anyio_backend: object, tmp_path: Path) -> AsyncIterator[House]:
    """The house of one test."""
    async with House(tmp_path).opened() as opened:
        home = opened.postgres.home
        yield opened
    shutil.rmtree(home, ignore_errors=True)


async def test_a_command_committed_but_not_answered_is_answered_once_asked_again(house: House) -> None:
    """Killed after the commit and before the answer: the same key gives the first answer, and there is one event."""
    with psycopg.connect(house.postgres.url()) as owner:
        # while the ledger is held the append waits inside Postgres; the API is frozen there, so that it can't answer
        owner.execute("select from kaohe.ledger where tenant_id = %s for update", [house.tenant])
        async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
            asking = asyncio.create_task(house.register(http, "未答复", "key-1"))
            await waits_for_the_ledger(house)
            house.api.signal(signal.SIGSTOP)
            owner.rollback()
            await until(lambda: stands(house.registered()))
            house.api.kill()
            with pytest.raises(httpx.TransportError):
                await asking

    await house.api.start()
    async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
        answer = await house.register(http, "未答复", "key-1")
        again = await house.register(http, "未答复", "key-1")

    [stream] = house.registered()
    assert answer.status_code == again.status_code == 201
    assert answer.headers["idempotency-replayed"] == "true"
    assert answer.headers["location"] == f"/v1/property-projects/{stream}"
    assert answer.content == again.content
    assert answer.json()["id"] == stream


async def waits_for_the_ledger(house: House) -> None:
    """Return once an append waits for the ledger's lock."""
    with psycopg.connect(house.postgres.url(), autocommit=True) as owner:
        await until(lambda: stands(owner.execute(WAITING).fetchone() != (0,)))


async def test_no_acknowledged_write_is_lost_when_postgres_restarts_under_load(house: House) -> None:
    """Postgres ends at once and comes back while eight clients write: each key is one project, none is missing."""
    acknowledged: dict[str, str] = {}
    refused: list[str] = []

    async def write(http: httpx.AsyncClient, writer: int) -> None:
        for n in range(WRITES):
            key = f"w{writer}-{n}"
            give_up_at = time.monotonic() + WITHIN_S
            while key not in acknowledged:
                assert time.monotonic() < give_up_at, "the service did not come back"
                try:
                    answer = await house.register(http, key, key)
                except httpx.TransportError as error:
                    refused.append(type(error).__name__)
                else:
                    if answer.status_code == 201:
                        acknowledged[key] = answer.json()["id"]
                    else:
                        assert answer.status_code == 503, answer.text
                        refused.append(answer.json()["code"])
                await asyncio.sleep(0.005)

    async def restart() -> None:
        await until(lambda: stands(len(acknowledged) >= WRITERS * WRITES // 4))
        await asyncio.to_thread(house.postgres.restart, "immediate")

    async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
        await asyncio.gather(restart(), *(write(http, writer) for writer in range(WRITERS)))

    assert len(acknowledged) == WRITERS * WRITES
    assert sorted(house.registered()) == sorted(acknowledged.values())


async def test_without_valkey_the_api_goes_on(house: House) -> None:
    """Valkey ends: commands are answered as before, and the process stays ready."""
    house.valkey.stop()
    async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
        answers = [await house.register(http, f"p{n}", f"k{n}") for n in range(5)]
        ready = await http.get("/readyz")

    assert [answer.status_code for answer in answers] == [201] * 5
    assert len(house.registered()) == 5
    assert ready.status_code == 200
    assert ready.json()["valkey"] == "away"
