"""From a bearer credential to a principal: sessions and API keys of members, checked against the configuration.

A credential is read once and kept with the epoch it was read at; anything that could end it (logout, revocation,
a disabled member, a suspended tenant) moves the epoch, so the next request reads it again.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from domain.kernel import Actor
from domain.organisation import OrganisationState
from domain.roles import permissions_of
from infra.database import Connection, Database
from services.runtime.commands import Authorise, Clock
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal, TenantSuspended, Unauthenticated
from services.runtime.tokens import KEY_PREFIX, SESSION_PREFIX, Token

CACHE_SIZE = 50_000


class _Credential(msgspec.Struct, frozen=True):
    member: UUID
    expires_at: datetime
    scopes: frozenset[str] | None


class _Known(msgspec.Struct, frozen=True):
    epoch: int
    credential: _Credential
    principal: Principal


class Authority:
    """Recognises the members of every tenant in one process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[Token, _Known] = {}

    def authorise(self, token: Token) -> Authorise:
        """The authorisation of a credential, to be asked under a configuration."""

        async def principal(config: TenantConfig) -> Principal:
            return await self.principal(token, config)

        return principal

    async def principal(self, token: Token, config: TenantConfig, connection: Connection | None = None) -> Principal:
        """Who holds the credential under this configuration.

        Raises `Unauthenticated` when nobody does, `TenantSuspended` when the organisation is.
        """
        known = self._known.get(token)
        if known is None or known.epoch != config.epoch:
            known = await self._recognise(token, config, connection)
        if known.credential.expires_at <= self._clock():
            self._known.pop(token, None)
            raise Unauthenticated
        if not config.active:
            raise TenantSuspended
        return known.principal

    async def _recognise(self, token: Token, config: TenantConfig, connection: Connection | None) -> _Known:
        if connection is not None:
            credential = await _read(connection, token)
        else:
            async with self._database.tenant_transaction(token.ids[0], read_only=True) as own:
                credential = await _read(own, token)
        if credential is None or config.organisation is None:
            self._known.pop(token, None)
            raise Unauthenticated
        known = _Known(config.epoch, credential, _principal(config.organisation, credential))
        if len(self._known) >= CACHE_SIZE:
            self._known.pop(next(iter(self._known)))
        self._known[token] = known
        return known


async def _read(connection: Connection, token: Token) -> _Credential | None:
    tenant = token.ids[0]
    if token.prefix == SESSION_PREFIX and len(token.ids) == 1:
        row = await connection.fetchrow(
            "select member_id, expires_at from sessions where tenant_id = $1 and token_hash = $2",
            tenant,
            token.secret_hash,
        )
        return None if row is None else _Credential(row["member_id"], row["expires_at"], None)
    if token.prefix == KEY_PREFIX and len(token.ids) == 2:  # noqa: PLR2004 - tenant and key
        row = await connection.fetchrow(
            "select member_id, expires_at, scopes from api_keys where tenant_id = $1 and key_id = $2"
            " and secret_hash = $3 and revoked_at is null",
            tenant,
            token.ids[1],
            token.secret_hash,
        )
        return None if row is None else _Credential(row["member_id"], row["expires_at"], frozenset(row["scopes"]))
    return None


def _principal(organisation: OrganisationState, credential: _Credential) -> Principal:
    """The member behind a credential, if active. A key may do what it is scoped to and its member still may."""
    member = organisation.members.get(credential.member)
    if member is None or member.disabled:
        raise Unauthenticated
    permissions = permissions_of(member.roles)
    if credential.scopes is not None:
        permissions &= credential.scopes
    return Principal(
        id=credential.member,
        actor=Actor(
            kind="member" if credential.scopes is None else "api_key",
            id=credential.member,
            name=member.display_name,
            roles=frozenset(member.roles),
        ),
        permissions=permissions,
        locale=organisation.locale,
    )
