"""A small aggregate for the store's tests: a counter that is opened, raised and closed."""

from domain.kernel import Decider, Event, State, Text


class CounterOpened(Event, tag="counter.opened"):
    """A counter begins at nothing."""

    name: str


class CounterRaised(Event, tag="counter.raised"):
    """A counter has gone up."""

    by: int
    reason: str = ""


class Counter(State):
    """What a counter stands at."""

    name: str = ""
    total: int = 0


def evolve(state: Counter | None, event: Event) -> Counter:
    """Fold one event."""
    match event:
        case CounterOpened(name=name):
            return Counter("open", name)
        case CounterRaised(by=by):
            assert state is not None
            return Counter("open", state.name, state.total + by)
    raise TypeError(event)


COUNTER = Decider(
    noun="counter",
    plural="counters",
    title=Text("计数器", "counter"),
    state=Counter,
    statuses=("open",),
    commands=(),
    events=(CounterOpened, CounterRaised),
    evolve=evolve,
)
TYPES = {"counter.opened": CounterOpened, "counter.raised": CounterRaised}
