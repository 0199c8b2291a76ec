"""The inbox of each member: what they were told, and what of it they have read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from domain.kernel import Text
from infra.database import Connection
from infra.outbox import Letter

MOST = 10_000
"""The unread are counted up to here."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One notice in an inbox. ``event`` is the type of the event that it tells of, ``noun`` and ``stream_id`` where."""

    id: UUID
    unread: bool
    made_at: datetime
    read_at: datetime | None
    event: str
    subject: Text
    body: Text
    clause: str | None
    noun: str
    stream_id: UUID
    due_at: datetime | None


class Place(msgspec.Struct, frozen=True):
    """Where a row stands in an inbox's order: unread first, then the latest."""

    unread: bool
    made_at: datetime
    id: UUID


LISTED = (
    "select notice_id, unread, made_at, read_at, topic, subject_zh, subject_en, body_zh, body_en, clause, noun,"
    " stream_id, due_at from inbox where tenant_id = $1 and member_id = $2"
    " and ($3::boolean is null or (unread, made_at, notice_id) < ($3, $4::timestamptz, $5::uuid))"
    " order by unread desc, made_at desc, notice_id desc limit $6"
)
COUNTED = "select count(*) from (select from inbox where tenant_id = $1 and member_id = $2 and unread limit $3) counted"

LAID = (
    "insert into inbox (tenant_id, member_id, notice_id, cause, made_at, topic, subject_zh, subject_en, body_zh,"
    " body_en, clause, noun, stream_id, due_at)"
    " select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::text[],"
    " $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::timestamptz[])"
    " on conflict do nothing"
)
MARKED = (
    "update inbox set unread = false, read_at = $4"
    " where tenant_id = $1 and member_id = $2 and notice_id = any ($3) and unread"
)
PURGED = "delete from inbox where tenant_id = $1 and (made_at < $3 or made_at < $2 and not unread)"


async def put(connection: Connection, tenant: UUID, rows: Sequence[tuple[UUID, UUID, str, Letter]]) -> None:
    """Lay letters into inboxes: member, notice id, cause, letter. What lies there already stays as it is."""
    if not rows:
        return
    columns = zip(
        *(
            (
                member,
                notice,
                cause,
                letter.made_at,
                letter.event,
                letter.subject.zh,
                letter.subject.en,
                letter.body.zh,
                letter.body.en,
                letter.clause,
                letter.noun,
                letter.stream_id,
                letter.due_at,
            )
            for member, notice, cause, letter in rows
        ),
        strict=True,
    )
    await connection.execute(LAID, tenant, *columns)


async def page(connection: Connection, tenant: UUID, member: UUID, after: Place | None, limit: int) -> list[Item]:
    """A member's notices, the unread first, the latest of each first."""
    place = (None, None, None) if after is None else (after.unread, after.made_at, after.id)
    rows = await connection.fetch(LISTED, tenant, member, *place, limit)
    return [
        Item(
            id=row["notice_id"],
            unread=row["unread"],
            made_at=row["made_at"],
            read_at=row["read_at"],
            event=row["topic"],
            subject=Text(row["subject_zh"], row["subject_en"]),
            body=Text(row["body_zh"], row["body_en"]),
            clause=row["clause"],
            noun=row["noun"],
            stream_id=row["stream_id"],
            due_at=row["due_at"],
        )
        for row in rows
    ]


async def unread(connection: Connection, tenant: UUID, member: UUID) -> int:
    """How many a member has not read, `MOST` at most."""
    count: int = await connection.fetchval(COUNTED, tenant, member, MOST)
    return count


async def mark_read(connection: Connection, tenant: UUID, member: UUID, notices: Sequence[UUID], now: datetime) -> None:
    """Mark a member's notices as read; an id of somebody else's is as one that does not exist."""
    await connection.execute(MARKED, tenant, member, list(notices), now)


async def purge(connection: Connection, tenant: UUID, *, read_before: datetime, before: datetime) -> None:
    """Delete what was read and made before one instant, and everything made before another."""
    await connection.execute(PURGED, tenant, read_before, before)
