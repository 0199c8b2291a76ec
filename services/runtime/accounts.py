"""Local accounts: logging in and out, passwords, API keys. Whatever ends a credential moves the tenant's epoch."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from domain.kernel import Text
from domain.organisation import Member, OrganisationState
from domain.roles import permissions_of
from infra.database import Connection
from services.runtime.passwords import Passwords
from services.runtime.principal import Principal, Unauthenticated
from services.runtime.runtime import Runtime
from services.runtime.throttle import LoginThrottle
from services.runtime.tokens import KEY_PREFIX, SESSION_PREFIX, Token, mint

MAX_KEYS_PER_MEMBER = 50
MAX_SESSIONS_PER_MEMBER = 20


class LoginLocked(Exception):  # noqa: N818 - an answer to the client, 429
    """Too many wrong passwords; ``seconds`` until the next attempt is admitted."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"locked for {seconds} s")
        self.seconds = seconds


class AccountProblem(Exception):  # noqa: N818 - an answer to the client, 422
    """An account request that makes no sense as sent."""

    def __init__(self, code: str, text: Text, field: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.field = field


class NewSession(msgspec.Struct, frozen=True):
    """A session's token, shown once."""

    token: str
    expires_at: datetime
    member_id: UUID


class NewKey(msgspec.Struct, frozen=True):
    """An API key's text, shown once."""

    key: str
    key_id: UUID
    expires_at: datetime


class KeyInfo(msgspec.Struct, frozen=True):
    """What is shown of an API key after it was made."""

    key_id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class Accounts:
    """The account operations of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._passwords = Passwords()
        self._throttle = LoginThrottle(runtime.database)

    async def login(self, organisation: str, username: str, password: str, rotated: Token | None) -> NewSession:
        """Begin a session, ending the one it is rotated from.

        Raises `LoginLocked`, and `Unauthenticated` alike for an unknown organisation, an unknown or disabled member
        and a wrong password.
        """
        now = self._runtime.clock()
        seconds = await self._throttle.locked_for(organisation, username, now)
        if seconds:
            raise LoginLocked(seconds)
        tenant = await self._tenant(organisation)
        member, stored = await self._member(tenant, username)
        if not await self._passwords.verify(stored, password) or tenant is None or member is None:
            await self._throttle.failed(organisation, username, now)
            raise Unauthenticated
        await self._throttle.succeeded(organisation, username)
        text, token = mint(SESSION_PREFIX, tenant)
        expires_at = now + timedelta(hours=self._runtime.settings.session_hours)
        async with self._runtime.database.tenant_transaction(tenant) as connection:
            if rotated is not None and rotated.ids[:1] == (tenant,):
                await _end_session(connection, rotated)
            await connection.execute(
                "delete from sessions where tenant_id = $1 and member_id = $2 and (expires_at < $3 or token_hash not in"
                " (select token_hash from sessions where tenant_id = $1 and member_id = $2"
                " order by created_at desc limit $4))",
                tenant,
                member.id,
                now,
                MAX_SESSIONS_PER_MEMBER - 1,
            )
            await connection.execute(
                "insert into sessions (tenant_id, token_hash, member_id, created_at, expires_at)"
                " values ($1, $2, $3, $4, $5)",
                tenant,
                token.secret_hash,
                member.id,
                now,
                expires_at,
            )
        return NewSession(text, expires_at, member.id)

    async def logout(self, token: Token) -> None:
        """End a session at once."""
        async with self._runtime.database.tenant_transaction(token.ids[0]) as connection:
            await _end_session(connection, token)

    async def set_password(self, tenant: UUID, member: UUID, password: str) -> None:
        """Set a member's password and end all sessions of theirs."""
        stored = await self._passwords.hash(password)
        async with self._runtime.database.tenant_transaction(tenant) as connection:
            await connection.execute(
                "insert into credentials (tenant_id, member_id, password_hash, updated_at) values ($1, $2, $3, $4)"
                " on conflict (tenant_id, member_id) do update set password_hash = $3, updated_at = $4",
                tenant,
                member,
                stored,
                self._runtime.clock(),
            )
            await connection.execute("delete from sessions where tenant_id = $1 and member_id = $2", tenant, member)
            await _move_epoch(connection, tenant)

    async def any_password(self, tenant: UUID) -> bool:
        """Whether any member of a tenant has a password."""
        async with self._runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            found: bool = await connection.fetchval(
                "select exists (select from credentials where tenant_id = $1)", tenant
            )
        return found

    async def change_password(self, tenant: UUID, member: UUID, old: str, new: str) -> None:
        """A member's own change. Raises `AccountProblem` when the old password is wrong."""
        stored = await self._stored(tenant, member)
        if not await self._passwords.verify(stored, old):
            raise AccountProblem("wrong_password", Text("原密码不正确", "The old password is wrong."), "/old_password")
        await self.set_password(tenant, member, new)

    async def make_key(
        self, tenant: UUID, principal: Principal, name: str, scopes: frozenset[str], expires_at: datetime
    ) -> NewKey:
        """Make an API key that may do at most what its member may. Raises `AccountProblem`."""
        now = self._runtime.clock()
        if expires_at <= now or expires_at > now + timedelta(days=366):
            text = Text("有效期须在今后一年之内", "The key must expire within a year from now.")
            raise AccountProblem("bad_expiry", text, "/expires_at")
        beyond = sorted(scopes - permissions_of(principal.actor.roles))
        if beyond:
            text = Text(f"超出本人权限：{beyond[0]}", f"Beyond your own permissions: {beyond[0]}.")
            raise AccountProblem("scope_not_held", text, "/scopes")
        key_id = uuid4()
        text_of_key, token = mint(KEY_PREFIX, tenant, key_id)
        async with self._runtime.database.tenant_transaction(tenant) as connection:
            count = await connection.fetchval(
                "select count(*) from api_keys where tenant_id = $1 and member_id = $2"
                " and revoked_at is null and expires_at > $3",
                tenant,
                principal.id,
                now,
            )
            if count >= MAX_KEYS_PER_MEMBER:
                raise AccountProblem(
                    "too_many_keys", Text("有效密钥过多，请先吊销", "Too many keys are valid; revoke one."), "/"
                )
            await connection.execute(
                "insert into api_keys (tenant_id, key_id, secret_hash, member_id, name, scopes, created_at, expires_at)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8)",
                tenant,
                key_id,
                token.secret_hash,
                principal.id,
                name,
                sorted(scopes),
                now,
                expires_at,
            )
        return NewKey(text_of_key, key_id, expires_at)

    async def keys(self, connection: Connection, tenant: UUID, member: UUID) -> list[KeyInfo]:
        """A member's keys, newest first."""
        rows = await connection.fetch(
            "select key_id, name, scopes, created_at, expires_at, revoked_at from api_keys"
            " where tenant_id = $1 and member_id = $2 order by created_at desc, key_id limit 200",
            tenant,
            member,
        )
        return [KeyInfo(*row) for row in rows]

    async def revoke_key(self, tenant: UUID, member: UUID, key_id: UUID) -> bool:
        """Revoke a member's key at once; whether there was one."""
        async with self._runtime.database.tenant_transaction(tenant) as connection:
            found = await connection.fetchval(
                "update api_keys set revoked_at = coalesce(revoked_at, $4)"
                " where tenant_id = $1 and member_id = $2 and key_id = $3 returning key_id",
                tenant,
                member,
                key_id,
                self._runtime.clock(),
            )
            await _move_epoch(connection, tenant)
        return found is not None

    async def _tenant(self, organisation: str) -> UUID | None:
        async with self._runtime.database.directory() as connection:
            found: UUID | None = await connection.fetchval(
                "select tenant_id from tenants where slug = $1", organisation
            )
        return found

    async def _member(self, tenant: UUID | None, username: str) -> tuple[Member | None, str | None]:
        """The active member of a name, and the stored hash of their password."""
        if tenant is None:
            return None, None
        config = await self._runtime.configs.refresh(tenant)
        organisation = config.organisation
        member = organisation.member_named(username) if isinstance(organisation, OrganisationState) else None
        if member is None or member.disabled:
            return None, None
        return member, await self._stored(tenant, member.id)

    async def _stored(self, tenant: UUID, member: UUID) -> str | None:
        async with self._runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            stored: str | None = await connection.fetchval(
                "select password_hash from credentials where tenant_id = $1 and member_id = $2", tenant, member
            )
        return stored


async def _end_session(connection: Connection, token: Token) -> None:
    await connection.execute(
        "delete from sessions where tenant_id = $1 and token_hash = $2", token.ids[0], token.secret_hash
    )
    await _move_epoch(connection, token.ids[0])


async def _move_epoch(connection: Connection, tenant: UUID) -> None:
    """Make every process read the tenant's credentials anew before its next decision or answer."""
    await connection.execute("update ledger set epoch = epoch + 1 where tenant_id = $1", tenant)
