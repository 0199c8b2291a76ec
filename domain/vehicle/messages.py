"""What is asked of a vehicle, and what happened to it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.kernel import Command, Event
from domain.rules.r3_parts import Code

Plate = Annotated[str, msgspec.Meta(min_length=2, max_length=20, pattern=r"^[^\s]{2,20}$")]
Seats = Annotated[int, msgspec.Meta(ge=1, le=80)]
"""Seats for passengers, the driver's not counted."""
Licence = Annotated[str, msgspec.Meta(min_length=2, max_length=2, pattern=r"^(A1|A2|A3|B1|B2|C1|C2)$")]
"""A licence class (准驾车型)."""
Odometer = Annotated[int, msgspec.Meta(ge=0, le=5_000_000)]
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class RegisterVehicle(Command, frozen=True, kw_only=True):
    """Take a car into the fleet (车辆入库). ``licence`` is the class its driver needs."""

    plate: Plate
    vehicle_class: Code
    seats: Seats
    licence: Licence = "C1"
    odometer_km: Odometer = 0


class ReviseVehicle(Command, frozen=True, kw_only=True):
    """Correct what is known of a car (更正车辆信息)."""

    vehicle_class: Code
    seats: Seats
    licence: Licence
    reason: Note


class PlanMaintenance(Command, frozen=True, kw_only=True):
    """Keep the car free for its maintenance (安排保养)."""

    starts_at: Instant
    ends_at: Instant
    reason: Note


class EndMaintenance(Command, frozen=True, kw_only=True):
    """The maintenance is done, or does not take place (保养完成或取消)."""

    maintenance_id: UUID
    done: bool
    note: Remark = ""


class TakeForRepair(Command, frozen=True, kw_only=True):
    """Take the car out of service until it is repaired (送修)."""

    reason: Note


class ReturnToService(Command, frozen=True, kw_only=True):
    """The car is repaired (修复归队)."""

    note: Remark = ""


class RetireVehicle(Command, frozen=True, kw_only=True):
    """The car leaves the fleet (报废或调出)."""

    reason: Note


class ReplaceVehicle(Command, frozen=True, kw_only=True):
    """The car leaves the fleet and another takes its place (更新)."""

    replacement: UUID
    reason: Note


class RecordOdometer(Command, frozen=True, kw_only=True):
    """Read the odometer (登记里程表)."""

    odometer_km: Odometer
    note: Remark = ""


class NoteTrip(Command, frozen=True, kw_only=True):
    """Keep what a trip's order says of the odometer (行程里程入账)."""

    booking_id: UUID
    odometer_km: Odometer
    km: Odometer


class VehicleRegistered(Event, frozen=True, kw_only=True, tag="vehicle.registered"):
    """A car joined the fleet; bookings know it by ``vehicle_id``."""

    vehicle_id: UUID
    plate: str
    vehicle_class: str
    seats: int
    licence: str
    odometer_km: int
    rule_version: int
    clause: str = "R3.1.2"


class VehicleRevised(Event, frozen=True, kw_only=True, tag="vehicle.revised"):
    """What is known of the car was corrected; it counts for orders dispatched from now on."""

    vehicle_class: str
    seats: int
    licence: str
    reason: str
    rule_version: int
    clause: str = "R3.1.2"


class MaintenancePlanned(Event, frozen=True, kw_only=True, tag="vehicle.maintenance_planned"):
    """The car is kept free for maintenance."""

    maintenance_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


class MaintenanceEnded(Event, frozen=True, kw_only=True, tag="vehicle.maintenance_ended"):
    """The maintenance is done, or was called off."""

    maintenance_id: UUID
    done: bool
    note: str


class VehicleTakenForRepair(Event, frozen=True, kw_only=True, tag="vehicle.taken_for_repair"):
    """The car is out of service from ``since`` on."""

    since: datetime
    reason: str


class VehicleReturnedToService(Event, frozen=True, kw_only=True, tag="vehicle.returned_to_service"):
    """The car may be dispatched again."""

    note: str


class VehicleRetired(Event, frozen=True, kw_only=True, tag="vehicle.retired"):
    """The car left the fleet."""

    since: datetime
    reason: str


class VehicleReplaced(Event, frozen=True, kw_only=True, tag="vehicle.replaced"):
    """The car left the fleet, and another took its place."""

    since: datetime
    replacement: UUID
    reason: str


class OdometerRecorded(Event, frozen=True, kw_only=True, tag="vehicle.odometer_recorded"):
    """The odometer was read; ``by_orders_km`` is what the orders of trips added since the last reading."""

    odometer_km: int
    previous_km: int
    by_orders_km: int
    note: str


class TripNoted(Event, frozen=True, kw_only=True, tag="vehicle.trip_noted"):
    """An order's odometer was kept; ``gap_km`` is what lies between it and the last known reading, either way."""

    booking_id: UUID
    odometer_km: int
    km: int
    gap_km: int
    clause: str = "R3.2.1"
