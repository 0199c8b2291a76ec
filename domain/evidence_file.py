"""A stored file (证据文件), so that the hash of its content stands in the ledger. The content itself is kept elsewhere.

The stream follows from tenant and digest: the same content is one file, whoever sends it and however often.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.evidence import Digest
from domain.kernel import Command, CommandSpec, Context, Decider, Event, State, Text, derived_id

MAX_HOLDERS = 200
Size = Annotated[int, msgspec.Meta(ge=1, le=2**40)]
MediaType = Annotated[str, msgspec.Meta(min_length=3, max_length=100, pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$(?!\n)")]


class StoreFile(Command, frozen=True, kw_only=True):
    """Record that a content was stored (登记证据文件): its SHA-256, its size in bytes, and what it was found to be."""

    digest: Digest
    size: Size
    media_type: MediaType


class EvidenceFileStored(Event, frozen=True, kw_only=True, tag="evidence_file.stored"):
    """A content was stored; by nobody known where it belongs to an anonymous report."""

    digest: str
    size: int
    media_type: str
    stored_by: UUID | None


class EvidenceFileStoredAgain(Event, frozen=True, kw_only=True, tag="evidence_file.stored_again"):
    """Somebody else sent the same content."""

    digest: str
    stored_by: UUID


class EvidenceFileState(State, frozen=True, kw_only=True):
    """One content, and those who are known to have it because they sent it."""

    digest: str
    size: int
    media_type: str
    holders: tuple[UUID, ...]


def file_id(tenant: UUID, digest: str) -> UUID:
    """The stream of a content."""
    return derived_id(tenant, "evidence_file", digest)


def store(state: EvidenceFileState | None, command: StoreFile, context: Context) -> tuple[Event, ...]:
    """Record a content, or one more who sent it; what is known already changes nothing."""
    sender = context.actor.id
    if state is None:
        return (
            EvidenceFileStored(
                digest=command.digest, size=command.size, media_type=command.media_type, stored_by=sender
            ),
        )
    if sender is None or sender in state.holders or len(state.holders) >= MAX_HOLDERS:
        return ()
    return (EvidenceFileStoredAgain(digest=state.digest, stored_by=sender),)


def day_only(_: EvidenceFileState | None, event: Event) -> bool:
    """Whether nobody known stored it, so that it belongs to an anonymous report (R0.3)."""
    return isinstance(event, EvidenceFileStored) and event.stored_by is None


def evolve(state: EvidenceFileState | None, event: Event) -> EvidenceFileState:
    """Fold one event."""
    if isinstance(event, EvidenceFileStored):
        return EvidenceFileState(
            status="stored",
            digest=event.digest,
            size=event.size,
            media_type=event.media_type,
            holders=() if event.stored_by is None else (event.stored_by,),
        )
    if state is not None and isinstance(event, EvidenceFileStoredAgain):
        return replace(state, holders=(*state.holders, event.stored_by))
    raise TypeError(f"a stored file knows no {type(event).__name__} here")


EVIDENCE_FILE = Decider(
    noun="evidence_file",
    plural="evidence-files",
    title=Text(zh="证据文件", en="evidence file"),
    state=EvidenceFileState,
    statuses=("stored",),
    commands=(
        CommandSpec(
            command=StoreFile,
            handler=store,
            permission="evidence_file.store_file",
            summary=Text(zh="登记证据文件", en="Record a stored file"),
            opens=True,
            audience="public",
        ),
    ),
    events=(EvidenceFileStored, EvidenceFileStoredAgain),
    evolve=evolve,
    day_only=day_only,
)
