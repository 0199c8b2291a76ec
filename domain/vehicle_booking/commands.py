"""What is asked of a booking: by the unit, its leader and handler, the dispatch room, the centre head, the driver."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command
from domain.rules.r3_parts import Code
from domain.vehicle_booking.facts import Beneficiary, DriverFacts, Known, VehicleFacts

Unit = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Purpose = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
PartySize = Annotated[int, msgspec.Meta(ge=1, le=500)]
Odometer = Annotated[int, msgspec.Meta(ge=0, le=5_000_000)]
Tolls = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=60 * 24 * 60)]
Level = Annotated[int, msgspec.Meta(ge=1, le=10)]
Round = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Area = Literal["district", "city", "outside_city", "outside_province"]


class RequestVehicle(Command, frozen=True, kw_only=True):
    """Fill in a request form (填写用车联系单).

    ``temporary`` asks for the shorter lead time; on a ``business_trip`` an individual travels or attends a meeting.
    """

    unit: Unit
    category: Code
    purpose: Purpose
    collective: bool
    party_size: PartySize
    area: Area
    origin: Place
    destination: Place
    starts_at: Instant
    ends_at: Instant
    priority: Code | None = None
    urgent: bool = False
    temporary: bool = False
    business_trip: bool = False
    vehicle_class: Code | None = None


class ChangeRequest(Command, frozen=True, kw_only=True):
    """Change a request, which is then to be signed anew (变更用车); a car already given is given back."""

    party_size: PartySize
    area: Area
    origin: Place
    destination: Place
    starts_at: Instant
    ends_at: Instant
    reason: Note


class SignRequest(Command, frozen=True, kw_only=True):
    """Sign as the unit's leader in charge, by which the form reaches the centre (分管领导签字)."""

    note: Remark = ""


class DeclineRequest(Command, frozen=True, kw_only=True):
    """Do not sign, as the unit's leader in charge (分管领导不同意)."""

    reason: Note


class ApproveException(Command, frozen=True, kw_only=True):
    """Let an exception be dispatched, as the centre's head (中心负责人审批同意)."""

    reason: Note


class RejectException(Command, frozen=True, kw_only=True):
    """Let no exception be made, as the centre's head (中心负责人不同意)."""

    reason: Note


class RefuseRequest(Command, frozen=True, kw_only=True):
    """Tell a unit that no car can be given (调度答复无法派车)."""

    ground: Literal["no_vehicle", "no_driver", "outranked"]
    reason: Note


class DispatchVehicle(Command, frozen=True, kw_only=True):
    """Give a car and a driver (派车). ``passing_over`` says why requests that go first are passed over.

    ``off_duty`` says why a driver goes outside his duty times. The facts are laid down by the service.
    """

    vehicle: VehicleFacts
    driver: DriverFacts
    known: Known
    passing_over: Remark = ""
    off_duty: Remark = ""


class SwapDispatch(Command, frozen=True, kw_only=True):
    """Give another car or driver (换车、换驾驶员)."""

    vehicle: VehicleFacts
    driver: DriverFacts
    reason: Note
    off_duty: Remark = ""


class DisplaceBooking(Command, frozen=True, kw_only=True):
    """Take the car back for a request of the first class, where the rules allow it (占用)."""

    beneficiary: Beneficiary
    notice: Note


class ExtendTrip(Command, frozen=True, kw_only=True):
    """Keep the car longer than was asked for (延长用车)."""

    ends_at: Instant
    reason: Note


class StartTrip(Command, frozen=True, kw_only=True):
    """Set out, as the driver (出车)."""

    odometer_km: Odometer


class CompleteOrder(Command, frozen=True, kw_only=True):
    """Record on the order how the car was used (驾驶员填写派车单). The driver may do so again until it is signed."""

    out_at: Instant
    back_at: Instant
    route: Purpose
    odometer_out_km: Odometer
    odometer_back_km: Odometer
    waiting_minutes: Minutes = 0
    tolls_fen: Tolls = 0
    note: Remark = ""


class ObjectToOrder(Command, frozen=True, kw_only=True):
    """Send the order back to the driver, as the unit's handler (经办人退回派车单)."""

    reason: Note


class SignOrder(Command, frozen=True, kw_only=True):
    """Sign the order, as the unit's handler (经办人签认)."""

    note: Remark = ""


class CancelBooking(Command, frozen=True, kw_only=True):
    """Cancel before the car sets out (取消用车)."""

    by: Literal["unit", "centre"]
    reason: Note


class RecordNoShow(Command, frozen=True, kw_only=True):
    """Record that nobody came to the car (登记未乘车)."""

    waited_minutes: Minutes
    note: Remark = ""


class LapseDeparture(Command, frozen=True, kw_only=True):
    """The time of departure has come without a car given (到时未派车)."""

    round: Round


class LapseReturn(Command, frozen=True, kw_only=True):
    """The car is still out though its return was planned for some time ago (逾时未归)."""

    round: Round


class LapseOrder(Command, frozen=True, kw_only=True):
    """The order is still not completed or signed (派车单逾期)."""

    level: Level


class MarkSettled(Command, frozen=True, kw_only=True):
    """The order stands in a month's settlement that was closed (已结算)."""

    settlement_id: UUID
    month: str
