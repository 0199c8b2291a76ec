"""Finds tenants with work to do, without looking at what the work is; and tells how far a tenant's work has come.

A tenant without a row for a projection, or for the reactions, stands at position 0 there: rows are made when it is
first worked on, never when it is provisioned.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from infra.database import Database

REACTIONS = "reactions"
"""The name under which a tenant's reactions keep their position."""


class Behind(msgspec.Struct, frozen=True):
    """A tenant with events that are not followed yet; ``lag`` counts them."""

    tenant: UUID
    lag: int


class Unfinished(msgspec.Struct, frozen=True):
    """A tenant's projection that is to be built anew, whose building broke off, or whose old rows are still there."""

    tenant: UUID
    name: str


class Waiting(msgspec.Struct, frozen=True):
    """A tenant with deliveries that wait: how many, since when, and whether one of them is ``due``."""

    tenant: UUID
    count: int
    since: datetime
    due: bool


class Due(msgspec.Struct, frozen=True):
    """A tenant with deadlines that have passed, ``count`` of them, the first of them at ``since``."""

    tenant: UUID
    since: datetime
    count: int


async def behind(database: Database, projections: Sequence[str]) -> list[Behind]:
    """Tenants whose live projections, or reactions unless they are suspended, have not come to their ledger."""
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select tenant_id, last - least(reacted, folded) as lag from ("
            "  select l.tenant_id, l.position as last,"
            "    case when t.status = 'active' then coalesce(k.position, 0) end as reacted,"
            "    case when cardinality($1::text[]) > coalesce(p.builds, 0) then 0 else p.position end as folded"
            "  from ledger l join tenants t using (tenant_id)"
            "  left join tracking k on k.tenant_id = l.tenant_id and k.application_name = $2"
            "  left join (select tenant_id, count(*) as builds, min(position) as position from projections"
            "    where status = 'live' and name = any ($1) group by tenant_id) p on p.tenant_id = l.tenant_id"
            ") standing where last > least(reacted, folded)",
            list(projections),
            REACTIONS,
        )
    return [Behind(row["tenant_id"], row["lag"]) for row in rows]


async def untold(database: Database, task: str) -> list[UUID]:
    """Active tenants whose notices, which are made under this task, have not come to their ledger."""
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select l.tenant_id from ledger l join tenants t using (tenant_id)"
            " left join tracking k on k.tenant_id = l.tenant_id and k.application_name = $1"
            " where t.status = 'active' and l.position > coalesce(k.position, 0)",
            task,
        )
    return [row["tenant_id"] for row in rows]


async def unfinished(database: Database, names: Sequence[str], schema_versions: Sequence[int]) -> list[Unfinished]:
    """Projections that an older version of their code has built, or whose rebuild broke off.

    Builds of newer code are left alone: during a deployment both stand side by side for a while.
    """
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select distinct p.tenant_id, p.name from projections p"
            " join unnest($1::text[], $2::integer[]) w(name, schema_version) on w.name = p.name"
            " where (p.status = 'live' and p.schema_version < w.schema_version)"
            " or (p.status = 'building' and p.schema_version <= w.schema_version) or p.status = 'retired'",
            list(names),
            list(schema_versions),
        )
    return [Unfinished(row["tenant_id"], row["name"]) for row in rows]


async def due(database: Database, now: datetime) -> list[Due]:
    """Active tenants with deadlines that have passed at an instant."""
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select d.tenant_id, min(d.due_at) as since, count(*) as count from deadlines d"
            " join tenants t using (tenant_id)"
            " where d.failed_at is null and d.due_at <= $1 and t.status = 'active' group by d.tenant_id",
            now,
        )
    return [Due(row["tenant_id"], row["since"], row["count"]) for row in rows]


async def closing(database: Database) -> list[UUID]:
    """Active tenants with a fee period that is being closed."""
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select distinct p.tenant_id from fee_periods p join tenants t using (tenant_id)"
            " where p.status = 'closing' and t.status = 'active'"
        )
    return [row["tenant_id"] for row in rows]


async def waiting(database: Database, now: datetime) -> list[Waiting]:
    """Active tenants with deliveries that wait or are under way."""
    async with database.directory() as connection:
        rows = await connection.fetch(
            "select o.tenant_id, count(*) as count, min(o.made_at) as since, min(o.next_attempt_at) <= $1 as due"
            " from outbox o join tenants t using (tenant_id)"
            " where o.state in ('waiting', 'sending') and t.status = 'active' group by o.tenant_id",
            now,
        )
    return [Waiting(row["tenant_id"], row["count"], row["since"], row["due"]) for row in rows]


async def dead_letters(database: Database) -> int:
    """How many deliveries of all tenants were given up."""
    async with database.directory() as connection:
        count: int = await connection.fetchval(
            "select count(tenant_id) from outbox where state in ('dead', 'uncertain')"
        )
    return count


async def reached(database: Database, tenant: UUID, projections: Sequence[str]) -> int:
    """The position that the tenant's reactions and every one of these live projections have passed."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        position: int = await connection.fetchval(
            "select least("
            "  coalesce((select position from tracking where tenant_id = $1 and application_name = $3), 0),"
            "  (select min(coalesce(p.position, 0)) from unnest($2::text[]) n(name)"
            "   left join projections p on p.tenant_id = $1 and p.name = n.name and p.status = 'live'))",
            tenant,
            list(projections),
            REACTIONS,
        )
    return position


async def tenants(database: Database) -> list[UUID]:
    """Every tenant."""
    async with database.directory() as connection:
        return [row["tenant_id"] for row in await connection.fetch("select tenant_id from tenants")]
