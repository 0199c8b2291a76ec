"""Group commit: concurrent appends of one tenant in one process share a transaction, each with its own outcome.

A tenant's commits are serial (its ledger row is locked), so while one batch is on its way the next one gathers.
A lost connection is resolved by asking whether the events are there, never by blind retry.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from uuid import UUID

import structlog

from infra.database import BAD_INPUT, CONNECTION_LOST, NOTHING_DONE, Database
from infra.eventstore import append_on
from infra.recordings import Appended, Outcome, Recording, StoreBusy, StoreUnavailable

log = structlog.get_logger(__name__)

MAX_BATCH = 256
MAX_PENDING = 20_000
RESOLVE_FOR_S = 30.0
"""How long the database may stay away before the callers of an interrupted batch are told that it is unavailable."""
RESOLVE_PAUSE_S = 0.1
RESOLVE_PAUSE_MAX_S = 1.0


class _Waiting:
    """A recording and the future that its caller waits on."""

    __slots__ = ("future", "recording", "streams")

    def __init__(self, recording: Recording, future: asyncio.Future[Outcome]) -> None:
        self.recording = recording
        self.streams = recording.streams
        self.future = future


class GroupCommit:
    """The append queue of one process.

    ``lanes`` batches of one tenant, of at most ``max_batch`` recordings, may be on their way at once while at
    most ``max_pending`` recordings wait.
    """

    def __init__(
        self, database: Database, *, max_batch: int = MAX_BATCH, max_pending: int = MAX_PENDING, lanes: int = 2
    ) -> None:
        self._database = database
        self._max_batch = max_batch
        self._max_pending = max_pending
        self._lanes = lanes
        self._pending: dict[UUID, deque[_Waiting]] = {}
        self._running: dict[UUID, int] = {}
        self._in_flight: dict[UUID, set[UUID]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def append(self, tenant: UUID, recording: Recording) -> Outcome:
        """Append one recording together with whatever else waits; answers with its own outcome.

        Raises `StoreBusy` when too much is waiting or the database gave the append up, `StoreUnavailable` when it
        stays away, and the database's own error for a value that it cannot take.
        """
        queue = self._pending.setdefault(tenant, deque())
        if len(queue) >= self._max_pending:
            raise StoreBusy
        waiting = _Waiting(recording, asyncio.get_running_loop().create_future())
        queue.append(waiting)
        self._start_lane(tenant)
        # shielded: a caller that goes away must not take the others of its batch along
        return await asyncio.shield(waiting.future)

    async def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _start_lane(self, tenant: UUID) -> None:
        if self._running.get(tenant, 0) >= self._lanes:
            return
        self._running[tenant] = self._running.get(tenant, 0) + 1
        task = asyncio.get_running_loop().create_task(self._lane(tenant))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _lane(self, tenant: UUID) -> None:
        # one turn of the loop lets callers that are ready together gather into one batch
        await asyncio.sleep(0)
        try:
            while batch := self._take(tenant):
                await self._commit(tenant, batch)
                for waiting in batch:
                    self._in_flight[tenant] -= waiting.streams
        finally:
            self._running[tenant] -= 1
            if not self._running[tenant]:
                del self._running[tenant]
                self._in_flight.pop(tenant, None)
                if not self._pending.get(tenant):
                    self._pending.pop(tenant, None)

    def _take(self, tenant: UUID) -> list[_Waiting]:
        """The next batch: no stream twice, none that is on its way, a change of configuration alone."""
        queue = self._pending.get(tenant)
        if not queue:
            return []
        taken: list[_Waiting] = []
        busy = self._in_flight.setdefault(tenant, set())
        skipped: list[_Waiting] = []
        while queue and len(taken) < self._max_batch:
            waiting = queue.popleft()
            if not busy.isdisjoint(waiting.streams):
                skipped.append(waiting)
                continue
            if waiting.recording.configures and taken:
                queue.appendleft(waiting)
                break
            taken.append(waiting)
            busy |= waiting.streams
            if waiting.recording.configures:
                break
        queue.extendleft(reversed(skipped))
        return taken

    async def _commit(self, tenant: UUID, batch: Sequence[_Waiting]) -> None:
        recordings = [waiting.recording for waiting in batch]
        try:
            outcomes = await self._append(tenant, recordings)
        except BAD_INPUT as error:
            await self._commit_singly(tenant, batch, error)
            return
        except CONNECTION_LOST as lost:
            await self._resolve(tenant, batch, lost)
            return
        except NOTHING_DONE as error:
            for waiting in batch:
                _fail(waiting, StoreBusy(str(error)))
            return
        except BaseException as error:  # each caller must hear of what befell its batch
            for waiting in batch:
                _fail(waiting, error)
            if not isinstance(error, Exception):
                raise
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            _answer(waiting, outcome)

    async def _append(self, tenant: UUID, recordings: Sequence[Recording]) -> list[Outcome]:
        async with self._database.tenants.acquire() as connection:
            return await append_on(connection, tenant, recordings)

    async def _commit_singly(self, tenant: UUID, batch: Sequence[_Waiting], error: Exception) -> None:
        """One recording cannot be stored, or shares its key with another: find out which, one by one."""
        if len(batch) == 1:
            _fail(batch[0], error)
            return
        for waiting in batch:
            await self._commit(tenant, [waiting])

    async def _resolve(self, tenant: UUID, batch: Sequence[_Waiting], lost: Exception) -> None:
        """Ask what became of an interrupted batch and send again only what is surely not there.

        Should the interrupted statement still commit after we asked, its stream versions make the second
        attempt a conflict, and asking again finds the events.
        """
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + RESOLVE_FOR_S
        pause = RESOLVE_PAUSE_S
        log.warning("append_interrupted", tenant=str(tenant), recordings=len(batch), error=type(lost).__name__)
        unavailable: StoreUnavailable | None = None
        for waiting in batch:
            while not waiting.future.done():
                if unavailable:
                    _fail(waiting, unavailable)
                    break
                try:
                    _answer(waiting, await self._settle(tenant, waiting.recording))
                    give_up_at, pause = loop.time() + RESOLVE_FOR_S, RESOLVE_PAUSE_S
                except BAD_INPUT as error:
                    _fail(waiting, error)
                except (*CONNECTION_LOST, *NOTHING_DONE) as error:
                    if loop.time() > give_up_at:
                        unavailable = StoreUnavailable(str(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, RESOLVE_PAUSE_MAX_S)
                except Exception as error:  # noqa: BLE001 - the caller must hear of it, the others go on
                    _fail(waiting, error)

    async def _settle(self, tenant: UUID, recording: Recording) -> Outcome:
        """Find the recording, or append it; a refusal may mean that its first attempt has arrived meanwhile."""
        found = await self._find(tenant, recording)
        if found is not None:
            return found
        [outcome] = await self._append(tenant, [recording])
        if isinstance(outcome, Appended):
            return outcome
        return await self._find(tenant, recording) or outcome

    async def _find(self, tenant: UUID, recording: Recording) -> Outcome | None:
        """Where a recording stands, told by its first event's place and its own metadata."""
        first = recording.events[0]
        async with self._database.tenant_transaction(tenant, read_only=True) as connection:
            position = await connection.fetchval(
                "select position from events where tenant_id = $1 and originator_id = $2"
                " and originator_version = $3 and metadata = $4",
                tenant,
                first.originator_id,
                first.originator_version,
                recording.metadata,
            )
        return None if position is None else Appended(position, position + len(recording.events) - 1)


def _answer(waiting: _Waiting, outcome: Outcome) -> None:
    if not waiting.future.done():
        waiting.future.set_result(outcome)


def _fail(waiting: _Waiting, error: BaseException) -> None:
    if not waiting.future.done():
        waiting.future.set_exception(error)
