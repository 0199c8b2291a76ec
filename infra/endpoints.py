"""Where a tenant's notices go: endpoints outside (webhooks, group robots), and the mail addresses of its members."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from infra.database import Connection

Kind = Literal["webhook", "wecom", "dingtalk", "feishu"]
Takes = Literal["named", "all"]
"""Which notices: those whose rule names the channel, or all."""

_SEEN = "endpoint_id, kind, name, host, takes, roles, enabled, created_at, created_by, changed_at, changed_by"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is shown: its address and secret are never read back, ``host`` tells which it is.

    With ``roles`` it takes only notices to one of them.
    """

    id: UUID
    kind: Kind
    name: str
    host: str
    takes: Takes
    roles: list[str]
    enabled: bool
    created_at: datetime
    created_by: UUID | None
    changed_at: datetime
    changed_by: UUID | None

    def wants(self, channel: str, roles: Sequence[str]) -> bool:
        """Whether a notice that names a channel, to these roles, goes here."""
        if not self.enabled or (self.takes == "named" and self.kind != channel):
            return False
        return not self.roles or not set(self.roles).isdisjoint(roles)


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where a member gets notices by mail."""

    member_id: UUID
    email: str
    takes: Takes
    changed_at: datetime
    changed_by: UUID | None


async def endpoints(connection: Connection, tenant: UUID) -> list[Endpoint]:
    """A tenant's endpoints by name."""
    rows = await connection.fetch(
        f"select {_SEEN} from notice_endpoints where tenant_id = $1 order by name, endpoint_id",  # noqa: S608 - our own column names
        tenant,
    )
    return [_shown(tuple(row)) for row in rows]


async def endpoint(connection: Connection, tenant: UUID, endpoint_id: UUID) -> tuple[Endpoint, str] | None:
    """One endpoint with what is sealed of it, or none."""
    row = await connection.fetchrow(
        f"select {_SEEN}, sealed from notice_endpoints where tenant_id = $1 and endpoint_id = $2",  # noqa: S608 - our own column names
        tenant,
        endpoint_id,
    )
    return None if row is None else (_shown(tuple(row)[:-1]), row["sealed"])


def _shown(row: tuple[object, ...]) -> Endpoint:
    return msgspec.convert(dict(zip(Endpoint.__struct_fields__, row, strict=True)), Endpoint)


async def add(connection: Connection, tenant: UUID, made: Endpoint, sealed: str) -> None:
    """Keep a new endpoint."""
    await connection.execute(
        f"insert into notice_endpoints (tenant_id, {_SEEN}, sealed)"  # noqa: S608 - our own column names
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        tenant,
        *msgspec.structs.astuple(made),
        sealed,
    )


async def change(connection: Connection, tenant: UUID, changed: Endpoint, sealed: str | None) -> None:
    """Replace what an endpoint is; without ``sealed`` its address and secret stay."""
    await connection.execute(
        "update notice_endpoints set name = $3, host = $4, takes = $5, roles = $6, enabled = $7, changed_at = $8,"
        " changed_by = $9, sealed = coalesce($10, sealed) where tenant_id = $1 and endpoint_id = $2",
        tenant,
        changed.id,
        changed.name,
        changed.host,
        changed.takes,
        changed.roles,
        changed.enabled,
        changed.changed_at,
        changed.changed_by,
        sealed,
    )


async def remove(connection: Connection, tenant: UUID, endpoint_id: UUID) -> bool:
    """Forget an endpoint; whether there was one."""
    status = await connection.execute(
        "delete from notice_endpoints where tenant_id = $1 and endpoint_id = $2", tenant, endpoint_id
    )
    return status == "DELETE 1"


async def addresses(connection: Connection, tenant: UUID, members: Sequence[UUID]) -> list[Address]:
    """The mail addresses of these members, as far as they have given one."""
    rows = await connection.fetch(
        "select member_id, email, takes, changed_at, changed_by from notice_addresses"
        " where tenant_id = $1 and member_id = any ($2) order by member_id",
        tenant,
        list(members),
    )
    return [msgspec.convert(dict(zip(Address.__struct_fields__, tuple(row), strict=True)), Address) for row in rows]


async def set_address(connection: Connection, tenant: UUID, address: Address) -> None:
    """Give a member an address, or another one."""
    await connection.execute(
        "insert into notice_addresses (tenant_id, member_id, email, takes, changed_at, changed_by)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, member_id) do update"
        " set email = excluded.email, takes = excluded.takes, changed_at = excluded.changed_at,"
        " changed_by = excluded.changed_by",
        tenant,
        *msgspec.structs.astuple(address),
    )


async def forget_address(connection: Connection, tenant: UUID, member: UUID) -> None:
    """Forget a member's address."""
    await connection.execute("delete from notice_addresses where tenant_id = $1 and member_id = $2", tenant, member)
