"""Where a booking stands, what it owes and what it holds."""

from datetime import datetime
from uuid import UUID

from domain.kernel import Deadline, Reservation, State
from domain.vehicle_booking.commands import Area, LapseDeparture, LapseOrder, LapseReturn
from domain.vehicle_booking.events import Charge, Exception_, OrderDue
from domain.vehicle_booking.facts import DriverFacts, VehicleFacts

BEFORE = frozenset({"requested", "awaiting_head", "accepted"})
"""No car has been given yet."""
HOLDING = frozenset({"dispatched", "out"})
"""A car and a driver are held."""


class BookingState(State, frozen=True, kw_only=True):
    """One booking (用车预约), from request form to voucher."""

    unit: str
    category: str
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
    round: int = 1
    registered_at: datetime | None = None
    grounds: tuple[Exception_, ...] = ()
    class_rank: int | None = None
    vehicle: VehicleFacts | None = None
    class_zh: str = ""
    """What the tariff calls the class of ``vehicle``; empty in what was recorded before it was."""
    driver: DriverFacts | None = None
    swaps: int = 0
    displaced: int = 0
    out_at: datetime | None = None
    odometer_out_km: int | None = None
    back_at: datetime | None = None
    charge: Charge | None = None
    objection: str | None = None
    objections: int = 0
    order_due: OrderDue | None = None
    fee_fen: int = 0
    settlement_id: UUID | None = None
    category_zh: str = ""
    timezone: str = "Asia/Shanghai"
    rank: int | None = None
    odometer_back_km: int | None = None
    return_due_at: datetime | None = None


def deadlines(state: BookingState) -> tuple[Deadline, ...]:
    """The departure, while no car is given; the return; the order's completion and signature, with its ladder."""
    if state.status in BEFORE:
        return (Deadline(f"departure:{state.round}", state.starts_at, LapseDeparture(round=state.round)),)
    owed = []
    if state.return_due_at is not None:
        owed.append(Deadline(f"return:{state.round}", state.return_due_at, LapseReturn(round=state.round)))
    if state.order_due is not None:
        following = state.order_due
        key = f"order:{state.round}:{state.objections}:{following.lacking}:{following.level}"
        owed.append(Deadline(key, following.due_at, LapseOrder(level=following.level)))
    return tuple(owed)


def reservations(state: BookingState) -> tuple[Reservation, ...]:
    """The car and the driver, for as long as the booking is to last.

    What is under way is held besides for as long as that takes, planned or not: whoever would set out with the same
    car or driver meanwhile is refused by the store, as two departures at once would be.
    """
    if state.status not in HOLDING or state.vehicle is None or state.driver is None:
        return ()
    given = (("vehicle", state.vehicle.vehicle_id), ("driver", state.driver.driver_id))
    held: list[tuple[str, UUID, datetime, datetime | None]] = [
        (kind, number, state.starts_at, state.ends_at) for kind, number in given
    ]
    if state.status == "out" and state.out_at is not None:
        held += [(f"{kind}_out", number, state.out_at, None) for kind, number in given]
    return tuple(
        Reservation(key=kind, kind=kind, resource_id=number, starts_at=starts_at, ends_at=ends_at, clause="R3.2.2")
        for kind, number, starts_at, ends_at in held
    )
