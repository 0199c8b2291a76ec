"""The rows of the projection "fleet": bookings, cars, drivers, and when these are kept free."""

from datetime import datetime
from uuid import UUID

import msgspec

from projections.tables import Table


class BookingRow(msgspec.Struct):
    """A booking as it stands; the columns of ``fleet_bookings``."""

    booking_id: UUID
    requested_position: int
    unit: str
    category: str
    category_zh: str
    category_en: str
    free: bool
    purpose: str
    collective: bool
    party_size: int
    area: str
    origin: str
    destination: str
    starts_at: datetime
    ends_at: datetime
    priority: str | None
    urgent: bool
    vehicle_class: str | None
    status: str = "requested"
    round: int = 1
    registered_at: datetime | None = None
    class_rank: int | None = None
    grounds: str = ""
    ground: str | None = None
    clause: str | None = None
    refused_at: datetime | None = None
    vehicle_id: UUID | None = None
    plate: str | None = None
    driver_id: UUID | None = None
    driver_name: str | None = None
    decided_by: str | None = None
    rank: int | None = None
    considered: int | None = None
    dispatched_position: int | None = None
    displaced: int = 0
    out_at: datetime | None = None
    back_at: datetime | None = None
    km: int = 0
    due_fen: int = 0
    worth_fen: int = 0
    month: str | None = None
    overdue: int = 0
    late_since: datetime | None = None


class VehicleRow(msgspec.Struct):
    """A car as it stands."""

    vehicle_id: UUID
    plate: str
    vehicle_class: str
    seats: int
    licence: str
    status: str
    odometer_km: int


class DriverRow(msgspec.Struct):
    """A driver as he stands; licences are parted by spaces."""

    driver_id: UUID
    name: str
    member_id: UUID | None
    licences: str
    duty: str
    status: str


class WindowRow(msgspec.Struct):
    """A time in which a car or driver is kept free."""

    window_id: str
    kind: str
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str


class SettlementRow(msgspec.Struct):
    """A unit's month."""

    settlement_id: UUID
    unit: str
    month: str
    status: str
    closes_at: datetime
    lines: int = 0
    amount_fen: int = 0
    left_out: int = 0
    left_out_worth_fen: int = 0
    contested: int = 0


BOOKINGS = Table("fleet_bookings", BookingRow, ("booking_id",))
VEHICLES = Table("fleet_vehicles", VehicleRow, ("vehicle_id",))
DRIVERS = Table("fleet_drivers", DriverRow, ("driver_id",))
WINDOWS = Table("fleet_windows", WindowRow, ("window_id",))
SETTLEMENTS = Table("fleet_settlements", SettlementRow, ("settlement_id",))
