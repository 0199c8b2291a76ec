"""A computed assignment for a day: proposed, never carried out; dispatchers dispatch, naming the proposal (R3.2.2)."""

import asyncio
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.driver.duty import on_duty
from domain.kernel import Refusal
from projections import fleet_board as fleet
from services.api.asking import Asking, asking, query
from services.api.parameters import day_parameter
from services.api.requests import Desk, HttpRequest
from services.planning.assignment import Asked, Assignment, Busy, Car, Chauffeur, TooLarge, assign

DAY = day_parameter("day", "For the requests that wait on this date; today unless named.")
READ = "vehicle_booking.dispatch_vehicle"


class ProposedDispatch(msgspec.Struct, frozen=True):
    """A request with its proposed car and driver, in the order in which they go."""

    booking_id: UUID
    unit: str
    class_rank: int | None
    vehicle_id: UUID
    plate: str
    driver_id: UUID
    driver_name: str


class Unserved(msgspec.Struct, frozen=True):
    """A request for which nothing is left; ``fits`` tells whether any free car and driver would fit it alone."""

    booking_id: UUID
    unit: str
    class_rank: int | None
    fits: bool


class Proposal(msgspec.Struct, frozen=True):
    """A day's assignment. ``name`` is what a dispatch that follows it says; the same data make the same proposal.

    ``optimal`` is false where the time allowed did not suffice to prove that nothing serves more.
    """

    name: str
    day: date
    optimal: bool
    assigned: list[ProposedDispatch]
    unserved: list[Unserved]


def proposal_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    one_at_a_time = asyncio.Semaphore(1)

    @query("/v1/vehicle-dispatch/proposal", "vehicle-bookings", "派车建议 · A computed assignment", (DAY,))
    async def proposal(request: HttpRequest) -> Response[Proposal]:
        """The most that can be served on a day, the first classes first. `vehicle_booking.dispatch_vehicle`."""
        async with asking(desk, request, READ, (DAY,), projections=(fleet.PROJECTION,)) as asked:
            day = DAY.of(request) or asked.now.astimezone(asked.zone).date()
            question = await _question(asked, day)
        async with one_at_a_time:  # it computes for up to seconds; the rest of the service goes on beside it
            try:
                found = await asyncio.to_thread(assign, question.requests, question.cars, question.drivers)
            except TooLarge:
                raise Refusal(
                    "too_large",
                    zh="申请、车辆或驾驶员过多，请分批派车",
                    en="There are too many requests, cars and drivers for a proposal.",
                    clause="R3.2.2",
                ) from None
            alone = await asyncio.to_thread(_fitting, question, found)
        return asked.answer(_proposal(day, question, found, alone))

    return [proposal]


class _Question(msgspec.Struct, frozen=True):
    requests: list[Asked]
    cars: list[Car]
    drivers: list[Chauffeur]
    bookings: dict[UUID, fleet.Booking]
    plates: dict[UUID, str]
    names: dict[UUID, str]


async def _question(asked: Asking, day: date) -> _Question:
    """What is known of a day, of the moment of the read model."""
    connection, tenant, zone = asked.connection, asked.tenant, asked.zone
    start = datetime.combine(day, time.min, zone)
    waiting = await fleet.bookings(connection, fleet.waiting_question(tenant, start, start + timedelta(days=1)), zone)
    first = min((each.starts_at for each in waiting), default=start)
    last = max((each.ends_at for each in waiting), default=start + timedelta(days=1))
    held = await fleet.bookings(connection, fleet.overlapping_question(tenant, first, last, fleet.HELD), zone)
    windows = await fleet.windows(connection, fleet.windows_question(tenant, first, last), zone)
    busy: dict[UUID | None, list[Busy]] = {}
    for each in held:
        for resource in (each.vehicle_id, each.driver_id):
            busy.setdefault(resource, []).append((each.starts_at, each.ends_at))
    for window in windows:
        busy.setdefault(window.resource_id, []).append((window.starts_at, window.ends_at))
    vehicles = await fleet.vehicles(connection, fleet.vehicles_question(tenant))
    drivers = await fleet.drivers(connection, fleet.drivers_question(tenant))
    return _Question(
        requests=[_asked(each) for each in waiting],
        cars=[_car(each, tuple(busy.get(each.vehicle_id, ()))) for each in vehicles if each.status == "in_service"],
        drivers=[
            _chauffeur(asked, each, tuple(busy.get(each.driver_id, ())), waiting)
            for each in drivers
            if each.status == "on_duty"
        ],
        bookings={each.booking_id: each for each in waiting},
        plates={each.vehicle_id: each.plate for each in vehicles},
        names={each.driver_id: each.name for each in drivers},
    )


def _asked(each: fleet.Booking) -> Asked:
    return Asked(
        booking_id=each.booking_id,
        class_rank=each.class_rank or 0,
        urgent=each.urgent,
        registered_at=each.registered_at or each.starts_at,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        party_size=each.party_size,
        vehicle_class=each.vehicle_class,
    )


def _car(each: fleet.Car, busy: tuple[Busy, ...]) -> Car:
    return Car(
        vehicle_id=each.vehicle_id,
        vehicle_class=each.vehicle_class,
        seats=each.seats,
        licence=each.licence,
        busy=busy,
    )


def _chauffeur(asked: Asking, each: fleet.Chauffeur, busy: tuple[Busy, ...], waiting: list[fleet.Booking]) -> Chauffeur:
    calendar, duty = asked.reader.config.calendar, tuple(each.duty)
    off = (one.booking_id for one in waiting if not on_duty(duty, one.starts_at, one.ends_at, calendar))
    return Chauffeur(driver_id=each.driver_id, licences=tuple(each.licences), busy=busy, off_duty=frozenset(off))


def _fitting(question: _Question, found: Assignment) -> frozenset[UUID]:
    """Which of the unserved requests would have a car and driver if they were alone."""
    left = set(found.unserved)
    return frozenset(
        one.booking_id
        for one in question.requests
        if one.booking_id in left and assign([one], question.cars, question.drivers).assigned
    )


def _proposal(day: date, question: _Question, found: Assignment, alone: frozenset[UUID]) -> Proposal:
    known = question.bookings
    return Proposal(
        name=f"{day.isoformat()}:{found.digest}",
        day=day,
        optimal=found.optimal,
        assigned=[
            ProposedDispatch(
                one.booking_id,
                known[one.booking_id].unit,
                known[one.booking_id].class_rank,
                one.vehicle_id,
                question.plates[one.vehicle_id],
                one.driver_id,
                question.names[one.driver_id],
            )
            for one in found.assigned
        ],
        unserved=[Unserved(each, known[each].unit, known[each].class_rank, each in alone) for each in found.unserved],
    )
