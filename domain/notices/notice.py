"""A notice, and the rule that makes it of an event."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Cause, Event, Text
from domain.rules.r11_ladder import Channel


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody is to know (通知): to whoever holds ``roles`` when it is made, and to ``persons``.

    It always lies in their inboxes; ``channel`` says how else they are told. ``due_at`` is the limit that it is about.
    Those of ``withheld`` are not told, whatever role they hold. What is for nobody goes to the administrators, unless
    it is ``confidential``: then it is for its recipients alone. Its words must bear being read on a group's screen:
    they name the matter by its id and quote nothing from it.
    """

    roles: tuple[str, ...] = ()
    persons: tuple[UUID, ...] = ()
    withheld: tuple[UUID, ...] = ()
    confidential: bool = False
    channel: Channel = "inbox"
    subject: Text
    body: Text
    clause: str | None = None
    noun: str
    stream_id: UUID
    due_at: datetime | None = None


class NoticeRule(msgspec.Struct, frozen=True, kw_only=True):
    """Events that people are told of. ``make(event, cause, state)`` sees the stream's state right after the event."""

    name: str
    events: tuple[type[Event], ...]
    make: Callable[[Any, Cause, Any], tuple[Notice, ...]]


def short(stream_id: UUID) -> str:
    """The beginning of an id, by which people tell two matters apart."""
    return str(stream_id)[:8]
