"""While the demonstration is loaded its organisations are withheld, and the loader alone works for them.

Nobody signs in meanwhile, and no worker of today's clock lets last year's deadlines pass.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from infra.database import Connection, Database
from infra.wire import Metadata
from services.runtime.config import ConfigCache, TenantConfig

CORRELATION = "demo."
LOCK = 7_205_759_403_792_794
"""An advisory lock key of our own, so that two loaders never work at once."""

Progress = Literal["fresh", "begun", "loaded", "foreign"]


class Claimed(msgspec.Struct, frozen=True):
    """An organisation of the demonstration, and up to which step it was loaded before (-1: none)."""

    tenant: UUID
    progress: Progress
    last_step: int = -1


class AlreadyLoading(Exception):  # noqa: N818 - an answer to the person at the terminal
    """Another process is loading the demonstration at this moment."""


class WithheldConfigs(ConfigCache):
    """Configurations under which a withheld organisation is at work, for its loader alone."""

    async def read(self, connection: Connection, tenant: UUID) -> TenantConfig:
        """Read the configuration in a transaction, and keep it."""
        config = msgspec.structs.replace(await super().read(connection, tenant), active=True)
        self._known[tenant] = config
        return config


@asynccontextmanager
async def only_loader(database: Database) -> AsyncIterator[None]:
    """Be the one who loads. Raises `AlreadyLoading`."""
    async with database.directory() as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            raise AlreadyLoading
        try:
            yield
        finally:
            await connection.execute("select pg_advisory_unlock($1)", LOCK)


async def claim(database: Database, slug: str, name: str, created_at: datetime) -> Claimed:
    """The organisation of a slug: made and withheld now, begun before, loaded, or somebody else's."""
    async with database.platform() as connection:
        row = await connection.fetchrow("select tenant_id, status from tenants where slug = $1", slug)
        if row is None:
            tenant = uuid4()
            await connection.execute(
                "insert into tenants (tenant_id, slug, name, status, created_at) values ($1, $2, $3, 'suspended', $4)",
                tenant,
                slug,
                name,
                created_at,
            )
            await connection.execute("insert into ledger (tenant_id) values ($1)", tenant)
            return Claimed(tenant, "fresh")
    tenant = row["tenant_id"]
    last_step, events = await _last_step(database, tenant)
    if row["status"] == "suspended":
        return Claimed(tenant, "begun" if events else "fresh", last_step)
    return Claimed(tenant, "loaded" if last_step >= 0 else "foreign", last_step)


async def admit(database: Database, tenant: UUID) -> None:
    """Let people and workers in."""
    async with database.platform() as connection:
        await connection.execute("update tenants set status = 'active' where tenant_id = $1", tenant)
        await connection.execute("update ledger set epoch = epoch + 1 where tenant_id = $1", tenant)


async def _last_step(database: Database, tenant: UUID) -> tuple[int, int]:
    """The last step that left events, and how many events there are: what was done stands in what happened."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch("select distinct metadata from events where tenant_id = $1", tenant)
    known = [msgspec.json.decode(row["metadata"], type=Metadata).correlation for row in rows]
    done = [int(text.removeprefix(CORRELATION)) for text in known if text and text.startswith(CORRELATION)]
    return max(done, default=-1), len(rows)
