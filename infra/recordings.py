"""What is appended, and how an append can end."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec


class NewEvent(msgspec.Struct, frozen=True):
    """One event on its way into the store."""

    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes


class DueDeadline(msgspec.Struct, frozen=True):
    """One deadline as it is stored: the command's bytes are decided when it has passed."""

    originator_id: UUID
    key: str
    due_at: datetime
    noun: str
    command: bytes


class Hold(msgspec.Struct, frozen=True):
    """A resource that a stream takes from ``starts_at`` on, up to ``ends_at`` or for good."""

    originator_id: UUID
    key: str
    kind: str
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime | None


class IdempotencyKey(msgspec.Struct, frozen=True):
    """A client's promise that two requests under this key are one. ``body_hash`` tells whether they truly are."""

    principal_id: UUID
    key: str
    body_hash: bytes
    status: int
    response: bytes


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """All that one command caused, appended together or not at all.

    ``epoch`` is the configuration it was decided under, ``None`` where it depends on none; ``configures`` marks
    a change of that configuration. ``metadata`` is unique to the recording (it holds the command's id).
    """

    events: Sequence[NewEvent]
    metadata: bytes
    recorded_at: datetime
    epoch: int | None = None
    configures: bool = False
    idempotency: IdempotencyKey | None = None
    cleared: Sequence[tuple[UUID, str]] = ()
    due: Sequence[DueDeadline] = ()
    released: Sequence[tuple[UUID, str]] = ()
    held: Sequence[Hold] = ()
    continues: bool = False
    """Whether it goes on from an earlier recording of its batch, on the same stream, and is nothing without that."""

    @property
    def streams(self) -> frozenset[UUID]:
        """The streams that it appends to."""
        return frozenset(event.originator_id for event in self.events)


class Appended(msgspec.Struct, frozen=True):
    """The events stand at ``first_position`` to ``last_position`` of the tenant's order."""

    first_position: int
    last_position: int


class Replayed(msgspec.Struct, frozen=True):
    """The idempotency key was used before; this is what was answered then."""

    body_hash: bytes
    status: int
    response: bytes
    position: int
    version: int


class Conflict(msgspec.Struct, frozen=True):
    """A stream has moved on since it was read; read again and decide again."""


class Stale(msgspec.Struct, frozen=True):
    """The configuration has changed since it was read; ``epoch`` is the current one."""

    epoch: int


class Clash(msgspec.Struct, frozen=True):
    """Another stream holds what this recording wanted under ``key``, in the window given; nothing was appended."""

    key: str
    holder: UUID
    starts_at: datetime | None
    ends_at: datetime | None


Outcome = Appended | Replayed | Conflict | Stale | Clash


class StoreBusy(Exception):  # noqa: N818 - an answer to the client, 503
    """Too much is waiting to be appended for this tenant; try again in a moment."""


class StoreUnavailable(Exception):  # noqa: N818 - an answer to the client, 503
    """The database did not answer within the time allowed; whether the work was done is not known to the caller.

    Sending the same request under the same idempotency key finds out.
    """
