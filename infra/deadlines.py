"""The deadlines of a tenant that have passed, and what becomes of their rows.

Call these under the claim of `TASK`. A row is changed only while it is as it was read (same ``due_at``): what an
append has written in between stands.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from infra.database import Connection

TASK = "deadlines"
"""The claim under which a tenant's deadlines are fired."""
FAILURE_LENGTH = 1_000


class DueRow(msgspec.Struct, frozen=True):
    """A deadline that has passed, with the command that it sends to its stream."""

    stream: UUID
    key: str
    due_at: datetime
    noun: str
    command: bytes


async def due_rows(connection: Connection, tenant: UUID, now: datetime, limit: int) -> list[DueRow]:
    """What has passed and not failed, longest overdue first; of each stream the first alone."""
    rows = await connection.fetch(
        "select distinct on (originator_id) originator_id, key, due_at, noun, command from ("
        "  select originator_id, key, due_at, noun, command from deadlines"
        "  where tenant_id = $1 and due_at <= $2 and failed_at is null order by due_at limit $3"
        ") due order by originator_id, due_at, key",
        tenant,
        now,
        limit,
    )
    return sorted((DueRow(*row) for row in rows), key=lambda row: row.due_at)


async def clear(connection: Connection, tenant: UUID, rows: Sequence[DueRow]) -> None:
    """Delete deadlines that are done with."""
    await connection.execute(
        "delete from deadlines d using unnest($2::uuid[], $3::text[], $4::timestamptz[]) w(originator_id, key, due_at)"
        " where d.tenant_id = $1 and d.originator_id = w.originator_id and d.key = w.key and d.due_at = w.due_at",
        tenant,
        *_places(rows),
    )


async def move(connection: Connection, tenant: UUID, rows: Sequence[DueRow], to: Sequence[datetime]) -> None:
    """Give deadlines another instant."""
    await connection.execute(
        "update deadlines d set due_at = w.moved"
        " from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])"
        " w(originator_id, key, due_at, moved)"
        " where d.tenant_id = $1 and d.originator_id = w.originator_id and d.key = w.key and d.due_at = w.due_at",
        tenant,
        *_places(rows),
        list(to),
    )


async def fail(
    connection: Connection, tenant: UUID, rows: Sequence[DueRow], failures: Sequence[str], now: datetime
) -> None:
    """Set deadlines aside whose command could not be carried out, with the reason, for a person to look at."""
    await connection.execute(
        "update deadlines d set failed_at = $6, failure = w.failure"
        " from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) w(originator_id, key, due_at, failure)"
        " where d.tenant_id = $1 and d.originator_id = w.originator_id and d.key = w.key and d.due_at = w.due_at",
        tenant,
        *_places(rows),
        [failure[:FAILURE_LENGTH] for failure in failures],
        now,
    )


def _places(rows: Sequence[DueRow]) -> tuple[list[UUID], list[str], list[datetime]]:
    return [row.stream for row in rows], [row.key for row in rows], [row.due_at for row in rows]
