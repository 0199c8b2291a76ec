"""The `eventsourcing` library's recorders, asynchronous and bound to one tenant.

Method names, arguments, results and exceptions are those of the library's ``ApplicationRecorder``,
``TrackingRecorder``, ``ProcessRecorder`` and, for snapshots, ``AggregateRecorder``. A notification's id is the
event's position in the tenant's order. Beyond the library's contract, a stream here has no gaps: its first version
is at most 1, each next one follows, and anything else is an ``IntegrityError``.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self
from uuid import UUID, uuid4

import asyncpg
from eventsourcing import persistence
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Tracking

from infra.database import BAD_INPUT, CONNECTION_LOST, NOTHING_DONE, Connection, Database
from infra.eventstore import (
    advance_tracking,
    append_on,
    ledger_position,
    select_positions,
    select_stream,
    tracked_position,
)
from infra.group_commit import GroupCommit
from infra.recordings import Appended, NewEvent, Outcome, Recording, StoreBusy, StoreUnavailable
from infra.wire import Metadata, StoredRow, canonical

FROM_THE_START = -1
"""A version below every stream's first; the library's own streams may begin at 0."""
SUBSCRIPTION_BATCH = 500
SUBSCRIPTION_PAUSE_S = 0.05


class Recorder:
    """The events of one tenant, and how far readers of them have come."""

    def __init__(self, database: Database, appends: GroupCommit, tenant: UUID) -> None:
        self._database = database
        self._appends = appends
        self.tenant = tenant

    async def insert_events(
        self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, metadata: bytes | None = None
    ) -> list[int]:
        """Append events together or not at all and return their positions; with ``tracking``, that too.

        ``metadata`` must be unique to this call; without it one is made. After an ``OperationalError`` of a call
        with ``tracking``, `max_tracking_id` tells whether it was done.
        """
        async with library_errors():
            if not stored_events:
                if tracking is not None:
                    await self.insert_tracking(tracking)
                return []
            recording = Recording(
                events=[_new_event(event) for event in stored_events],
                metadata=metadata or canonical(Metadata(command_id=uuid4(), command="insert", actor_kind="system")),
                recorded_at=datetime.now(UTC),
            )
            _require_contiguous(recording.events)
            if tracking is None:
                appended = _require_appended(await self._appends.append(self.tenant, recording))
            else:
                async with self._database.tenant_transaction(self.tenant) as connection:
                    [outcome] = await append_on(connection, self.tenant, [recording])
                    appended = _require_appended(outcome)
                    await self.advance(connection, tracking)
        return list(range(appended.first_position, appended.last_position + 1))

    async def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """The events of a stream after version ``gt`` and up to version ``lte``."""
        async with library_errors(), self._database.tenant_transaction(self.tenant, read_only=True) as connection:
            rows = await select_stream(
                connection,
                self.tenant,
                _uuid(originator_id),
                after=FROM_THE_START if gt is None else gt,
                up_to=lte,
                newest_first=desc,
                limit=limit,
            )
        return [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]

    async def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        """The tenant's events from (or after) position ``start`` up to ``stop``, at most ``limit``, in order."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        async with library_errors(), self._database.tenant_transaction(self.tenant, read_only=True) as connection:
            rows = await select_positions(
                connection, self.tenant, after=after, limit=limit, up_to=stop, topics=list(topics) or None
            )
        return [_notification(row) for row in rows]

    async def max_notification_id(self) -> int | None:
        """The position of the tenant's last event."""
        async with library_errors():
            position, _ = await ledger_position(self._database, self.tenant)
        return position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "Subscription":
        """The tenant's events after position ``gt``, those recorded and then those to come."""
        return Subscription(self, gt or 0, topics)

    async def insert_tracking(self, tracking: Tracking) -> None:
        """Record that a reader has come to a position, which must be beyond the one it had come to."""
        async with library_errors(), self._database.tenant_transaction(self.tenant) as connection:
            await self.advance(connection, tracking)

    async def max_tracking_id(self, application_name: str) -> int | None:
        """The position that a reader has come to."""
        async with library_errors(), self._database.tenant_transaction(self.tenant, read_only=True) as connection:
            return await tracked_position(connection, self.tenant, application_name)

    async def has_tracking_id(self, application_name: str, notification_id: int | None) -> bool:
        """Whether a reader has come to a position."""
        if notification_id is None:
            return True
        tracked = await self.max_tracking_id(application_name)
        return tracked is not None and tracked >= notification_id

    async def advance(self, connection: Connection, tracking: Tracking) -> None:
        """The same in a transaction of the caller's, together with what the reader has written."""
        if not await advance_tracking(connection, self.tenant, tracking.application_name, tracking.notification_id):
            raise IntegrityError(f"{tracking.application_name} had come to {tracking.notification_id} before")


class SnapshotRecorder:
    """The snapshots of one tenant's streams; unlike events, their versions have gaps and positions they have none."""

    def __init__(self, database: Database, tenant: UUID) -> None:
        self._database = database
        self.tenant = tenant

    async def insert_events(self, stored_events: Sequence[StoredEvent]) -> None:
        """Store snapshots together or not at all."""
        async with library_errors(), self._database.tenant_transaction(self.tenant) as connection:
            await connection.executemany(
                "insert into snapshots (tenant_id, originator_id, originator_version, topic, state)"
                " values ($1, $2, $3, $4, $5)",
                [(self.tenant, _uuid(s.originator_id), s.originator_version, s.topic, s.state) for s in stored_events],
            )

    async def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """The snapshots of a stream after version ``gt`` and up to version ``lte``."""
        async with library_errors(), self._database.tenant_transaction(self.tenant, read_only=True) as connection:
            rows = await connection.fetch(
                "select originator_id, originator_version, topic, state from snapshots"  # noqa: S608
                " where tenant_id = $1 and originator_id = $2 and originator_version > $3"
                " and ($4::integer is null or originator_version <= $4)"
                f" order by originator_version {'desc' if desc else 'asc'} limit $5",
                self.tenant,
                _uuid(originator_id),
                FROM_THE_START if gt is None else gt,
                lte,
                limit,
            )
        return [StoredEvent(*row) for row in rows]


class Subscription:
    """The tenant's events after a position, without end until `stop`; the ledger is asked for what is new."""

    def __init__(self, recorder: Recorder, after: int, topics: Sequence[str]) -> None:
        self._recorder = recorder
        self._after = after
        self._topics = topics
        self._ready: deque[Notification] = deque()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End the iteration, also one that waits."""
        self._stopped.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Notification:
        while not self._stopped.is_set():
            if self._ready:
                return self._ready.popleft()
            last = await self._recorder.max_notification_id() or 0
            if last > self._after:
                await self._pull(last)
            else:
                await self._pause()
        raise StopAsyncIteration

    async def _pull(self, last: int) -> None:
        found = await self._recorder.select_notifications(
            self._after, SUBSCRIPTION_BATCH, last, self._topics, inclusive_of_start=False
        )
        self._ready.extend(found)
        # positions have no gaps: with less than a full batch, nothing up to `last` is still to come
        self._after = found[-1].id if len(found) == SUBSCRIPTION_BATCH else last

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), SUBSCRIPTION_PAUSE_S)
        except TimeoutError:
            return


@asynccontextmanager
async def library_errors() -> AsyncIterator[None]:
    """Raise the library's exception for what the database or the store said."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise IntegrityError(str(error)) from error
    except BAD_INPUT as error:
        raise persistence.DataError(str(error)) from error
    except (*CONNECTION_LOST, *NOTHING_DONE, StoreBusy, StoreUnavailable) as error:
        raise persistence.OperationalError(str(error)) from error
    except (asyncpg.SyntaxOrAccessError, asyncpg.NoDataFoundError, LookupError) as error:
        raise persistence.ProgrammingError(str(error)) from error
    except asyncpg.PostgresError as error:
        raise persistence.DatabaseError(str(error)) from error


def _require_appended(outcome: Outcome) -> Appended:
    if not isinstance(outcome, Appended):
        raise IntegrityError(f"a stream has moved on: {outcome}")
    return outcome


def _require_contiguous(events: Sequence[NewEvent]) -> None:
    """The store checks the first version of each stream; the following ones are checked here."""
    last: dict[UUID, int] = {}
    for event in events:
        before = last.get(event.originator_id)
        if before is not None and event.originator_version != before + 1:
            raise IntegrityError(f"version {event.originator_version} of {event.originator_id} follows {before}")
        last[event.originator_id] = event.originator_version


def _new_event(event: StoredEvent) -> NewEvent:
    return NewEvent(_uuid(event.originator_id), event.originator_version, event.topic, event.state)


def _notification(row: StoredRow) -> Notification:
    return Notification(row.originator_id, row.originator_version, row.topic, row.state, row.position)


def _uuid(originator_id: UUID | str) -> UUID:
    if isinstance(originator_id, UUID):
        return originator_id
    try:
        return UUID(originator_id)
    except ValueError as error:
        raise persistence.DataError(f"a stream is named by a UUID, not by {originator_id!r}") from error
