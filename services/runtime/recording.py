"""From a decision to what is appended: bytes, metadata, and the difference in what the stream owes."""

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Command, Context, Deadline, Decider, Event, Refusal, Reservation, State, command_name
from infra.recordings import Clash, DueDeadline, Hold, IdempotencyKey, NewEvent, Recording
from infra.states import Versioned
from infra.wire import EventMapper, Metadata, canonical


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A command, what it was decided on, and the events that it causes."""

    decider: Decider[Any]
    stream: UUID
    before: Versioned
    command: Command
    events: tuple[Event, ...]
    context: Context
    epoch: int | None
    correlation: str | None = None
    causation: str | None = None
    by_day: bool = False
    """Whether an event caused it of which the day alone is kept."""


def to_recording(
    mapper: EventMapper, decision: Decision, idempotency: IdempotencyKey | None = None, spent: Sequence[str] = ()
) -> tuple[Recording, Versioned]:
    """The recording of a decision with at least one event, and the state after it.

    ``spent`` names deadlines of the stream that are done with whatever the new state says of them.
    """
    decider, before, context = decision.decider, decision.before, decision.context
    state, by_day = _folded(decision)
    after = Versioned(state, before.version + len(decision.events))
    events = [
        NewEvent(decision.stream, version, *mapper.encode(event))
        for version, event in enumerate(decision.events, before.version + 1)
    ]
    owed_before, owed_after = _owed(decider, before.state), _owed(decider, after.state)
    cleared = {key for key in owed_before if key not in owed_after} | set(spent)
    due = [
        DueDeadline(decision.stream, key, deadline.due_at, decider.noun, encode_command(deadline.command))
        for key, deadline in owed_after.items()
        if owed_before.get(key) != deadline and key not in spent
    ]
    held_before, held_after = _held(decider, before.state), _held(decider, after.state)
    recording = Recording(
        events=events,
        metadata=_metadata(decision, by_day=by_day),
        recorded_at=context.calendar.at(context.today, time.min) if by_day else context.now,
        epoch=decision.epoch,
        configures=decider.configuration,
        idempotency=idempotency,
        cleared=[(decision.stream, key) for key in sorted(cleared)],
        due=due,
        released=[(decision.stream, key) for key, held in held_before.items() if held_after.get(key) != held],
        held=[
            Hold(decision.stream, key, held.kind, held.resource_id, held.starts_at, held.ends_at)
            for key, held in held_after.items()
            if held_before.get(key) != held
        ],
    )
    return recording, after


def together(recording: Recording, others: Sequence[Recording]) -> Recording:
    """One recording of what was decided on several streams by one command, whose metadata and key are the first's."""
    every = (recording, *others)
    return msgspec.structs.replace(
        recording,
        events=[event for each in every for event in each.events],
        cleared=[one for each in every for one in each.cleared],
        due=[one for each in every for one in each.due],
        released=[one for each in every for one in each.released],
        held=[one for each in every for one in each.held],
    )


def taken(left: Sequence[tuple[Decider[Any], State | None]], clash: Clash) -> Refusal:
    """The refusal of a decision that would have left these states: another stream holds what one of them wanted."""
    wanted = next(held[clash.key] for decider, state in left if clash.key in (held := _held(decider, state)))
    return Refusal(
        "already_taken",
        zh="该时段已被占用",
        en="It is taken at that time.",
        clause=wanted.clause,
        details={
            "kind": wanted.kind,
            "resource_id": str(wanted.resource_id),
            "held_by": str(clash.holder),
            "from": clash.starts_at and clash.starts_at.isoformat(),
            "to": clash.ends_at and clash.ends_at.isoformat(),
        },
    )


def encode_command(command: Command) -> bytes:
    """A command as it waits in a deadline: its name and its fields."""
    return canonical({"command": command_name(type(command)), "body": command})


class _StoredCommand(msgspec.Struct, frozen=True):
    command: str
    body: msgspec.Raw


def decode_command(decider: Decider[Any], stored: bytes) -> Command:
    """The command of `encode_command`.

    Raises ``KeyError`` or ``msgspec.MsgspecError`` where it is none of the noun's.
    """
    waiting = msgspec.json.decode(stored, type=_StoredCommand)
    for spec in decider.commands:
        if spec.name == waiting.command:
            return msgspec.json.decode(waiting.body, type=spec.command)
    raise KeyError(waiting.command)


def _owed(decider: Decider[Any], state: State | None) -> dict[str, Deadline]:
    if state is None:
        return {}
    return {deadline.key: deadline for deadline in decider.deadlines(state)}


def _held(decider: Decider[Any], state: State | None) -> dict[str, Reservation]:
    if state is None:
        return {}
    return {held.key: held for held in decider.reservations(state)}


def _folded(decision: Decision) -> tuple[State | None, bool]:
    """The state after the decision, and whether the day alone is kept of when it was taken."""
    decider, state, by_day = decision.decider, decision.before.state, decision.by_day
    for event in decision.events:
        by_day = by_day or decider.day_only(state, event)
        state = decider.evolve(state, event)
    return state, by_day


def _metadata(decision: Decision, *, by_day: bool) -> bytes:
    actor = decision.context.actor
    return canonical(
        Metadata(
            command_id=decision.context.new_id("command"),
            command=f"{decision.decider.noun}.{command_name(type(decision.command))}",
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            roles=tuple(sorted(actor.roles)),
            causation=decision.causation,
            # what a client calls its requests may tell who it is
            correlation=None if by_day else decision.correlation,
            rules=_rules_applied(decision.events),
            by_day=by_day,
        )
    )


def _rules_applied(events: Sequence[Event]) -> dict[str, int]:
    """Regulation → version, of the events that say which rules they applied."""
    applied: dict[str, int] = {}
    for event in events:
        clause, version = getattr(event, "clause", None), getattr(event, "rule_version", None)
        if isinstance(clause, str) and isinstance(version, int):
            applied[clause.partition(".")[0]] = version
    return applied
