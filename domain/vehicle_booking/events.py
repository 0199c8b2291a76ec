"""What happened to a booking. Each refusal and each dispatch carries its clause, and what it rests on."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.kernel import Event
from domain.rules.r3_parts import Channel
from domain.vehicle_booking.commands import Area
from domain.vehicle_booking.facts import DriverFacts, Pair, VehicleFacts, Waiting

Exception_ = Literal["late", "single_in_district", "individual", "business_trip"]
RefusalGround = Literal[
    "unit_declined",
    "late",
    "single_in_district",
    "individual",
    "business_trip",
    "no_vehicle",
    "no_driver",
    "outranked",
    "not_signed",
    "not_decided",
    "not_dispatched",
]
DecidedBy = Literal["only_request", "class", "urgency", "registration", "passed_over"]


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What a trip costs and why (费用明细), in fen. ``worth_fen`` is what it would cost if it were charged.

    ``settled`` tells whether the order stands in the unit's settlement; a free use may be left out of it.
    """

    vehicle_class: str
    km: int
    km_fen: int
    minutes: int
    time_fen: int
    waiting_minutes: int
    waiting_fen: int
    nights: int
    overnight_fen: int
    minimum_added_fen: int
    rounded_by_fen: int
    tolls_fen: int
    worth_fen: int
    free: bool
    settled: bool
    due_fen: int
    rule_version: int
    readings: dict[str, str]


class OrderDue(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told next of an order that is not completed or signed, and when."""

    lacking: Literal["record", "signature"]
    level: int
    role: str
    channel: Channel
    due_at: datetime


class VehicleRequested(Event, frozen=True, kw_only=True, tag="vehicle_booking.requested"):
    """A request form was filled in; the unit's leader in charge is to sign it."""

    unit: str
    category: str
    category_zh: str
    category_en: str
    free: bool
    reception: bool
    purpose: str
    collective: bool
    party_size: int
    area: Area
    origin: str
    destination: str
    starts_at: datetime
    ends_at: datetime
    priority: str | None
    urgent: bool
    temporary: bool
    business_trip: bool
    vehicle_class: str | None
    requested_by: UUID | None
    rule_version: int
    clause: str = "R3.2.1"


class RequestChanged(Event, frozen=True, kw_only=True, tag="vehicle_booking.changed"):
    """The request changed and is to be signed anew; ``gave_back`` tells whether it had a car."""

    round: int
    party_size: int
    area: Area
    origin: str
    destination: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    gave_back: bool
    changed_by: UUID | None
    clause: str = "R3.2.1"


class RequestSigned(Event, frozen=True, kw_only=True, tag="vehicle_booking.request_signed"):
    """The leader in charge signed; the form reached the centre at ``registered_at``, in time up to ``latest_at``."""

    signed_by: UUID
    registered_at: datetime
    latest_at: datetime
    late: bool
    note: str
    readings: dict[str, str]
    rule_version: int
    clause: str = "R3.2.1"


class BookingAccepted(Event, frozen=True, kw_only=True, tag="vehicle_booking.accepted"):
    """The request waits for a car; ``class_rank`` 1 goes first. ``approved`` tells that the centre's head let it."""

    class_rank: int
    approved: bool
    approved_by: UUID | None
    reason: str
    readings: dict[str, str]
    rule_version: int
    clause: str


class HeadAwaited(Event, frozen=True, kw_only=True, tag="vehicle_booking.head_awaited"):
    """The centre's head is to decide whether an exception is made, on each of these grounds."""

    grounds: tuple[Exception_, ...]
    readings: dict[str, str]
    rule_version: int
    clause: str


class BookingRefused(Event, frozen=True, kw_only=True, tag="vehicle_booking.refused"):
    """No car is given, on this ground and clause."""

    ground: RefusalGround
    reason: str
    refused_by: UUID | None
    readings: dict[str, str]
    rule_version: int
    clause: str


class BookingDispatched(Event, frozen=True, kw_only=True, tag="vehicle_booking.dispatched"):
    """A car and a driver were given. The proof: who waited, in the order of their ranks, and which rule decided.

    ``rank`` is this request's own place among ``considered``, which holds it too; the first place is 1.
    """

    vehicle: VehicleFacts
    driver: DriverFacts
    considered: tuple[Waiting, ...]
    rank: int
    decided_by: DecidedBy
    passing_over: str
    off_duty: str
    known_position: int
    proposal: str | None
    dispatched_by: UUID | None
    order_due: OrderDue | None
    readings: dict[str, str]
    rule_version: int
    clause: str = "R3.2.2"
    timezone: str = "Asia/Shanghai"
    """The tenant's, in which the order's times are written out."""
    proposed: Pair | None = None
    followed: bool | None = None
    """Whether car and driver are those of the proposal; none where no proposal was named."""
    class_zh: str = ""
    """What the tariff calls the car's class."""


class DispatchSwapped(Event, frozen=True, kw_only=True, tag="vehicle_booking.swapped"):
    """Another car or driver was given."""

    vehicle: VehicleFacts
    driver: DriverFacts
    previous_vehicle: UUID
    previous_driver: UUID
    reason: str
    off_duty: str
    swapped_by: UUID | None
    clause: str = "R3.2.2"
    class_zh: str = ""
    """What the tariff calls the class of the car that was given."""


class BookingDisplaced(Event, frozen=True, kw_only=True, tag="vehicle_booking.displaced"):
    """The car was taken back for a request of the first class; this one waits again, and its unit is told."""

    by_booking: UUID
    by_unit: str
    vehicle_id: UUID
    driver_id: UUID
    notice: str
    notice_minutes: int
    displaced_by: UUID | None
    readings: dict[str, str]
    rule_version: int
    clause: str = "R3.2.2"


class TripExtended(Event, frozen=True, kw_only=True, tag="vehicle_booking.extended"):
    """The car is kept longer."""

    ends_at: datetime
    reason: str
    order_due: OrderDue | None
    return_due_at: datetime | None = None
    """When the dispatcher is told, should the car be out by then; none before it set out."""


class TripStarted(Event, frozen=True, kw_only=True, tag="vehicle_booking.started"):
    """The car set out."""

    out_at: datetime
    odometer_km: int
    started_by: UUID | None
    clause: str = "R3.2.1"
    return_due_at: datetime | None = None


class ReturnOverdue(Event, frozen=True, kw_only=True, tag="vehicle_booking.return_overdue"):
    """The car is not back long after its planned return; nobody else sets out with it or its driver until it is."""

    vehicle_id: UUID
    plate: str
    driver_id: UUID
    ends_at: datetime
    due_at: datetime
    rule_version: int
    clause: str = "R3.2.2"


class OrderCompleted(Event, frozen=True, kw_only=True, tag="vehicle_booking.order_completed"):
    """The driver recorded on the order how the car was used; what that costs, by the tariff of the day it set out."""

    vehicle_id: UUID
    driver_id: UUID
    out_at: datetime
    back_at: datetime
    route: str
    odometer_out_km: int
    odometer_back_km: int
    waiting_minutes: int
    tolls_fen: int
    note: str
    charge: Charge
    completed_by: UUID | None
    again: bool
    order_due: OrderDue | None
    rule_version: int
    clause: str = "R3.2.1"


class OrderObjected(Event, frozen=True, kw_only=True, tag="vehicle_booking.order_objected"):
    """The unit's handler sent the order back to the driver."""

    reason: str
    objected_by: UUID
    order_due: OrderDue | None
    clause: str = "R3.2.1"


class OrderSigned(Event, frozen=True, kw_only=True, tag="vehicle_booking.order_signed"):
    """The unit's handler signed: the order is the voucher of ``month``'s settlement with the unit."""

    unit: str
    month: str
    plate: str
    out_at: datetime
    charge: Charge
    signed_by: UUID
    note: str
    readings: dict[str, str]
    rule_version: int
    clause: str = "R3.2.1"
    used_on: date | None = None
    """The day of the use, or of what would have been one."""


class OrderOverdue(Event, frozen=True, kw_only=True, tag="vehicle_booking.order_overdue"):
    """The order is not completed, or not signed, in time; a level is told by its channel. ``order_due`` is the next."""

    lacking: Literal["record", "signature"]
    level: int
    role: str
    channel: Channel
    due_at: datetime
    order_due: OrderDue | None
    rule_version: int
    clause: str = "R3.2.1"


class BookingCancelled(Event, frozen=True, kw_only=True, tag="vehicle_booking.cancelled"):
    """The booking was given up: by whom, how long before departure, and what that costs the unit."""

    by: Literal["unit", "centre"]
    reason: str
    cancelled_by: UUID | None
    minutes_before: int
    fee_fen: int
    unit: str
    month: str
    vehicle_class: str | None
    rule_version: int
    clause: str = "R3.1.2"
    used_on: date | None = None
    """The day of the use, or of what would have been one."""


class NoShowRecorded(Event, frozen=True, kw_only=True, tag="vehicle_booking.no_show"):
    """Nobody came to the car."""

    waited_minutes: int
    note: str
    fee_fen: int
    unit: str
    month: str
    vehicle_class: str
    recorded_by: UUID | None
    rule_version: int
    clause: str = "R3.1.2"
    used_on: date | None = None
    """The day of the use, or of what would have been one."""


class BookingSettled(Event, frozen=True, kw_only=True, tag="vehicle_booking.settled"):
    """The order stands in a settlement that was closed."""

    settlement_id: UUID
    month: str
    clause: str = "R3.2.1"
