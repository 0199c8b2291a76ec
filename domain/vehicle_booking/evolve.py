"""Folding a booking's events into its state."""

from typing import Any

from msgspec.structs import asdict, replace

from domain.folding import Evolve, folding
from domain.vehicle_booking import events as e
from domain.vehicle_booking.state import BookingState

_State = BookingState
_NOT_OF_THE_STATE = ("category_en", "clause")


def _requested(event: e.VehicleRequested) -> _State:
    asked = {name: value for name, value in asdict(event).items() if name not in _NOT_OF_THE_STATE}
    return BookingState(status="requested", **asked)


def _changed(state: _State, event: e.RequestChanged) -> _State:
    return replace(
        _given_back(state, "requested"),
        round=event.round,
        party_size=event.party_size,
        area=event.area,
        origin=event.origin,
        destination=event.destination,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        registered_at=None,
        grounds=(),
        class_rank=None,
    )


def _given_back(state: _State, status: str, **changes: Any) -> _State:
    """Without car and driver."""
    return replace(state, status=status, vehicle=None, driver=None, order_due=None, **changes)


def _dispatched(state: _State, event: e.BookingDispatched) -> _State:
    return replace(
        state,
        status="dispatched",
        vehicle=event.vehicle,
        class_zh=event.class_zh,
        driver=event.driver,
        order_due=event.order_due,
        rank=event.rank,
        timezone=event.timezone,
    )


def _swapped(state: _State, event: e.DispatchSwapped) -> _State:
    return replace(state, vehicle=event.vehicle, class_zh=event.class_zh, driver=event.driver, swaps=state.swaps + 1)


def _started(state: _State, event: e.TripStarted) -> _State:
    return replace(
        state,
        status="out",
        out_at=event.out_at,
        odometer_out_km=event.odometer_km,
        return_due_at=event.return_due_at,
    )


def _completed(state: _State, event: e.OrderCompleted) -> _State:
    return replace(
        state,
        status="returned",
        out_at=event.out_at,
        odometer_out_km=event.odometer_out_km,
        odometer_back_km=event.odometer_back_km,
        back_at=event.back_at,
        charge=event.charge,
        objection=None,
        order_due=event.order_due,
        return_due_at=None,
    )


def _objected(state: _State, event: e.OrderObjected) -> _State:
    return replace(state, objection=event.reason, objections=state.objections + 1, order_due=event.order_due)


def _settled(state: _State, event: e.BookingSettled) -> _State:
    status = "settled" if state.status == "signed" else state.status
    return replace(state, status=status, settlement_id=event.settlement_id)


evolve: Evolve[BookingState] = folding(
    "a booking",
    begins={e.VehicleRequested: _requested},
    steps={
        e.RequestChanged: _changed,
        e.RequestSigned: lambda s, event: replace(s, registered_at=event.registered_at),
        e.BookingAccepted: lambda s, event: replace(s, status="accepted", class_rank=event.class_rank),
        e.HeadAwaited: lambda s, event: replace(s, status="awaiting_head", grounds=event.grounds),
        e.BookingRefused: lambda s, _: replace(s, status="refused"),
        e.BookingDispatched: _dispatched,
        e.DispatchSwapped: _swapped,
        e.BookingDisplaced: lambda s, _: _given_back(s, "accepted", displaced=s.displaced + 1),
        e.TripExtended: lambda s, event: replace(
            s, ends_at=event.ends_at, order_due=event.order_due, return_due_at=event.return_due_at
        ),
        e.TripStarted: _started,
        e.ReturnOverdue: lambda s, _: replace(s, return_due_at=None),
        e.OrderCompleted: _completed,
        e.OrderObjected: _objected,
        e.OrderSigned: lambda s, _: replace(s, status="signed", order_due=None),
        e.OrderOverdue: lambda s, event: replace(s, order_due=event.order_due),
        e.BookingCancelled: lambda s, event: replace(s, status="cancelled", fee_fen=event.fee_fen, order_due=None),
        e.NoShowRecorded: lambda s, event: replace(s, status="no_show", fee_fen=event.fee_fen, order_due=None),
        e.BookingSettled: _settled,
    },
)
