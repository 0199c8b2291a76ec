"""How a noun's events are folded: what begins a stream, what goes on, and what is a fault."""

import pytest

from domain.folding import folding
from domain.kernel import Event, State


class Opened(Event, tag="lamp.opened"):
    """A lamp is there."""

    watts: int


class Found(Event, tag="lamp.found"):
    """A lamp is there, or still there."""


class Lit(Event, tag="lamp.lit"):
    """It burns."""


class Strange(Event, tag="test.strange"):
    """Another noun's."""


class Lamp(State, frozen=True):
    """A lamp, how strong it is and how often it was lit or found."""

    watts: int = 0
    times: int = 0


evolve = folding(
    "a lamp",
    begins={Opened: lambda event: Lamp(status="out", watts=event.watts), Found: lambda _: Lamp(status="out")},
    steps={
        Lit: lambda lamp, _: Lamp(status="lit", watts=lamp.watts, times=lamp.times + 1),
        Found: lambda lamp, _: Lamp(status=lamp.status, watts=lamp.watts, times=lamp.times + 1),
    },
)


def test_a_stream_begins_and_goes_on():
    """The first event makes the state, the next one makes another of it."""
    begun = evolve(None, Opened(watts=40))
    assert begun == Lamp(status="out", watts=40)

    assert evolve(begun, Lit()) == Lamp(status="lit", watts=40, times=1)


def test_an_event_may_both_begin_and_go_on():
    """It begins a stream that is not there, and goes on with one that is."""
    assert evolve(None, Found()) == Lamp(status="out")
    assert evolve(Lamp(status="lit", watts=40), Found()) == Lamp(status="lit", watts=40, times=1)


def test_an_event_that_only_begins_begins_anew():
    """What stood before it is left behind."""
    assert evolve(Lamp(status="lit", watts=40, times=3), Opened(watts=60)) == Lamp(status="out", watts=60)


@pytest.mark.parametrize("event", [Lit(), Strange()])
def test_an_event_that_begins_nothing_is_a_fault(event):
    """A stream whose first event is not one of those that begin it is broken, and says so."""
    with pytest.raises(TypeError, match=f"^a lamp does not begin with {type(event).__name__}$"):
        evolve(None, event)


def test_an_unknown_event_is_a_fault():
    """A noun does not swallow what it does not know."""
    with pytest.raises(TypeError, match=r"^a lamp knows no Strange$"):
        evolve(Lamp(status="out"), Strange())
