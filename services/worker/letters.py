"""What a notice looks like on its way out: as a mail or a group's message, and as a webhook's body."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.catalogue import decider_of
from domain.roles import role_of
from infra.outbox import Letter
from infra.wire import canonical

KEYWORD = "考核"
"""Stands in every message, so that a robot may be told to pass nothing without it."""
TEST = "notice.test"


class WebhookBody(msgspec.Struct, frozen=True):
    """The body of a webhook: the event's type, when the notice was made, and what it says."""

    type: str
    timestamp: datetime
    data: dict[str, Any]


def subject_line(letter: Letter) -> str:
    """The subject in both languages."""
    return f"【{KEYWORD}】{letter.subject.zh} · {letter.subject.en}"


def text_of(letter: Letter, zone: ZoneInfo, public_url: str) -> str:
    """The notice for people, without its subject."""
    lines = [letter.body.zh, letter.body.en, ""]
    if letter.due_at is not None:
        lines.append(f"期限 · due: {letter.due_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})")
    if letter.clause is not None:
        lines.append(f"依据 · clause: {letter.clause}")
    roles = [role for role in map(role_of, letter.roles) if role is not None]
    if roles:
        lines.append("收件 · to: " + "、".join(f"{role.title.zh} {role.title.en}" for role in roles))
    if letter.event != TEST:
        plural = decider_of(letter.noun).plural
        lines.append(f"{public_url.rstrip('/')}/v1/{plural}/{letter.stream_id}")
    return "\n".join(lines).strip() + "\n"


def webhook_body(letter: Letter, tenant: UUID) -> bytes:
    """The notice for programs."""
    data = {
        "tenant_id": tenant,
        "subject": letter.subject,
        "body": letter.body,
        "clause": letter.clause,
        "noun": letter.noun,
        "stream_id": letter.stream_id,
        "due_at": letter.due_at,
        "roles": list(letter.roles),
    }
    return canonical(WebhookBody(letter.event, letter.made_at, data))
