"""How most nouns fold their events: one function for each event that begins a stream, one for each that goes on."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from domain.kernel import Event, State

S = TypeVar("S", bound=State)

Evolve: TypeAlias = Callable[[S | None, Event], S]
"""Folds one event into the state of its stream, which is ``None`` before the first."""
Begins: TypeAlias = Mapping[type[Event], Callable[[Any], S]]
"""The events a stream may begin with, and the state each leaves."""
Steps: TypeAlias = Mapping[type[Event], Callable[[S, Any], S]]
"""The events that go on from a state, and what each makes of it."""


def folding(noun: str, begins: Begins[S], steps: Steps[S]) -> Evolve[S]:
    """The ``evolve`` of a noun, which is named with its article (``"a complaint"``) where a stream is broken.

    An event that only begins streams begins this one anew wherever it stands. `TypeError` for a first event that begins
    none and for one that the noun does not know: events are decided before they are stored, so the stream is at fault.
    """

    def evolve(state: S | None, event: Event) -> S:
        # every replay passes here: the event that goes on, which nearly all are, costs one look-up
        if state is not None and (step := steps.get(type(event))) is not None:
            return step(state, event)
        if (begin := begins.get(type(event))) is not None:
            return begin(event)
        fault = "does not begin with" if state is None else "knows no"
        raise TypeError(f"{noun} {fault} {type(event).__name__}")

    return evolve
