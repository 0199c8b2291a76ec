"""Which files somebody may have: those he sent, and those attached to what he may read.

To name a file in a command takes no less: a digest picked up somewhere opens nothing, and nobody can find out by naming
one whether a content has been stored.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.catalogue import decider_of
from domain.evidence_file import EVIDENCE_FILE, EvidenceFileState, file_id
from domain.kernel import State
from infra.database import Connection
from infra.states import StateStore
from projections.evidence import Attachment, attachments
from services.runtime.principal import Principal

MAX_LOOKED_AT = 100
"""Streams that are looked at to find one by which the principal may read the file."""


class FileAccess(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and how somebody stands to it: whether he sent it, whether it is attached, and to what he may read."""

    state: EvidenceFileState
    sent: bool
    attached: bool
    readable: bool


async def files_known(
    connection: Connection, states: StateStore, tenant: UUID, principal: Principal, digests: Sequence[str]
) -> Mapping[str, FileAccess]:
    """Those of the files that exist, and how the principal stands to each."""
    streams = {digest: file_id(tenant, digest) for digest in digests}
    read = await states.read_many(connection, tenant, [(EVIDENCE_FILE.noun, stream) for stream in streams.values()])
    known = {digest: read[stream].state for digest, stream in streams.items()}
    found = {digest: state for digest, state in known.items() if isinstance(state, EvidenceFileState)}
    attached = await attachments(connection, tenant, list(found))
    readable = await _readable(connection, states, tenant, principal, attached)
    return {
        digest: FileAccess(
            state=state,
            sent=principal.id in state.holders,
            attached=any(one.digest == digest for one in attached),
            readable=any(one.digest == digest and one.stream_id in readable for one in attached),
        )
        for digest, state in found.items()
    }


async def _readable(
    connection: Connection, states: StateStore, tenant: UUID, principal: Principal, attached: Sequence[Attachment]
) -> set[UUID]:
    """Those of the streams that the principal may read."""
    places = list(dict.fromkeys((one.noun, one.stream_id) for one in attached))[:MAX_LOOKED_AT]
    read = await states.read_many(connection, tenant, places)
    return {
        stream
        for noun, stream in places
        if await _may_read(connection, states, tenant, principal, noun=noun, state=read[stream].state)
    }


async def _may_read(  # noqa: PLR0913 - who reads what, and what is looked at for it
    connection: Connection, states: StateStore, tenant: UUID, principal: Principal, *, noun: str, state: State | None
) -> bool:
    """Whether somebody may read a stream as it stands now: a paper like what it is about, and none kept from him."""
    decider = decider_of(noun)
    if state is None or (decider.kept_from is not None and principal.actor.id in decider.kept_from(state)):
        return False
    if decider.about is None:
        return f"{noun}.read" in principal.permissions
    subject, stream = decider.about(state)
    found = await states.read(connection, tenant, subject, stream)
    return await _may_read(connection, states, tenant, principal, noun=subject, state=found.state)
