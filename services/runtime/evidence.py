"""Which files somebody may have: those he sent, and those attached to what he may read.

To name a file in a command takes no less: a digest picked up somewhere opens nothing, and nobody can find out by naming
one whether a content has been stored.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.evidence_file import EVIDENCE_FILE, EvidenceFileState, file_id
from infra.database import Connection
from infra.states import StateStore
from projections.evidence import attachments
from services.runtime.principal import Principal

KNOWN_BY_NAME = ("member", "api_key")
"""Others name files that the service itself has just stored for them, or act for the organisation as a whole."""


async def files_of(
    connection: Connection, states: StateStore, tenant: UUID, principal: Principal, digests: Sequence[str]
) -> Mapping[str, EvidenceFileState]:
    """Those of the files that exist and that the principal may have."""
    streams = {digest: file_id(tenant, digest) for digest in digests}
    read = await states.read_many(connection, tenant, [(EVIDENCE_FILE.noun, stream) for stream in streams.values()])
    known = {digest: read[stream].state for digest, stream in streams.items()}
    found = {digest: state for digest, state in known.items() if isinstance(state, EvidenceFileState)}
    if principal.actor.kind not in KNOWN_BY_NAME:
        return found
    nouns: dict[str, set[str]] = {}
    for attached in await attachments(connection, tenant, list(found)):
        nouns.setdefault(attached.digest, set()).add(attached.noun)
    return {
        digest: state
        for digest, state in found.items()
        if any(f"{noun}.read" in principal.permissions for noun in nouns.get(digest, ()))
        or principal.id in state.holders
    }
