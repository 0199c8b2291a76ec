"""Which bookings, cars and drivers are there, who waits, and what did the fleet do? R3.2.1, R3.2.2."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from domain.driver.messages import DutyTime
from domain.kernel import Text
from projections.asking import Question
from projections.fleet import FLEET
from projections.kernel import Connection
from projections.labels import (
    BOOKING_STATUSES,
    DRIVER_STATUSES,
    REFUSAL_GROUNDS,
    VEHICLE_STATUSES,
    ClauseRef,
    clause_ref,
)

PROJECTION = FLEET.name
LONGEST = timedelta(days=60)
"""No booking lasts longer, so that what overlaps a time began at most so long before it."""
HELD = ("dispatched", "out")
TOOK_PLACE = ("returned", "signed", "settled")
MAX_SHOWN = 2_000
"""Rows of one kind on a board: a bound, far above what a centre has on a day."""


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as it stands. ``rank`` of ``considered`` and ``decided_by`` tell why it got its car.

    ``late_since`` is the planned return of a trip that is not back.
    """

    booking_id: UUID
    position: int
    unit: str
    category: str
    category_label: Text
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
    status: str
    status_label: Text
    registered_at: datetime | None
    class_rank: int | None
    exceptions: list[str]
    ground: str | None
    ground_label: Text | None
    clause: ClauseRef | None
    vehicle_id: UUID | None
    plate: str | None
    driver_id: UUID | None
    driver_name: str | None
    decided_by: str | None
    rank: int | None
    considered: int | None
    dispatched_position: int | None
    displaced: int
    out_at: datetime | None
    back_at: datetime | None
    km: int
    due_fen: int
    worth_fen: int
    month: str | None
    overdue: int
    late_since: datetime | None


class Car(msgspec.Struct, frozen=True, kw_only=True):
    """A car as it stands."""

    vehicle_id: UUID
    plate: str
    vehicle_class: str
    seats: int
    licence: str
    status: str
    status_label: Text
    odometer_km: int


class Chauffeur(msgspec.Struct, frozen=True, kw_only=True):
    """A driver as he stands."""

    driver_id: UUID
    name: str
    member_id: UUID | None
    licences: list[str]
    duty: list[DutyTime]
    status: str
    status_label: Text


class NotBack(msgspec.Struct, frozen=True, kw_only=True):
    """A trip past its planned return that nobody has recorded as over.

    ``out_at`` is none where nobody recorded its departure either: then it is only presumed that it is under way.
    """

    booking_id: UUID
    unit: str
    ends_at: datetime
    out_at: datetime | None


class CarCandidate(Car, frozen=True, kw_only=True):
    """A car that is free at a request's time and fits; ``not_back`` where an earlier trip still has it."""

    not_back: NotBack | None


class DriverCandidate(Chauffeur, frozen=True, kw_only=True):
    """A driver who is free at a request's time; ``not_back`` where he is still on an earlier trip."""

    not_back: NotBack | None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When a car or driver is kept free; without an end, for good."""

    kind: str
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    reason: str


class Utilisation(msgspec.Struct, frozen=True, kw_only=True):
    """What a car did in a month, by the return of its trips."""

    vehicle_id: UUID
    plate: str
    vehicle_class: str
    status: str
    trips: int
    km: int
    minutes_out: int
    due_fen: int
    worth_fen: int


class RefusalCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often no car was given on a ground, and to how many units."""

    ground: str
    label: Text
    clause: ClauseRef
    times: int
    units: int


class BookingsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which bookings: of a unit, in a status, that overlap a time; after a position."""

    unit: str | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None


def bookings_question(tenant: UUID, asked: BookingsAsked) -> Question:
    """The statement, in the order of the requests."""
    found = (
        Question("fleet_bookings", tenant)
        .where("b.unit = {}", asked.unit)
        .where("b.status = {}", asked.status)
        .where("b.starts_at < {}", asked.until)
        .where("b.requested_position > {}", asked.after)
    )
    if asked.since is not None:
        found.where("b.starts_at > {}", asked.since - LONGEST).where("b.ends_at > {}", asked.since)
    return found.then("order by b.requested_position")


def overlapping_question(tenant: UUID, start: datetime, end: datetime, statuses: tuple[str, ...]) -> Question:
    """The bookings in some statuses that overlap a time, by departure."""
    return _overlapping(tenant, start, end).where("b.status = any ({})", list(statuses)).then("order by b.starts_at")


def waiting_question(tenant: UUID, start: datetime, end: datetime) -> Question:
    """The requests that wait for a car at some time, the one that goes first at the top (R3.2.2)."""
    return (
        _overlapping(tenant, start, end)
        .where("b.status = 'accepted'")
        .then("order by b.class_rank, not b.urgent, b.registered_at, b.booking_id")
    )


def not_back_question(tenant: UUID, now: datetime) -> Question:
    """The trips past their planned return that nobody recorded as over; those whose departure was recorded first."""
    return (
        Question("fleet_bookings", tenant)
        .where("b.status = any ({})", list(HELD))
        .where("b.ends_at <= {}", now)
        .then("order by b.out_at nulls last, b.ends_at, b.booking_id")
    )


def held_by_question(tenant: UUID, kind: str, resource: UUID, start: datetime, end: datetime) -> Question:
    """What a car, or a driver, has and had in a time."""
    column = {"vehicle": "b.vehicle_id", "driver": "b.driver_id"}[kind]
    return (
        _overlapping(tenant, start, end)
        .where(f"{column} = {{}}", resource)
        .where("b.status = any ({})", list(HELD + TOOK_PLACE))
        .then("order by b.starts_at")
    )


def windows_question(tenant: UUID, start: datetime, end: datetime, resource: UUID | None = None) -> Question:
    """When cars and drivers, or one of them, are kept free."""
    return (
        Question("fleet_windows", tenant, start, end)
        .where("w.resource_id = {}", resource)
        .then("order by w.starts_at, w.window_id")
    )


def vehicles_question(tenant: UUID, after: UUID | None = None) -> Question:
    """Cars in the order of their ids."""
    return Question("fleet_vehicles", tenant).where("c.vehicle_id > {}", after).then("order by c.vehicle_id")


def drivers_question(tenant: UUID, after: UUID | None = None) -> Question:
    """Drivers in the order of their ids."""
    return Question("fleet_drivers", tenant).where("d.driver_id > {}", after).then("order by d.driver_id")


def utilisation_question(tenant: UUID, start: datetime, end: datetime, after: UUID | None = None) -> Question:
    """Each car's month."""
    return (
        Question("vehicle_utilisation", tenant, start, end)
        .where("c.vehicle_id > {}", after)
        .then("order by c.vehicle_id")
    )


def refusals_question(tenant: UUID, start: datetime, end: datetime) -> Question:
    """Refusals by ground, the most frequent first."""
    return Question("vehicle_refusals", tenant, start, end).then(
        "group by b.ground, b.clause order by count(*) desc, b.ground, b.clause"
    )


def _overlapping(tenant: UUID, start: datetime, end: datetime) -> Question:
    return (
        Question("fleet_bookings", tenant)
        .where("b.starts_at < {}", end)
        .where("b.starts_at > {}", start - LONGEST)
        .where("b.ends_at > {}", start)
    )


async def bookings(connection: Connection, found: Question, zone: tzinfo, limit: int = MAX_SHOWN) -> list[Booking]:
    """The bookings that a question finds."""
    return [_booking(row, zone) for row in await found.rows(connection, limit)]


async def vehicles(connection: Connection, found: Question, limit: int = MAX_SHOWN) -> list[Car]:
    """The cars that a question finds."""
    return [Car(status_label=VEHICLE_STATUSES[row["status"]], **row) for row in await found.rows(connection, limit)]


async def drivers(connection: Connection, found: Question, limit: int = MAX_SHOWN) -> list[Chauffeur]:
    """The drivers that a question finds."""
    return [
        Chauffeur(
            driver_id=row["driver_id"],
            name=row["name"],
            member_id=row["member_id"],
            licences=row["licences"].split(),
            duty=msgspec.json.decode(row["duty"], type=list[DutyTime]),
            status=row["status"],
            status_label=DRIVER_STATUSES[row["status"]],
        )
        for row in await found.rows(connection, limit)
    ]


async def windows(connection: Connection, found: Question, zone: tzinfo, limit: int = MAX_SHOWN) -> list[Window]:
    """When what a question finds is kept free."""
    return [
        Window(
            kind=row["kind"],
            resource_id=row["resource_id"],
            starts_at=row["starts_at"].astimezone(zone),
            ends_at=row["ends_at"] and row["ends_at"].astimezone(zone),
            reason=row["reason"],
        )
        for row in await found.rows(connection, limit)
    ]


async def utilisation(connection: Connection, found: Question, limit: int) -> list[Utilisation]:
    """What each car did."""
    return [Utilisation(**row) for row in await found.rows(connection, limit)]


async def refusals(connection: Connection, found: Question) -> list[RefusalCount]:
    """Why no car was given, and how often."""
    return [
        RefusalCount(
            ground=row["ground"],
            label=REFUSAL_GROUNDS[row["ground"]],
            clause=clause_ref(row["clause"]),
            times=row["times"],
            units=row["units"],
        )
        for row in await found.rows(connection, MAX_SHOWN)
    ]


def car_candidate(car: Car, late: Sequence[Booking]) -> CarCandidate:
    """A car as a candidate, with the trip of ``late`` that still has it."""
    return CarCandidate(**asdict(car), not_back=_not_back(late, car.vehicle_id))


def driver_candidate(driver: Chauffeur, late: Sequence[Booking]) -> DriverCandidate:
    """A driver as a candidate, with the trip of ``late`` that he is still on."""
    return DriverCandidate(**asdict(driver), not_back=_not_back(late, driver.driver_id))


def _not_back(late: Sequence[Booking], resource: UUID) -> NotBack | None:
    """The first of the trips that has a car, or a driver; none where none has."""
    for each in late:
        if resource in (each.vehicle_id, each.driver_id):
            return NotBack(booking_id=each.booking_id, unit=each.unit, ends_at=each.ends_at, out_at=each.out_at)
    return None


def _booking(row: Any, zone: tzinfo) -> Booking:
    shown = dict(row)
    for instant in ("starts_at", "ends_at", "registered_at", "out_at", "back_at", "late_since"):
        shown[instant] = shown[instant] and shown[instant].astimezone(zone)
    clause, ground = shown.pop("clause"), shown["ground"]
    return Booking(
        category_label=Text(shown.pop("category_zh"), shown.pop("category_en")),
        status_label=BOOKING_STATUSES[shown["status"]],
        exceptions=shown.pop("grounds").split(),
        ground_label=None if ground is None else REFUSAL_GROUNDS[ground],
        clause=None if clause is None else clause_ref(clause),
        **shown,
    )
