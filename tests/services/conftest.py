"""The API in this process on a real database: a client that speaks to it as each of its users would."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from domain.kernel import Actor
from domain.organisation.messages import ProvisionOrganisation
from services.api.app import create_litestar
from services.api.observability import Observability
from services.api.requests import Desk
from services.runtime.principal import Principal
from services.runtime.runtime import open_runtime
from services.runtime.tokens import SESSION_PREFIX, mint
from services.settings import Settings
from tests.conftest import TestDatabase

PASSWORD = "correct horse battery"
ADMIN = "admin"


class VirtualClock:
    """An instant that only the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant."""
        return self.now

    def forward(self, **by: float) -> None:
        """Move on by a ``timedelta`` of these parts."""
        self.now += timedelta(**by)


class Caller(msgspec.Struct):
    """Somebody with a credential in a tenant."""

    http: httpx.AsyncClient
    tenant: UUID
    slug: str
    token: str
    member: UUID

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """GET as this caller."""
        return await self.http.get(path, **self._with(more))

    async def post(self, path: str, body: object = None, **more: Any) -> httpx.Response:
        """POST JSON as this caller, or raw ``content``."""
        content = more.pop("content", None)
        sent = {"json": {} if body is None else body} if content is None else {"content": content}
        return await self.http.post(path, **sent, **self._with(more))

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        """DELETE as this caller."""
        return await self.http.delete(path, **self._with(more))

    def _with(self, more: dict[str, Any]) -> dict[str, Any]:
        return {**more, "headers": {"Authorization": f"Bearer {self.token}", **more.get("headers", {})}}


class Api(msgspec.Struct):
    """The application with its desk, and helpers to people it."""

    desk: Desk
    http: httpx.AsyncClient
    operator: Principal
    clock: VirtualClock

    async def tenant(self, slug: str | None = None) -> Caller:
        """A new tenant; its administrator, signed in."""
        slug = slug or f"t{uuid4().hex[:12]}"
        command = ProvisionOrganisation(name=f"组织 {slug}", admin_username=ADMIN, admin_display_name="管理员")
        tenant, member = await self.desk.platform.provision(self.operator, slug, command, PASSWORD)
        return Caller(self.http, tenant, slug, await self._session(tenant, member), member)

    async def member(
        self, admin: Caller, *roles: str, username: str | None = None, department: str | None = None
    ) -> Caller:
        """A new member with roles, signed in; of a department, where one is named."""
        username = username or f"u{uuid4().hex[:10]}"
        added = await admin.post(
            f"/v1/organisations/{admin.tenant}/add-member",
            {"username": username, "display_name": username, "roles": list(roles), "department": department},
        )
        assert added.status_code == 200, added.text
        member = UUID(added.json()["events"][0]["member_id"])
        async with self.desk.runtime.database.tenant_transaction(admin.tenant) as connection:
            await connection.execute(
                "insert into credentials (tenant_id, member_id, password_hash, updated_at) values ($1, $2, $3, $4)",
                admin.tenant,
                member,
                hashed(),
                self.clock(),
            )
        return Caller(self.http, admin.tenant, admin.slug, await self._session(admin.tenant, member), member)

    async def _session(self, tenant: UUID, member: UUID) -> str:
        """A session as a login would have made it, without the time that hashing takes."""
        text, token = mint(SESSION_PREFIX, tenant)
        async with self.desk.runtime.database.tenant_transaction(tenant) as connection:
            await connection.execute(
                "insert into sessions (tenant_id, token_hash, member_id, created_at, expires_at)"
                " values ($1, $2, $3, $4, $5)",
                tenant,
                token.secret_hash,
                member,
                self.clock(),
                self.clock() + timedelta(hours=self.desk.settings.session_hours),
            )
        return text


@cache
def hashed() -> str:
    """The hash of `PASSWORD`, made once."""
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture
def clock() -> VirtualClock:
    """A Monday morning in Shanghai."""
    return VirtualClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def settings(module_database: TestDatabase, valkey_url: str) -> Settings:
    """Settings with room for tests that are quick."""
    return Settings(
        database_url=module_database.url,
        redis_url=valkey_url,
        tenant_rate=100_000,
        tenant_burst=100_000,
        login_rate=100_000,
        login_burst=100_000,
    )


@lru_cache(maxsize=4)
def built(settings: Settings) -> tuple[Desk, Litestar]:
    """The application under settings, whose routes take more than half a second; opened anew it has counted nobody."""
    desk = Desk(settings)
    return desk, create_litestar(desk)


@pytest.fixture
async def api(anyio_backend: object, settings: Settings, clock: VirtualClock) -> AsyncIterator[Api]:
    """The API over the module's database."""
    desk, application = built(settings)
    desk.settings = settings  # a test may have narrowed them
    app: Any = Observability(application, desk.metrics)
    async with open_runtime(settings, clock) as runtime:
        desk.open(runtime)
        operator = await _operator(desk)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kaohe.test") as http:
            yield Api(desk, http, operator, clock)


async def _operator(desk: Desk) -> Principal:
    """The operator, who can sign in with `PASSWORD`."""
    async with desk.runtime.database.platform() as connection:
        operator: UUID = await connection.fetchval(
            "insert into operators (operator_id, username, password_hash) values ($1, 'operator', $2)"
            " on conflict (username) do update set password_hash = $2 returning operator_id",
            uuid4(),
            hashed(),
        )
    actor = Actor(kind="operator", id=operator, name="operator")
    return Principal(id=operator, actor=actor, permissions=frozenset())
