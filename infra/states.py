"""Folded states of streams: cached per process, snapshotted for long streams, always at a known version.

A cached state may be behind; the version check of the append finds out. A *fresh* read folds what has been
appended since, so nothing is answered from a state that is behind.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from domain.kernel import Decider, State
from infra.database import CONNECTION_LOST, Connection, Database
from infra.eventstore import select_stream, select_streams
from infra.wire import EventMapper, StoredRow, as_json, canonical, recorded_by

CACHE_SIZE = 20_000
FOLDED_HERE = 1_000
"""Up to so many events are folded on the loop. More of them, seconds of work where a stream is long and its snapshot of
another shape, go to a thread."""
SNAPSHOT_EVERY = 200
"""Events between two snapshots of a small state."""
SNAPSHOT_BYTES_AN_EVENT = 1_024
"""What snapshots may cost the disk: a large state is stored the more rarely, so that growing never costs its square."""


class Versioned(msgspec.Struct, frozen=True):
    """A stream's state after its event ``version``; ``(None, 0)`` for a stream that does not exist."""

    state: State | None
    version: int


ABSENT = Versioned(None, 0)
T = TypeVar("T")
Place = tuple[int, str, bytes]
"""Version, topic and bytes of a stored event."""
_Cache = OrderedDict[tuple[UUID, str, UUID], Versioned]
"""By tenant, noun and stream; what was not used for longest comes first."""


class StateStore:
    """Reads states of any noun of any tenant; one per process."""

    def __init__(
        self, mapper: EventMapper, deciders: Mapping[str, Decider[Any]], *, cache_size: int = CACHE_SIZE
    ) -> None:
        self._mapper = mapper
        self._deciders = deciders
        self._cache: _Cache = OrderedDict()
        self._trail: _Cache = OrderedDict()
        self._sizes: OrderedDict[tuple[UUID, str, UUID], int] = OrderedDict()
        self._cache_size = cache_size
        self._snapshot_topics = {noun: _snapshot_topic(decider) for noun, decider in deciders.items()}
        self._snapshot_decoders = {noun: msgspec.json.Decoder(decider.state) for noun, decider in deciders.items()}

    def cached(self, tenant: UUID, noun: str, stream: UUID) -> Versioned | None:
        """What this process last knew of a stream, possibly behind."""
        key = (tenant, noun, stream)
        found = self._cache.get(key)
        if found is not None:
            self._cache.move_to_end(key)
        return found

    def remember(self, tenant: UUID, noun: str, stream: UUID, versioned: Versioned) -> None:
        """Keep a state that is known to have been the stream's."""
        if versioned.version == 0:
            return
        key = (tenant, noun, stream)
        known = self._cache.get(key)
        newer = versioned if known is None or known.version < versioned.version else known
        _keep(self._cache, key, newer, self._cache_size)

    async def load(self, database: Database, tenant: UUID, noun: str, stream: UUID) -> Versioned:
        """The state as it is now, of a stream that is not cached, in one round trip."""
        try:
            async with database.tenants.acquire() as connection:
                rows = await connection.fetch(
                    "select * from load_stream($1, $2, $3)", tenant, stream, self._snapshot_topics[noun]
                )
        except CONNECTION_LOST:  # a transaction is begun anew where the pool's connection turns out dead
            async with database.tenant_transaction(tenant, read_only=True) as connection:
                return await self.read(connection, tenant, noun, stream)
        known = ABSENT
        if rows and rows[0]["stream_topic"] == self._snapshot_topics[noun]:
            version, _, state = rows.pop(0)
            self._weigh(tenant, noun, stream, state)
            known = Versioned(self._snapshot_decoders[noun].decode(state), version)
        current = await self._folded(noun, known, [(version, topic, stored) for version, topic, stored in rows])
        self.remember(tenant, noun, stream, current)
        return current

    async def read(self, connection: Connection, tenant: UUID, noun: str, stream: UUID) -> Versioned:
        """The state as of this transaction."""
        known = self.cached(tenant, noun, stream) or await self._snapshot(connection, tenant, noun, stream)
        rows = await select_stream(connection, tenant, stream, after=known.version)
        current = await self._folded(noun, known, _placed(rows))
        self.remember(tenant, noun, stream, current)
        return current

    async def read_many(
        self, connection: Connection, tenant: UUID, streams: Sequence[tuple[str, UUID]]
    ) -> dict[UUID, Versioned]:
        """The states of several streams as of this transaction, in one query, or two where some are not cached."""
        known = {stream: self.cached(tenant, noun, stream) or ABSENT for noun, stream in streams}
        fresh = {stream: noun for noun, stream in streams if known[stream] is ABSENT}
        known |= await self._snapshots(connection, tenant, fresh)
        rows = _by_stream(
            await select_streams(connection, tenant, {stream: each.version for stream, each in known.items()})
        )
        found = {}
        for noun, stream in streams:
            found[stream] = await self._folded(noun, known[stream], _placed(rows.get(stream, [])))
            self.remember(tenant, noun, stream, found[stream])
        return found

    async def read_right_after(
        self, connection: Connection, tenant: UUID, events: Sequence[tuple[str, UUID, int]]
    ) -> dict[tuple[UUID, int], State | None]:
        """The states of streams right after events of theirs, given as noun, stream and version, in few queries.

        Whoever follows the ledger asks for later and later versions: each stream is folded on from where it was last
        asked for, so that following costs the same however long a stream has grown.
        """
        first: dict[UUID, int] = {}
        last: dict[UUID, int] = {}
        for _, stream, version in events:
            first[stream] = min(version, first.get(stream, version))
            last[stream] = max(version, last.get(stream, version))
        nouns = {stream: noun for noun, stream, _ in events}
        known = {stream: self._followed(tenant, noun, stream, first[stream]) for stream, noun in nouns.items()}
        fresh = {stream: noun for stream, noun in nouns.items() if known[stream] is ABSENT}
        snapshots = await self._snapshots(connection, tenant, fresh)
        known |= {stream: each for stream, each in snapshots.items() if each.version <= first[stream]}
        rows = await select_streams(connection, tenant, {s: each.version for s, each in known.items()}, last)
        asked = {(stream, version) for _, stream, version in events}
        # the trail is not touched meanwhile: what is folded is this call's own
        if len(rows) <= FOLDED_HERE:
            found = self._fold_on(nouns, known, rows, asked)
        else:
            found = await asyncio.to_thread(self._fold_on, nouns, known, rows, asked)
        for stream, noun in nouns.items():
            _keep(self._trail, (tenant, noun, stream), known[stream], self._cache_size)
        return found

    def _fold_on(
        self,
        nouns: Mapping[UUID, str],
        known: dict[UUID, Versioned],
        rows: Sequence[StoredRow],
        asked: Container[tuple[UUID, int]],
    ) -> dict[tuple[UUID, int], State | None]:
        """Fold streams on, in place; the states that they begin with, and those at the versions asked for."""
        found = {(stream, each.version): each.state for stream, each in known.items()}
        for row in rows:
            stream = row.originator_id
            known[stream] = self._fold(nouns[stream], known[stream], _placed([row]))
            # of the many that may lie between two events asked for, none outlives the next one
            if (stream, row.originator_version) in asked:
                found[stream, row.originator_version] = known[stream].state
        return found

    def _followed(self, tenant: UUID, noun: str, stream: UUID, version: int) -> Versioned:
        """What was last asked for of a stream, unless that was later than a version."""
        found = self._trail.get((tenant, noun, stream), ABSENT)
        return found if found.version <= version else ABSENT

    async def read_as_of(
        self, connection: Connection, tenant: UUID, noun: str, stream: UUID, as_of: datetime | int
    ) -> Versioned:
        """The state as it stood at an instant, or after a position of the tenant's order."""
        rows = await select_stream(connection, tenant, stream)
        rows = [row for row in rows if row.position <= as_of] if isinstance(as_of, int) else recorded_by(rows, as_of)
        return await self._folded(noun, ABSENT, _placed(rows))

    def snapshot_is_due(self, tenant: UUID, noun: str, stream: UUID, before: int, after: int) -> bool:
        """Whether an append took a stream past a mark of its snapshots, by the size of the last one known here."""
        return snapshot_is_due(before, after, self._sizes.get((tenant, noun, stream), 0))

    async def write_snapshot(
        self, database: Database, tenant: UUID, noun: str, stream: UUID, versioned: Versioned
    ) -> None:
        """Store a snapshot and drop the stream's older ones."""
        state = as_json(versioned.state)
        self._weigh(tenant, noun, stream, state)
        async with database.tenant_transaction(tenant) as connection:
            await connection.execute(
                "insert into snapshots (tenant_id, originator_id, originator_version, topic, state)"
                " values ($1, $2, $3, $4, $5) on conflict do nothing",
                tenant,
                stream,
                versioned.version,
                self._snapshot_topics[noun],
                state,
            )
            await connection.execute(
                "delete from snapshots where tenant_id = $1 and originator_id = $2 and originator_version < $3",
                tenant,
                stream,
                versioned.version,
            )

    async def _snapshot(self, connection: Connection, tenant: UUID, noun: str, stream: UUID) -> Versioned:
        return (await self._snapshots(connection, tenant, {stream: noun})).get(stream, ABSENT)

    async def _snapshots(
        self, connection: Connection, tenant: UUID, streams: Mapping[UUID, str]
    ) -> dict[UUID, Versioned]:
        """The newest snapshots of streams, of those that have one in the shape of today."""
        if not streams:
            return {}
        rows = await connection.fetch(
            "select distinct on (originator_id) originator_id, originator_version, topic, state from snapshots"
            " where tenant_id = $1 and originator_id = any ($2) order by originator_id, originator_version desc",
            tenant,
            list(streams),
        )
        found = {}
        for row in rows:
            noun = streams[row["originator_id"]]
            if row["topic"] == self._snapshot_topics[noun]:
                self._weigh(tenant, noun, row["originator_id"], row["state"])
                state = self._snapshot_decoders[noun].decode(row["state"])
                found[row["originator_id"]] = Versioned(state, row["originator_version"])
        return found

    def _weigh(self, tenant: UUID, noun: str, stream: UUID, state: bytes) -> None:
        """Note how large a stream's snapshot is."""
        _keep(self._sizes, (tenant, noun, stream), len(state), self._cache_size)

    async def _folded(self, noun: str, known: Versioned, rows: Sequence[Place]) -> Versioned:
        """Fold stored events without holding up everybody else on the loop, however many they are."""
        if len(rows) <= FOLDED_HERE:
            return self._fold(noun, known, rows)
        return await asyncio.to_thread(self._fold, noun, known, rows)

    def _fold(self, noun: str, known: Versioned, rows: Sequence[Place]) -> Versioned:
        """Fold stored events; one of another noun means that the id is not one of this noun's streams."""
        if not rows:
            return known
        decider, prefix = self._deciders[noun], f"{noun}."
        if not rows[0][1].startswith(prefix):
            return ABSENT
        state = known.state
        for _, topic, stored in rows:
            state = decider.evolve(state, self._mapper.decode(topic, stored))
        return Versioned(state, rows[-1][0])


def _placed(rows: Sequence[StoredRow]) -> list[Place]:
    return [(row.originator_version, row.topic, row.state) for row in rows]


def _by_stream(rows: Sequence[StoredRow]) -> dict[UUID, list[StoredRow]]:
    found: dict[UUID, list[StoredRow]] = {}
    for row in rows:
        found.setdefault(row.originator_id, []).append(row)
    return found


def _keep(cache: OrderedDict[tuple[UUID, str, UUID], T], key: tuple[UUID, str, UUID], value: T, size: int) -> None:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > size:
        cache.popitem(last=False)


def snapshot_is_due(before: int, after: int, size: int) -> bool:
    """Whether an append crossed a mark: a multiple of `SNAPSHOT_EVERY` that is doubled until it pays for the size.

    ``size`` is how many bytes the last snapshot took, 0 where that is not known.
    """
    apart = SNAPSHOT_EVERY
    while apart * SNAPSHOT_BYTES_AN_EVENT < size:
        apart *= 2
    return before // apart != after // apart


def _snapshot_topic(decider: Decider[Any]) -> str:
    """Names the shape of a state, so that a snapshot of another shape is passed over and folded anew."""
    shape = canonical(msgspec.json.schema(decider.state))
    return f"{decider.noun}:{hashlib.sha256(shape).hexdigest()[:16]}"
