"""Bookings → vehicles: what an order says of the odometer is kept with the car."""

from domain.kernel import Cause, Dispatch, Reaction
from domain.vehicle import messages as v
from domain.vehicle_booking import events as b


def note_trip(event: b.OrderCompleted, cause: Cause) -> tuple[Dispatch, ...]:
    """Keep the odometer that the driver wrote down."""
    km = event.odometer_back_km - event.odometer_out_km
    note = v.NoteTrip(booking_id=cause.stream_id, odometer_km=event.odometer_back_km, km=km)
    return (Dispatch("vehicle", event.vehicle_id, note),)


REACTIONS = (Reaction(name="note_trips", events=(b.OrderCompleted,), react=note_trip),)
