"""What an administrator should look at: commands of reactions that were refused, deadlines that could not be met.

Both are kept by the machinery that ran into them; neither goes away in silence.
"""

from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import select
from projections.kernel import Connection

KINDS = {
    "reaction_refused": Text("后续处理被拒绝", "a reaction's command was refused"),
    "deadline_failed": Text("到期处理失败", "a deadline's command failed"),
}


class AttentionItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to look at. ``command`` is what was to be done to the stream, ``body`` its fields.

    A refused reaction names itself, the ``position`` of the event it answered and the refusal's ``code``; a failed
    deadline its ``key`` and when it was due. ``ref`` identifies the item.
    """

    ref: str
    kind: str
    kind_label: Text
    at: datetime
    noun: str
    stream_id: UUID
    command: str
    body: dict[str, Any]
    code: str | None
    message: str | None
    reaction: str | None
    position: int | None
    key: str | None
    due_at: datetime | None


class _Command(msgspec.Struct):
    command: str
    body: dict[str, Any]


async def attention(
    connection: Connection, tenant: UUID, after: tuple[datetime, str] | None, zone: tzinfo, limit: int
) -> list[AttentionItem]:
    """What to look at, latest first."""
    rows = await connection.fetch(select("attention"), tenant, limit, *(after or (None, None)))
    return [_item(row, zone) for row in rows]


def _item(row: Any, zone: tzinfo) -> AttentionItem:
    shown = dict(row)
    sent = msgspec.json.decode(shown.pop("command"), type=_Command)
    for instant in ("at", "due_at"):
        shown[instant] = shown[instant] and shown[instant].astimezone(zone)
    return AttentionItem(kind_label=KINDS[shown["kind"]], command=sent.command, body=sent.body, **shown)
