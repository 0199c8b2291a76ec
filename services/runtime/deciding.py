"""Several commands to one stream, decided in turn."""

import hashlib
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from domain.kernel import Command, Context, Decider, Event, State


def decide_in_turn(
    decider: Decider[Any], state: State | None, commands: Sequence[Command], context: Context
) -> tuple[Event, ...]:
    """The events of commands each decided on what those before it caused. Raises `Refusal` of the first refused."""
    added = decider.decide(state, commands[0], context)
    caused = [*added]
    for place, command in enumerate(commands[1:], 1):
        state = decider.fold(state, added)
        added = decider.decide(state, command, at_turn(context, place))
        caused += added
    return tuple(caused)


def at_turn(context: Context, place: int) -> Context:
    """The context of the command at a place: entropy of its own, so that no two make the same identifier."""
    return replace(context, entropy=hashlib.sha256(context.entropy + place.to_bytes(4)).digest())
