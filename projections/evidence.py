"""What is a file attached to? Folded from every event, of whatever noun, that names files."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from domain.catalogue import DECIDERS, tag_of
from domain.evidence import evidence_fields, files_named
from projections.kernel import Connection, Folded, Projection, live_build
from projections.tables import Table


class Attachment(msgspec.Struct, frozen=True):
    """A file, and a stream that names it."""

    digest: str
    stream_id: UUID
    noun: str


ATTACHMENTS = Table("evidence_attachments", Attachment, ("digest", "stream_id"))


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Note the files that a batch of events names."""
    found = {
        (digest, folded.stream_id): Attachment(digest, folded.stream_id, noun)
        for folded in batch
        for noun in [tag_of(type(folded.event)).partition(".")[0]]
        for _, digest in files_named(folded.event)
    }
    await ATTACHMENTS.save(connection, tenant, build, found.values())


EVIDENCE = Projection(
    name="evidence",
    schema_version=2,
    events=tuple(event for decider in DECIDERS for event in decider.events if evidence_fields(event)),
    tables=("evidence_attachments",),
    fold=fold,
)


ATTACHED = (
    "select digest, stream_id, noun from evidence_attachments"  # noqa: S608 - the build's name is our own
    f" where tenant_id = $1 and build = {live_build('evidence')} and digest = any ($2)"
    " order by digest, stream_id limit 5000"
)


async def attachments(connection: Connection, tenant: UUID, digests: Sequence[str]) -> list[Attachment]:
    """What files are attached to, as far as the projection has come."""
    rows = await connection.fetch(ATTACHED, tenant, digests)
    return [Attachment(*row) for row in rows]
