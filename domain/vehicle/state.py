"""Where a vehicle stands, and when it is kept free."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import Reservation, State
from domain.vehicle import messages as m

GONE = frozenset({"retired", "replaced"})


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Planned maintenance."""

    starts_at: datetime
    ends_at: datetime


class VehicleState(State, frozen=True, kw_only=True):
    """One car (车辆). ``out_since`` is set while it is not in service; ``own_id`` is what bookings know it by."""

    own_id: UUID
    plate: str
    vehicle_class: str
    seats: int
    licence: str
    odometer_km: int
    by_orders_km: int = 0
    maintenance: dict[UUID, Window] = msgspec.field(default_factory=dict)
    out_since: datetime | None = None
    replacement: UUID | None = None


def _registered(event: m.VehicleRegistered) -> VehicleState:
    return VehicleState(
        status="in_service",
        own_id=event.vehicle_id,
        plate=event.plate,
        vehicle_class=event.vehicle_class,
        seats=event.seats,
        licence=event.licence,
        odometer_km=event.odometer_km,
    )


def reservations(state: VehicleState) -> tuple[Reservation, ...]:
    """The car holds itself during maintenance, and from when it is out of service on."""
    held = [
        Reservation(
            key=f"maintenance:{number}",
            kind="vehicle",
            resource_id=state.own_id,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            clause="R3.2.2",
        )
        for number, window in state.maintenance.items()
    ]
    if state.out_since is not None:
        held.append(
            Reservation(
                key="out_of_service",
                kind="vehicle",
                resource_id=state.own_id,
                starts_at=state.out_since,
                ends_at=None,
                clause="R3.2.2",
            )
        )
    return tuple(held)


def _planned(state: VehicleState, event: m.MaintenancePlanned) -> VehicleState:
    window = Window(starts_at=event.starts_at, ends_at=event.ends_at)
    return replace(state, maintenance={**state.maintenance, event.maintenance_id: window})


def _ended(state: VehicleState, event: m.MaintenanceEnded) -> VehicleState:
    left = {number: window for number, window in state.maintenance.items() if number != event.maintenance_id}
    return replace(state, maintenance=left)


def _out(status: str) -> Callable[[VehicleState, Any], VehicleState]:
    def leave(state: VehicleState, event: Any) -> VehicleState:
        # what is out of service needs no window of its own, and two holds of one car would be a contradiction
        replacement = getattr(event, "replacement", None)
        return replace(state, status=status, out_since=event.since, maintenance={}, replacement=replacement)

    return leave


evolve: Evolve[VehicleState] = folding(
    "a vehicle",
    begins={m.VehicleRegistered: _registered},
    steps={
        m.VehicleRevised: lambda s, e: replace(s, vehicle_class=e.vehicle_class, seats=e.seats, licence=e.licence),
        m.MaintenancePlanned: _planned,
        m.MaintenanceEnded: _ended,
        m.VehicleTakenForRepair: _out("repair"),
        m.VehicleReturnedToService: lambda s, _: replace(s, status="in_service", out_since=None),
        m.VehicleRetired: _out("retired"),
        m.VehicleReplaced: _out("replaced"),
        m.OdometerRecorded: lambda s, e: replace(s, odometer_km=e.odometer_km, by_orders_km=0),
        m.TripNoted: lambda s, e: replace(
            s, odometer_km=max(s.odometer_km, e.odometer_km), by_orders_km=s.by_orders_km + e.km
        ),
    },
)
