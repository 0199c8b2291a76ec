"""Folds a range of a tenant's events into builds of projections, in the caller's transaction."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec
from eventsourcing.persistence import MapperDeserialisationError

from infra.database import CONNECTION_LOST, NOTHING_DONE, Connection
from infra.wire import EventMapper
from projections.kernel import Folded, Projection

_EVENTS = (
    "select position, originator_id, originator_version, topic, state, recorded_at from events"
    " where tenant_id = $1 and position > $2 and position <= $3 and topic = any ($4) order by position"
)


class Build(msgspec.Struct, frozen=True):
    """One build of one projection."""

    projection: Projection
    number: int


class FoldFailed(Exception):  # noqa: N818 - what befell, told of the projections it befell
    """The named projections cannot fold an event; their positions stay before it until their code is mended."""

    def __init__(self, projections: frozenset[str], after: int, reason: str) -> None:
        super().__init__(f"{', '.join(sorted(projections))} after position {after}: {reason}")
        self.projections = projections


async def fold_range(  # noqa: PLR0913 - what, whence, whither
    connection: Connection, tenant: UUID, mapper: EventMapper, builds: Sequence[Build], *, after: int, to: int
) -> None:
    """Fold the events after one position and up to another into every build; one read serves them all.

    Raises `FoldFailed`, after which the transaction is to be rolled back.
    """
    wanted = frozenset[str]().union(*(build.projection.topics for build in builds))
    stored_topics = sorted(wanted | mapper.older_topics)
    rows = await connection.fetch(_EVENTS, tenant, after, to, stored_topics)
    decoded = _decode(mapper, builds, rows)
    for build in builds:
        topics = build.projection.topics
        batch = [folded for topic, folded in decoded if topic in topics]
        if not batch:
            continue
        try:
            await build.projection.fold(connection, tenant, build.number, batch)
        except (*CONNECTION_LOST, *NOTHING_DONE):
            raise
        except Exception as error:
            raise FoldFailed(frozenset({build.projection.name}), after, repr(error)) from error


def _decode(mapper: EventMapper, builds: Sequence[Build], rows: Sequence[asyncpg.Record]) -> list[tuple[str, Folded]]:
    """The events with their current topics."""
    decode, older = mapper.decode, mapper.older_topics
    decoded = []
    for position, stream, version, topic, state, recorded_at in rows:
        try:
            event = decode(topic, state)
        except MapperDeserialisationError as error:
            names = frozenset(build.projection.name for build in builds if topic in build.projection.topics | older)
            raise FoldFailed(names, position - 1, str(error)) from error
        current = mapper.topic(type(event)) if topic in older else topic
        decoded.append((current, Folded(position, stream, version, recorded_at, event)))
    return decoded
