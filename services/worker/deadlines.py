"""Fires a tenant's deadlines: each passed one sends its command to its stream, once.

Claim, resulting events and the rows' end are one transaction. The first attempt takes no lock that commands wait for;
what another append overtook, and what ends without an event, is taken up again with the ledger locked.
"""

import secrets
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from domain.kernel import Refusal
from infra import deadlines
from infra.claims import claim, read_ledger
from infra.database import Connection
from infra.deadlines import DueRow
from infra.recordings import Appended, Clash
from infra.states import ABSENT, Versioned
from services.runtime.commands import ENTROPY_BYTES
from services.runtime.recording import decode_command
from services.worker.sending import Sending, read_states
from services.worker.work import KeepGoing, Work, always

log = structlog.get_logger(__name__)

BATCH = 200


class _Batch(msgspec.Struct):
    """What becomes of the rows of one transaction."""

    sent: list[DueRow]
    done: list[DueRow]
    moved: list[tuple[DueRow, datetime]]
    failed: list[tuple[DueRow, str]]

    @property
    def unchecked(self) -> int:
        """Rows whose end no append has checked."""
        return len(self.done) + len(self.moved) + len(self.failed)


class _Fired(msgspec.Struct, frozen=True):
    """How many rows were ended, and how many are to be taken up again with the ledger locked."""

    ended: int
    left: int


async def fire(work: Work, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """Fire what has passed until nothing is left or another worker is at it; the number of rows ended."""
    total, locked = 0, False
    while keep_going():
        fired = await _fire_batch(work, tenant, locked=locked)
        total += fired.ended
        if fired.ended == 0 and (locked or fired.left == 0):
            break
        locked = fired.left > 0
    return total


async def _fire_batch(work: Work, tenant: UUID, *, locked: bool) -> _Fired:
    runtime, now = work.runtime, work.runtime.clock()
    async with runtime.database.tenant_transaction(tenant) as connection:
        if await claim(connection, tenant, deadlines.TASK) is None:
            return _Fired(0, 0)
        ledger = await read_ledger(connection, tenant, locked=locked)
        if ledger is None:
            return _Fired(0, 0)
        config = await runtime.configs.at_epoch(connection, tenant, ledger.epoch)
        if not config.active:
            return _Fired(0, 0)
        rows = await deadlines.due_rows(connection, tenant, now, BATCH)
        states = await read_states(
            work, connection, tenant, [(row.noun, row.stream) for row in rows if row.noun in work.deciders]
        )
        sending = Sending(work, tenant, config, states)
        batch = _decide(work, sending, rows, dict(states), now)
        outcomes = await sending.append(connection)
        appended = sum(isinstance(outcome, Appended) for outcome in outcomes)
        if locked:
            for place, outcome in enumerate(outcomes):
                if isinstance(outcome, Clash):
                    batch.failed.append((batch.sent[place], str(sending.taken(place, outcome))))
            await _end(connection, tenant, batch, now)
    if appended == len(outcomes):
        await sending.remember()
    left = len(outcomes) - appended + (0 if locked else batch.unchecked)
    _tell(work, tenant, appended, batch, locked=locked)
    return _Fired(appended + (batch.unchecked if locked else 0), left)


def _decide(work: Work, sending: Sending, rows: list[DueRow], states: dict[UUID, Versioned], now: datetime) -> _Batch:
    """Send each row's command if its stream still owes it by then."""
    batch = _Batch([], [], [], [])
    for row in rows:
        try:
            decider = work.deciders[row.noun]
            command = decode_command(decider, row.command)
            state = states.get(row.stream, ABSENT).state
            owed = {} if state is None else {deadline.key: deadline.due_at for deadline in decider.deadlines(state)}
            due_at = owed.get(row.key)
            if due_at is None:
                batch.done.append(row)
            elif due_at != row.due_at and due_at > now:
                batch.moved.append((row, due_at))
            elif sending.send(
                row.noun,
                row.stream,
                command,
                entropy=secrets.token_bytes(ENTROPY_BYTES),
                causation=f"deadline:{row.key}",
                spent=(row.key,),
            ):
                batch.sent.append(row)
                if decider.configuration:
                    break  # what follows is to be decided under the configuration that this makes
            else:
                batch.done.append(row)
        except Refusal as refusal:
            batch.failed.append((row, str(refusal)))
        except Exception as error:  # one row that cannot be decided must not hold up the others
            log.warning("deadline_broke", stream=str(row.stream), key=row.key, exc_info=True)
            batch.failed.append((row, f"{type(error).__name__}: {error}"))
    return batch


async def _end(connection: Connection, tenant: UUID, batch: _Batch, now: datetime) -> None:
    """End the rows that no append has ended."""
    if batch.done:
        await deadlines.clear(connection, tenant, batch.done)
    if batch.moved:
        await deadlines.move(connection, tenant, [row for row, _ in batch.moved], [to for _, to in batch.moved])
    if batch.failed:
        rows, failures = [row for row, _ in batch.failed], [failure for _, failure in batch.failed]
        await deadlines.fail(connection, tenant, rows, failures, now)


def _tell(work: Work, tenant: UUID, appended: int, batch: _Batch, *, locked: bool) -> None:
    if appended:
        work.metrics.fired.inc(appended)
        log.info("deadlines_fired", tenant=str(tenant), count=appended)
    if locked:
        work.metrics.fired.inc(len(batch.done))
        for row, failure in batch.failed:
            work.metrics.failed.inc()
            log.warning(
                "deadline_failed",
                tenant=str(tenant),
                noun=row.noun,
                stream=str(row.stream),
                key=row.key,
                failure=failure,
            )
