"""Shorthand of the store's tests: recordings, and what stands in the store."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from infra.database import Database
from infra.eventstore import append_on, select_positions
from infra.recordings import IdempotencyKey, NewEvent, Outcome, Recording
from infra.wire import StoredRow

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def recording(
    stream: UUID | None = None, version: int = 1, *, state: bytes = b"{}", events: int = 1, **more
) -> Recording:
    """A recording of ``events`` events on one stream, a new one unless named."""
    stream = stream or uuid4()
    return Recording(
        events=[NewEvent(stream, version + n, "tested.happened", state) for n in range(events)],
        metadata=uuid4().bytes,
        recorded_at=NOON,
        **more,
    )


def keyed(key: str = "key", principal: UUID | None = None, response: bytes = b"answer") -> IdempotencyKey:
    """An idempotency key of a principal."""
    return IdempotencyKey(principal or uuid4(), key, b"hash", 201, response)


async def append(database: Database, tenant: UUID, *recordings: Recording) -> list[Outcome]:
    """Append in one statement."""
    async with database.tenants.acquire() as connection:
        return await append_on(connection, tenant, recordings)


async def everything(database: Database, tenant: UUID) -> Sequence[StoredRow]:
    """All of a tenant's events, in order."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await select_positions(connection, tenant, after=0, limit=100_000)


async def rows(database: Database, tenant: UUID, query: str, *arguments: object) -> list[tuple]:
    """What a query of the tenant's returns."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
