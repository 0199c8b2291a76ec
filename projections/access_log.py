"""Who read what: histories, earlier moments, personal data, files, documents, and this log itself, latest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Literal
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.kernel import Connection

What = Literal["history", "as_of", "personal_data", "sealed_identity", "file", "document", "access_log"]
"""What kind of reading is noted."""

KINDS: Mapping[str, Text] = {
    "history": Text("查阅历史", "history read"),
    "as_of": Text("查阅过去状态", "state of an earlier moment read"),
    "personal_data": Text("查阅个人信息", "personal data read"),
    "sealed_identity": Text("启封身份", "sealed identity opened"),
    "file": Text("下载文件", "file downloaded"),
    "document": Text("查阅文书", "document read"),
    "access_log": Text("查阅访问记录", "access log read"),
}


class LoggedAccess(msgspec.Struct, frozen=True, kw_only=True):
    """One reading: who, when, in which roles, of what. ``detail`` says which part of it, e.g. the moment asked for."""

    entry_id: UUID
    at: datetime
    what: str
    what_label: Text
    noun: str
    stream_id: UUID | None
    detail: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    roles: tuple[str, ...]
    correlation: str | None


class AccessesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which readings are asked for; ``since`` is included, ``before`` is not. ``after`` is the row before the page."""

    person: UUID | None = None
    what: str | None = None
    noun: str | None = None
    stream: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    after: tuple[datetime, UUID] | None = None


def question(tenant: UUID, asked: AccessesAsked) -> Question:
    """The readings asked for, latest first."""
    found = (
        Question("access_log", tenant)
        .where("actor_id = {}", asked.person)
        .where("what = {}", asked.what)
        .where("noun = {}", asked.noun)
        .where("stream_id = {}", asked.stream)
        .where("at >= {}", asked.since)
        .where("at < {}", asked.before)
    )
    if asked.after is not None:
        found = found.where("(at, entry_id) < ({}, {})", *asked.after)
    return found.then("order by at desc, entry_id desc")


async def accesses(
    connection: Connection, tenant: UUID, asked: AccessesAsked, zone: tzinfo, limit: int
) -> Sequence[LoggedAccess]:
    """The readings asked for, latest first."""
    return [
        LoggedAccess(
            entry_id=row["entry_id"],
            at=row["at"].astimezone(zone),
            what=row["what"],
            what_label=KINDS.get(row["what"], Text(row["what"], row["what"])),
            noun=row["noun"],
            stream_id=row["stream_id"],
            detail=row["detail"],
            actor_kind=row["actor_kind"],
            actor_id=row["actor_id"],
            actor_name=row["actor_name"],
            roles=tuple(row["roles"]),
            correlation=row["correlation"],
        )
        for row in await question(tenant, asked).rows(connection, limit)
    ]
