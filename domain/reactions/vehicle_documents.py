"""Dispatches and closed months are put on paper: an order for each car given, a statement for each month (R3.2.1)."""

from uuid import UUID

from domain.document.messages import VoidDocument
from domain.kernel import Cause, Dispatch, Reaction
from domain.reactions.documents import dispatch_order, document_id, drawing, unit_statement
from domain.unit_settlement import SettlementState
from domain.unit_settlement.messages import SettlementClosed
from domain.vehicle_booking import BookingState
from domain.vehicle_booking import events as b


def draw_order(
    event: b.BookingDispatched | b.DispatchSwapped, cause: Cause, state: BookingState
) -> tuple[Dispatch, ...]:
    """The order of a dispatch; after a swap another stands in its place."""
    form = dispatch_order(state)
    if form is None:
        return ()
    swapped = isinstance(event, b.DispatchSwapped)
    replaces = _order_id(cause.stream_id, state.round, state.displaced, state.swaps - 1) if swapped else None
    own = _order_id(cause.stream_id, state.round, state.displaced, state.swaps)
    command = drawing(form, cause.stream_id, cause.stream_version, replaces=replaces)
    return (Dispatch("document", own, command),)


def void_order(
    event: b.BookingDisplaced | b.RequestChanged | b.BookingCancelled, cause: Cause, state: BookingState
) -> tuple[Dispatch, ...]:
    """The order of a car that was given back is void."""
    match event:
        case b.BookingDisplaced():
            place, reason = (state.round, state.displaced - 1), event.notice
        case b.RequestChanged():
            place, reason = (state.round - 1, state.displaced), event.reason
        case b.BookingCancelled():
            place, reason = (state.round, state.displaced), event.reason
    had = event.gave_back if isinstance(event, b.RequestChanged) else True
    if isinstance(event, b.BookingCancelled):
        had = event.vehicle_class is not None
    if not had:
        return ()
    return (Dispatch("document", _order_id(cause.stream_id, *place, state.swaps), VoidDocument(reason=reason)),)


def draw_statement(event: SettlementClosed, cause: Cause, state: SettlementState) -> tuple[Dispatch, ...]:
    """The statement of a month; closed again, another stands in its place."""
    form = unit_statement(state)
    if form is None:
        return ()
    replaces = _statement_id(cause.stream_id, event.round - 1) if event.round > 1 else None
    command = drawing(form, cause.stream_id, cause.stream_version, replaces=replaces)
    return (Dispatch("document", _statement_id(cause.stream_id, event.round), command),)


def _order_id(booking: UUID, round_: int, displaced: int, swaps: int) -> UUID:
    return document_id("dispatch_order", booking, f"{round_}:{displaced}:{swaps}")


def _statement_id(settlement: UUID, round_: int) -> UUID:
    return document_id("unit_statement", settlement, f"round {round_}")


REACTIONS = (
    Reaction(
        name="draw_dispatch_order",
        events=(b.BookingDispatched, b.DispatchSwapped),
        react=draw_order,
        with_state=True,
    ),
    Reaction(
        name="void_dispatch_order",
        events=(b.BookingDisplaced, b.RequestChanged, b.BookingCancelled),
        react=void_order,
        with_state=True,
    ),
    Reaction(name="draw_unit_statement", events=(SettlementClosed,), react=draw_statement, with_state=True),
)
