"""Appends recordings and reads events of one tenant; one round trip per append.

The contracts are the `eventsourcing` library's (insert and select of stored events, notifications in one
gap-free order, tracking), asynchronous and tenant-bound; `tests/infra` runs its conformance cases on them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from infra.database import Connection, Database
from infra.recordings import Appended, Clash, Conflict, DueDeadline, Outcome, Recording, Replayed, Stale
from infra.wire import StoredRow

_APPEND = f"select * from append_events({', '.join(f'${n}' for n in range(1, 40))})"  # noqa: S608 - placeholders only
_COLUMNS = "position, originator_id, originator_version, topic, state, metadata, recorded_at"
NEWEST = 2**31 - 1
"""A version beyond every stream's last."""


async def append_on(connection: Connection, tenant: UUID, recordings: Sequence[Recording]) -> list[Outcome]:
    """Append recordings in one statement on a connection; each gets its own outcome, in order.

    Of the recordings of a batch on one stream each but the first ``continues`` the one before: they are appended or
    refused together, so they must be of one epoch and have neither keys nor holds. Others that touch the same stream
    would violate its versions and fail the batch (``asyncpg.UniqueViolationError``).
    """
    row = await connection.fetchrow(_APPEND, tenant, *_arguments(recordings))
    if row is None:  # pragma: no cover - a function with out parameters always answers with one row
        message = "append_events returned nothing"
        raise RuntimeError(message)
    return _outcomes(row, recordings)


def _arguments(recordings: Sequence[Recording]) -> list[Any]:
    """The arrays of `append_events`, in its order; ``None`` where no recording has any."""
    keyed = any(r.idempotency for r in recordings)
    keys = [r.idempotency for r in recordings]
    events = [(n, e) for n, r in enumerate(recordings, 1) for e in r.events]
    slices = _chained(recordings)
    cleared, due = _deadlines(recordings)
    epochs = [r.epoch for r in recordings]
    return [
        epochs,
        epochs[0] if epochs.count(epochs[0]) == len(epochs) else None,
        [n for n, r in enumerate(recordings, 1) if r.configures] or None,
        [len(r.events) for r in recordings],
        [r.metadata for r in recordings],
        [r.recorded_at for r in recordings],
        [k.principal_id if k else None for k in keys] if keyed else None,
        [k.key if k else None for k in keys] if keyed else None,
        [k.body_hash if k else None for k in keys] if keyed else None,
        [k.status if k else None for k in keys] if keyed else None,
        [k.response if k else None for k in keys] if keyed else None,
        [r.events[-1].originator_version for r in recordings] if keyed else None,
        [n for n, _, _ in slices],
        [originator for _, originator, _ in slices],
        [first for _, _, first in slices],
        [n for n, _ in events],
        [e.originator_id for _, e in events],
        [e.originator_version for _, e in events],
        [e.topic for _, e in events],
        [e.state for _, e in events],
        [n for n, _, _ in cleared] if cleared else None,
        [originator for _, originator, _ in cleared] if cleared else None,
        [key for _, _, key in cleared] if cleared else None,
        [n for n, _ in due] if due else None,
        [d.originator_id for _, d in due] if due else None,
        [d.key for _, d in due] if due else None,
        [d.due_at for _, d in due] if due else None,
        [d.noun for _, d in due] if due else None,
        [d.command for _, d in due] if due else None,
        *_holdings(recordings),
    ]


def _holdings(recordings: Sequence[Recording]) -> list[Any]:
    """The arrays of what is released and held; all ``None`` where the batch has neither, the usual case."""
    if not any(r.released or r.held for r in recordings):
        return [None] * 9
    released = [(n, originator, key) for n, r in enumerate(recordings, 1) for originator, key in r.released]
    held = [(n, h) for n, r in enumerate(recordings, 1) for h in r.held]
    return [
        [n for n, _, _ in released],
        [originator for _, originator, _ in released],
        [key for _, _, key in released],
        [n for n, _ in held],
        [h.originator_id for _, h in held],
        [h.key for _, h in held],
        [h.kind for _, h in held],
        [h.resource_id for _, h in held],
        [asyncpg.Range(h.starts_at, h.ends_at) for _, h in held],
    ]


def _chained(recordings: Sequence[Recording]) -> list[tuple[int, UUID, int]]:
    """The place of each recording, its streams, and the first version that is new in each.

    Of what continues an earlier recording of the batch that is the earlier one's: both are checked by it.
    """
    found: list[tuple[int, UUID, int]] = []
    begun: dict[UUID, int] = {}
    for n, recording in enumerate(recordings, 1):
        for originator, first in _slices(recording):
            if not recording.continues:
                begun[originator] = first
            found.append((n, originator, begun[originator]))
    return found


def _deadlines(
    recordings: Sequence[Recording],
) -> tuple[list[tuple[int, UUID, str]], list[tuple[int, DueDeadline]]]:
    """What is cleared and what is due after all of them, each once, for the statement clears before it writes."""
    cleared: dict[tuple[UUID, str], int] = {}
    due: dict[tuple[UUID, str], tuple[int, DueDeadline]] = {}
    for n, recording in enumerate(recordings, 1):
        for place in recording.cleared:
            due.pop(place, None)
            cleared.setdefault(place, n)
        for one in recording.due:
            due[one.originator_id, one.key] = (n, one)
    return [(n, *place) for place, n in cleared.items()], list(due.values())


def _slices(recording: Recording) -> Iterable[tuple[UUID, int]]:
    """Each stream of a recording with the first version it gets."""
    if len(recording.events) == 1:
        event = recording.events[0]
        return ((event.originator_id, event.originator_version),)
    first: dict[UUID, int] = {}
    for event in recording.events:
        first.setdefault(event.originator_id, event.originator_version)
    return first.items()


def _outcomes(row: asyncpg.Record, recordings: Sequence[Recording]) -> list[Outcome]:
    """Each recording's outcome; positions follow from the first one and from which were refused."""
    refused = dict(zip(row["refused"], row["reasons"], strict=True))
    replays = {n: index for index, n in enumerate(row["replayed"] or ())}
    position: int = row["first_position"]
    outcomes: list[Outcome] = []
    for n, recording in enumerate(recordings, 1):
        reason = refused.get(n)
        if reason is None:
            outcomes.append(Appended(position + 1, position + len(recording.events)))
            position += len(recording.events)
        elif reason == "replayed":
            outcomes.append(_replayed(row, replays[n]))
        elif reason == "stale":
            outcomes.append(Stale(row["ledger_epoch"]))
        elif reason == "clash":
            outcomes.append(_clash(row, row["clashed"].index(n)))
        else:
            outcomes.append(Conflict())
    return outcomes


def _replayed(row: asyncpg.Record, index: int) -> Replayed:
    return Replayed(
        row["replayed_hashes"][index],
        row["replayed_statuses"][index],
        row["replayed_responses"][index],
        row["replayed_positions"][index],
        row["replayed_versions"][index],
    )


def _clash(row: asyncpg.Record, index: int) -> Clash:
    during = row["clashed_during"][index]
    return Clash(row["clashed_keys"][index], row["clashed_holders"][index], during.lower, during.upper)


async def select_stream(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection,
    tenant: UUID,
    originator: UUID,
    *,
    after: int = 0,
    up_to: int | None = None,
    newest_first: bool = False,
    limit: int | None = None,
) -> list[StoredRow]:
    """The events of a stream after a version and up to another, oldest first unless told otherwise."""
    direction = "desc" if newest_first else "asc"
    rows = await connection.fetch(
        f"select {_COLUMNS} from events where tenant_id = $1 and originator_id = $2 and originator_version > $3"  # noqa: S608
        f" and ($4::integer is null or originator_version <= $4) order by originator_version {direction} limit $5",
        tenant,
        originator,
        after,
        up_to,
        limit,
    )
    return [StoredRow(*row) for row in rows]


async def select_streams(
    connection: Connection, tenant: UUID, after: Mapping[UUID, int], up_to: Mapping[UUID, int] | None = None
) -> list[StoredRow]:
    """The events of several streams, each after its version and up to another, in position order, in one query."""
    rows = await connection.fetch(
        "select e.position, e.originator_id, e.originator_version, e.topic, e.state, e.metadata, e.recorded_at"
        " from unnest($2::uuid[], $3::integer[], $4::integer[]) as wanted (originator_id, after, up_to)"
        " join events e on e.tenant_id = $1 and e.originator_id = wanted.originator_id"
        " and e.originator_version > wanted.after and e.originator_version <= wanted.up_to order by e.position",
        tenant,
        list(after),
        list(after.values()),
        [NEWEST if up_to is None else up_to[originator] for originator in after],
    )
    return [StoredRow(*row) for row in rows]


async def select_positions(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection,
    tenant: UUID,
    *,
    after: int,
    limit: int,
    up_to: int | None = None,
    topics: Sequence[str] | None = None,
) -> list[StoredRow]:
    """The tenant's events after a position in its order, at most ``limit``; only those ``topics`` if given."""
    rows = await connection.fetch(
        f"select {_COLUMNS} from events where tenant_id = $1 and position > $2"  # noqa: S608
        " and ($4::bigint is null or position <= $4) and ($5::text[] is null or topic = any ($5))"
        " order by position limit $3",
        tenant,
        after,
        limit,
        up_to,
        topics,
    )
    return [StoredRow(*row) for row in rows]


async def advance_tracking(connection: Connection, tenant: UUID, application: str, position: int) -> bool:
    """Record in this transaction that a reader has come to a position; ``False`` if it had come so far before."""
    status = await connection.execute(
        "insert into tracking as t (tenant_id, application_name, position) values ($1, $2, $3)"
        " on conflict (tenant_id, application_name) do update set position = excluded.position"
        " where t.position < excluded.position",
        tenant,
        application,
        position,
    )
    return status == "INSERT 0 1"


async def tracked_position(connection: Connection, tenant: UUID, application: str) -> int | None:
    """The position that a reader has come to, ``None`` when it has not begun."""
    position: int | None = await connection.fetchval(
        "select position from tracking where tenant_id = $1 and application_name = $2", tenant, application
    )
    return position


async def ledger_position(database: Database, tenant: UUID) -> tuple[int, int]:
    """The position of the tenant's last event, and its configuration epoch."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        row = await connection.fetchrow("select position, epoch from ledger where tenant_id = $1", tenant)
    if row is None:
        message = f"no such tenant: {tenant}"
        raise LookupError(message)
    return row["position"], row["epoch"]


async def absent_streams(connection: Connection, tenant: UUID, originators: Sequence[UUID]) -> list[int]:
    """The places of those streams that the tenant does not have."""
    rows = await connection.fetch(
        "select originator_id from events where tenant_id = $1 and originator_id = any ($2) and originator_version = 1",
        tenant,
        originators,
    )
    there = {row["originator_id"] for row in rows}
    return [place for place, originator in enumerate(originators) if originator not in there]
