"""Runs a tenant's reactions: what happened on one stream becomes commands on others, each once.

The events that the commands cause, the refusals, and the reactions' position are one transaction. What a command makes
new (ids, draws) follows from its cause, so that a transaction that is taken up again comes to the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import asyncpg
import msgspec
import structlog

from domain.kernel import Cause, Dispatch, Event, Reaction, Refusal, State
from infra.claims import claim, read_ledger
from infra.database import CONNECTION_LOST, NOTHING_DONE, Connection
from infra.discovery import REACTIONS
from infra.eventstore import advance_tracking
from infra.recordings import Appended, Clash
from infra.wire import Metadata
from services.runtime.recording import encode_command
from services.worker.following import decoded, place_of
from services.worker.sending import Sending, read_states
from services.worker.work import KeepGoing, Work, always

log = structlog.get_logger(__name__)

BATCH = 200
"""Positions answered in one transaction."""

_EVENTS = (
    "select position, originator_id, originator_version, topic, state, metadata from events"
    " where tenant_id = $1 and position > $2 and position <= $3 and topic = any ($4) order by position"
)


class _Answer(msgspec.Struct, frozen=True):
    """A command that a reaction sends, with its cause."""

    reaction: str
    position: int
    ordinal: int
    dispatch: Dispatch
    entropy: bytes
    correlation: str | None
    by_day: bool

    @property
    def place(self) -> "_Place":
        """What it is the answer of."""
        return self.reaction, self.position, self.ordinal


_Place = tuple[str, int, int]
"""A reaction, a position and the ordinal of an answer there."""


class _Refused(msgspec.Struct, frozen=True):
    answer: _Answer
    refusal: Refusal


class _Clashed(Exception):  # noqa: N818 - not a fault: to be done again without the answer that can not be had
    """With the ledger locked, the store refused an answer's reservation."""

    def __init__(self, place: "_Place", refusal: Refusal) -> None:
        self.place = place
        self.refusal = refusal


class _Overtaken(Exception):  # noqa: N818 - not a fault: to be done again with the ledger locked
    """Another append came first, or something was decided that only a locked ledger makes certain."""


async def react(work: Work, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """Answer events until the reactions stand at the ledger's position; the number of positions passed.

    Returns at once while another worker is at it. An event that cannot be answered (a fault in the code, not a
    refusal) is raised, after all events before it have been answered; the reactions stay before it.
    """
    total, limit = 0, BATCH
    while keep_going():
        try:
            passed = await _react_batch(work, tenant, limit)
        except (*CONNECTION_LOST, *NOTHING_DONE):
            raise
        except Exception:
            if limit == 1:
                raise
            limit = 1
            continue
        if passed == 0:
            break
        total += passed
        work.metrics.reacted.inc(passed)
    return total


async def _react_batch(work: Work, tenant: UUID, limit: int) -> int:
    barred: dict[_Place, Refusal] = {}
    with suppress(_Overtaken):
        return await _attempt(work, tenant, limit, barred, locked=False)
    while True:  # each turn bars one more answer of the batch
        try:
            return await _attempt(work, tenant, limit, barred, locked=True)
        except _Clashed as clashed:
            barred[clashed.place] = clashed.refusal


async def _attempt(work: Work, tenant: UUID, limit: int, barred: Mapping[_Place, Refusal], *, locked: bool) -> int:
    runtime = work.runtime
    async with runtime.database.tenant_transaction(tenant) as connection:
        after = await claim(connection, tenant, REACTIONS)
        if after is None:
            return 0
        ledger = await read_ledger(connection, tenant, locked=locked)
        if ledger is None or after >= ledger.position:
            return 0
        config = await runtime.configs.at_epoch(connection, tenant, ledger.epoch)
        if not config.active:
            return 0
        to = min(after + limit, ledger.position)
        answers = await _answers(work, connection, tenant, after, to)
        states = await read_states(work, connection, tenant, [(a.dispatch.noun, a.dispatch.stream_id) for a in answers])
        sending = Sending(work, tenant, config, states)
        to, refused, sent, idle = _decide(work, sending, answers, to, barred)
        if (refused or idle) and not locked:
            raise _Overtaken
        outcomes = await sending.append(connection)
        for place, outcome in enumerate(outcomes):
            if locked and isinstance(outcome, Clash):
                raise _Clashed(sent[place].place, sending.taken(place, outcome))
        if not all(isinstance(outcome, Appended) for outcome in outcomes):
            raise _Overtaken
        await _record_refusals(work, connection, tenant, refused)
        await advance_tracking(connection, tenant, REACTIONS, to)
    await sending.remember()
    for one in refused:
        work.metrics.refused.labels(one.answer.reaction, one.refusal.code).inc()
    return to - after


async def _answers(work: Work, connection: Connection, tenant: UUID, after: int, to: int) -> list[_Answer]:
    """What the reactions send because of the events of a range."""
    mapper = work.runtime.mapper
    topics = {mapper.topic(event) for event in work.reactions} | mapper.older_topics
    rows = list(decoded(work, await connection.fetch(_EVENTS, tenant, after, to, sorted(topics))))
    seen = [place_of(row) for row, event in rows if _asks_for_state(work.reactions.get(type(event), ()), event)]
    states = await work.runtime.states.read_right_after(connection, tenant, seen) if seen else {}
    return [answer for row, event in rows for answer in _answers_to(work, tenant, row, event, states)]


def _asks_for_state(reactions: Sequence[Reaction], event: Event) -> bool:
    return any(reaction.with_state and reaction.when(event) for reaction in reactions)


def _answers_to(
    work: Work, tenant: UUID, row: asyncpg.Record, event: Event, states: Mapping[tuple[UUID, int], State | None]
) -> list[_Answer]:
    stream, version, position = row["originator_id"], row["originator_version"], row["position"]
    cause = Cause(stream_id=stream, stream_version=version, position=position)
    reactions, state = work.reactions.get(type(event), ()), states.get((stream, version))
    known = msgspec.json.decode(row["metadata"], type=Metadata)
    answers = []
    for reaction in reactions:
        for ordinal, dispatch in enumerate(reaction.answer(event, cause, state)):
            place = f"{tenant}:{reaction.name}:{position}:{ordinal}".encode()
            # the cause's metadata holds its random command id: the result is the same each time, yet not to be foreseen
            entropy = hashlib.sha256(row["metadata"] + place).digest()
            answers.append(
                _Answer(reaction.name, position, ordinal, dispatch, entropy, known.correlation, by_day=known.by_day)
            )
    return answers


def _decide(
    work: Work, sending: Sending, answers: Sequence[_Answer], to: int, barred: Mapping[_Place, Refusal]
) -> tuple[int, list[_Refused], list[_Answer], int]:
    """Send each command; how far that came, the refusals, those that caused events, and how many had nothing to do."""
    refused: list[_Refused] = []
    sent: list[_Answer] = []
    idle = 0
    configured = to
    for answer in answers:
        if answer.position > configured:
            break
        dispatch = answer.dispatch
        if answer.place in barred:
            refused.append(_Refused(answer, barred[answer.place]))
            continue
        try:
            caused = sending.send(
                dispatch.noun,
                dispatch.stream_id,
                dispatch.command,
                entropy=answer.entropy,
                causation=f"reaction:{answer.reaction}:{answer.position}",
                correlation=answer.correlation,
                by_day=answer.by_day,
            )
        except Refusal as refusal:
            refused.append(_Refused(answer, refusal))
            continue
        if caused:
            sent.append(answer)
        idle += not caused
        if caused and work.deciders[dispatch.noun].configuration:
            configured = answer.position  # later events are answered under the configuration that this makes
    return configured, refused, sent, idle


async def _record_refusals(work: Work, connection: Connection, tenant: UUID, refused: Sequence[_Refused]) -> None:
    if not refused:
        return
    now = work.runtime.clock()
    await connection.executemany(
        "insert into reaction_refusals"
        " (tenant_id, reaction, position, ordinal, noun, originator_id, code, message, command, recorded_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
        [
            (
                tenant,
                one.answer.reaction,
                one.answer.position,
                one.answer.ordinal,
                one.answer.dispatch.noun,
                one.answer.dispatch.stream_id,
                one.refusal.code,
                f"{one.refusal.text.zh} {one.refusal.text.en}",
                encode_command(one.answer.dispatch.command),
                now,
            )
            for one in refused
        ],
    )
