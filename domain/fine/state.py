"""Where a fine stands."""

from domain.fine.messages import FineImposed, FineRevoked, Ground
from domain.fine_shares import FineShare
from domain.kernel import Event, State


class FineState(State, frozen=True, kw_only=True):
    """A fine imposed by a person (处罚单); what is paid of it stands in the ledgers."""

    clause: Ground
    shares: tuple[FineShare, ...]


def evolve(state: FineState | None, event: Event) -> FineState:
    """Fold one event."""
    if isinstance(event, FineImposed):
        return FineState(status="imposed", clause=event.clause, shares=event.shares)
    if state is not None and isinstance(event, FineRevoked):
        return FineState(status="revoked", clause=state.clause, shares=state.shares)
    raise TypeError(f"a fine knows no {type(event).__name__} here")
