"""The platform operator hosts the service, provisions tenants and suspends them, and sees none of their content."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec

from domain.kernel import Actor, Command, Text
from domain.organisation import ORGANISATION
from domain.organisation.messages import ProvisionOrganisation, ResumeOrganisation, SuspendOrganisation
from services.runtime.accounts import AccountProblem, Accounts
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.passwords import Passwords
from services.runtime.principal import Principal, Unauthenticated
from services.runtime.runtime import Runtime
from services.runtime.tokens import OPERATOR_PREFIX, Token, mint


class Tenant(msgspec.Struct, frozen=True):
    """A tenant as the platform knows it."""

    tenant_id: UUID
    slug: str
    name: str
    status: str
    created_at: datetime


class Platform:
    """The platform operations of one process."""

    def __init__(self, runtime: Runtime, accounts: Accounts) -> None:
        self._runtime = runtime
        self._accounts = accounts
        self._passwords = Passwords()

    async def add_operator(self, username: str, password: str) -> UUID:
        """Make an operator, or give an existing one a new password."""
        stored = await self._passwords.hash(password)
        async with self._runtime.database.platform() as connection:
            operator: UUID = await connection.fetchval(
                "insert into operators (operator_id, username, password_hash) values ($1, $2, $3)"
                " on conflict (username) do update set password_hash = $3 returning operator_id",
                uuid4(),
                username,
                stored,
            )
            await connection.execute("delete from operator_sessions where operator_id = $1", operator)
        return operator

    async def login(self, username: str, password: str) -> tuple[str, datetime]:
        """Begin an operator's session. Raises `Unauthenticated`."""
        async with self._runtime.database.platform() as connection:
            row = await connection.fetchrow(
                "select operator_id, password_hash from operators where username = $1", username
            )
        if not await self._passwords.verify(row["password_hash"] if row else None, password) or row is None:
            raise Unauthenticated
        text, token = mint(OPERATOR_PREFIX)
        now = self._runtime.clock()
        expires_at = now + timedelta(hours=self._runtime.settings.session_hours)
        async with self._runtime.database.platform() as connection:
            await connection.execute("delete from operator_sessions where expires_at < $1", now)
            await connection.execute(
                "insert into operator_sessions (token_hash, operator_id, created_at, expires_at)"
                " values ($1, $2, $3, $4)",
                token.secret_hash,
                row["operator_id"],
                now,
                expires_at,
            )
        return text, expires_at

    async def operator(self, token: Token) -> Principal:
        """The operator who holds a session. Raises `Unauthenticated`."""
        async with self._runtime.database.platform() as connection:
            row = await connection.fetchrow(
                "select o.operator_id, o.username from operator_sessions s join operators o using (operator_id)"
                " where s.token_hash = $1 and s.expires_at > $2",
                token.secret_hash,
                self._runtime.clock(),
            )
        if row is None:
            raise Unauthenticated
        actor = Actor(kind="operator", id=row["operator_id"], name=row["username"])
        return Principal(id=row["operator_id"], actor=actor, permissions=frozenset())

    async def provision(
        self, operator: Principal, slug: str, command: ProvisionOrganisation, admin_password: str
    ) -> tuple[UUID, UUID]:
        """Make a tenant with its first administrator; tenant and member id. Raises `AccountProblem`.

        A provisioning that was cut off half-way is taken up again under the same slug.
        """
        tenant = await self._claim(slug, command.name)
        organisation = (await self._runtime.configs.refresh(tenant)).organisation
        if organisation is None:
            await self._send(operator, tenant, command)
            organisation = (await self._runtime.configs.refresh(tenant)).organisation
        if organisation is None:  # pragma: no cover - the command just provisioned it
            raise LookupError(str(tenant))
        member = organisation.member_named(command.admin_username)
        # without any password nobody has ever got in: the provisioning was cut off before its end
        if member is None or await self._accounts.any_password(tenant):
            raise AccountProblem("slug_taken", Text("该标识已被使用", "This slug is taken."), "/slug")
        await self._accounts.set_password(tenant, member.id, admin_password)
        return tenant, member.id

    async def _claim(self, slug: str, name: str) -> UUID:
        """The id of the tenant that has the slug, made now unless there is one."""
        tenant = uuid4()
        try:
            async with self._runtime.database.platform() as connection:
                await connection.execute(
                    "insert into tenants (tenant_id, slug, name, created_at) values ($1, $2, $3, $4)",
                    tenant,
                    slug,
                    name,
                    self._runtime.clock(),
                )
                await connection.execute("insert into ledger (tenant_id) values ($1)", tenant)
        except asyncpg.UniqueViolationError:
            async with self._runtime.database.platform() as connection:
                tenant = await connection.fetchval("select tenant_id from tenants where slug = $1", slug)
        return tenant

    async def suspend(self, operator: Principal, tenant: UUID, reason: str) -> None:
        """Suspend a tenant: nobody of it gets in, its deadlines wait, nothing is lost.

        One that was cut off between its two steps is taken up again.
        """
        config = await self._runtime.configs.refresh(tenant)
        if not config.active or config.organisation is None or config.organisation.status != "suspended":
            await self._send(operator, tenant, SuspendOrganisation(reason=reason))
        await self._set_status(tenant, "suspended")

    async def resume(self, operator: Principal, tenant: UUID, reason: str) -> None:
        """Lift a suspension."""
        await self._set_status(tenant, "active")
        await self._send(operator, tenant, ResumeOrganisation(reason=reason))

    async def tenants(self, after: str, limit: int) -> list[Tenant]:
        """Tenants by slug, after one."""
        async with self._runtime.database.platform() as connection:
            rows = await connection.fetch(
                "select tenant_id, slug, name, status, created_at from tenants where slug > $1 order by slug limit $2",
                after,
                limit,
            )
        return [Tenant(*row) for row in rows]

    async def _set_status(self, tenant: UUID, status: str) -> None:
        async with self._runtime.database.platform() as connection:
            await connection.execute("update tenants set status = $2 where tenant_id = $1", tenant, status)
            await connection.execute("update ledger set epoch = epoch + 1 where tenant_id = $1", tenant)

    async def _send(self, operator: Principal, tenant: UUID, command: Command) -> None:
        async def authorise(_: TenantConfig) -> Principal:
            return operator

        await self._runtime.bus.execute(
            CommandRequest(tenant=tenant, decider=ORGANISATION, stream=tenant, command=command, authorise=authorise)
        )
