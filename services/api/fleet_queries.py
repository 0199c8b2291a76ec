"""The vehicle centre's questions: who waits, the day's board, calendars, utilisation, refusals (R3.2.1, R3.2.2)."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.catalogue import decider_of
from domain.kernel import Text, not_found
from domain.periods import first_day, last_day, month_of
from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from projections import fleet_board as fleet
from projections.labels import BOOKING_STATUSES
from services.api.asking import Asking, Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    day_parameter,
    month_parameter,
    text_parameter,
)
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id

DAY = day_parameter("day", "Of this date; today unless named.")
SINCE = day_parameter("from", "From this date on; today unless named.")
UNTIL = day_parameter("to", "Up to this date, included; a week unless named.")
MONTH = month_parameter("month", "Of this month; the current one unless named.")
UNIT = text_parameter("unit", "Of this unit alone.", 120)
STATUS = choice_parameter("status", "In this status.", BOOKING_STATUSES)
MAX_SPAN = timedelta(days=400)

_BOOKINGS: tuple[QueryParameter[Any], ...] = (UNIT, STATUS, SINCE, UNTIL, *PAGING)
_SPAN: tuple[QueryParameter[Any], ...] = (SINCE, UNTIL)
_UTILISATION: tuple[QueryParameter[Any], ...] = (MONTH, *PAGING)
PROJECTIONS = (fleet.PROJECTION,)
READ = "vehicle_booking.read"


class BookingPage(msgspec.Struct, frozen=True):
    """Bookings in the order of their requests; ``next`` is the cursor of the page after this one."""

    items: list[fleet.Booking]
    next: str | None


class VehiclePage(msgspec.Struct, frozen=True):
    """Cars in the order of their ids."""

    items: list[fleet.Car]
    next: str | None


class DriverPage(msgspec.Struct, frozen=True):
    """Drivers in the order of their ids."""

    items: list[fleet.Chauffeur]
    next: str | None


class Board(msgspec.Struct, frozen=True):
    """A day: who waits, in the order in which they go, what is dispatched or done, and when who is kept free.

    ``not_back`` are the trips that are past their planned return at this moment and not recorded as over, of whatever
    day they are; one without ``out_at`` has no departure recorded either, and is presumed under way.
    """

    day: date
    waiting: list[fleet.Booking]
    bookings: list[fleet.Booking]
    not_back: list[fleet.Booking]
    vehicles: list[fleet.Car]
    drivers: list[fleet.Chauffeur]
    windows: list[fleet.Window]


class Waiting(msgspec.Struct, frozen=True):
    """The requests that wait for a car, the one that goes first at the top."""

    items: list[fleet.Booking]


class Calendar(msgspec.Struct, frozen=True):
    """What a car or driver has in a span of days, and when it is kept free."""

    bookings: list[fleet.Booking]
    windows: list[fleet.Window]


class Candidates(msgspec.Struct, frozen=True):
    """For one request: the cars and drivers that are free at its time and fit, and who waits beside it, in order.

    ``rank`` is the request's own place among those that wait; what is free now may be gone when it is asked for.
    What an earlier trip still has past its planned return stands last, with that trip: it can be given, but as long as
    a trip that set out is not recorded as over, the store refuses the next departure with its car or driver.
    """

    vehicles: list[fleet.CarCandidate]
    drivers: list[fleet.DriverCandidate]
    waiting: list[fleet.Booking]
    rank: int | None


class UtilisationPage(msgspec.Struct, frozen=True):
    """Each car's month."""

    month: str
    items: list[fleet.Utilisation]
    next: str | None


class Refusals(msgspec.Struct, frozen=True):
    """Why no car was given in a span of days, the most frequent ground first."""

    items: list[fleet.RefusalCount]


def fleet_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_lists(desk), *_days(desk), *_calendars(desk), *_reports(desk)]


def _lists(desk: Desk) -> list[HTTPRouteHandler]:
    @query("/v1/vehicle-bookings", "vehicle-bookings", "用车申请列表 · Bookings", _BOOKINGS)
    async def bookings(request: HttpRequest) -> Response[BookingPage]:
        """Bookings of a unit, in a status, in a span of days. Permission: `vehicle_booking.read`."""
        async with asking(desk, request, READ, _BOOKINGS, projections=PROJECTIONS) as asked:
            since, until = SINCE.of(request), UNTIL.of(request)
            found = fleet.bookings_question(
                asked.tenant,
                fleet.BookingsAsked(
                    unit=UNIT.of(request),
                    status=STATUS.of(request),
                    since=None if since is None else _midnight(asked, since),
                    until=None if until is None else _midnight(asked, until + timedelta(days=1)),
                    after=decode_cursor(request, Position),
                ),
            )
            rows = await fleet.bookings(asked.connection, found, asked.zone, asked.limit + 1)
            return asked.answer(BookingPage(*asked.cut(rows, lambda each: each.position)))

    @query("/v1/vehicles", "vehicles", "车辆列表 · Vehicles", PAGING)
    async def vehicles(request: HttpRequest) -> Response[VehiclePage]:
        """Every car as it stands. Permission: `vehicle.read`."""
        async with asking(desk, request, "vehicle.read", PAGING, projections=PROJECTIONS) as asked:
            found = fleet.vehicles_question(asked.tenant, decode_cursor(request, UUID))
            rows = await fleet.vehicles(asked.connection, found, asked.limit + 1)
            return asked.answer(VehiclePage(*asked.cut(rows, lambda each: each.vehicle_id)))

    @query("/v1/drivers", "drivers", "驾驶员列表 · Drivers", PAGING)
    async def drivers(request: HttpRequest) -> Response[DriverPage]:
        """Every driver as he stands. Permission: `driver.read`."""
        async with asking(desk, request, "driver.read", PAGING, projections=PROJECTIONS) as asked:
            found = fleet.drivers_question(asked.tenant, decode_cursor(request, UUID))
            rows = await fleet.drivers(asked.connection, found, asked.limit + 1)
            return asked.answer(DriverPage(*asked.cut(rows, lambda each: each.driver_id)))

    return [bookings, vehicles, drivers]


def _days(desk: Desk) -> list[HTTPRouteHandler]:
    @query("/v1/vehicle-dispatch/board", "vehicle-bookings", "调度日表 · Dispatch board of a day", (DAY,))
    async def board(request: HttpRequest) -> Response[Board]:
        """Who waits, who has which car, and who is kept free on a day. Permission: `vehicle_booking.read`."""
        async with asking(desk, request, READ, (DAY,), projections=PROJECTIONS) as asked:
            day = DAY.of(request) or asked.now.astimezone(asked.zone).date()
            return asked.answer(await board_of(asked, day))

    @query("/v1/vehicle-dispatch/waiting", "vehicle-bookings", "待派车申请 · Requests that wait", _SPAN)
    async def waiting(request: HttpRequest) -> Response[Waiting]:
        """By class, urgency and registration (R3.2.2). Permission: `vehicle_booking.read`."""
        async with asking(desk, request, READ, _SPAN, projections=PROJECTIONS) as asked:
            found = fleet.waiting_question(asked.tenant, *_span(asked, request))
            return asked.answer(Waiting(await fleet.bookings(asked.connection, found, asked.zone)))

    @query("/v1/vehicle-bookings/{stream_id:str}/candidates", "vehicle-bookings", "可派车辆与驾驶员 · Candidates")
    async def candidates(request: HttpRequest, stream_id: FromPath[str]) -> Response[Candidates]:
        """The cars and drivers that are free for a request, and who waits beside it. `vehicle_booking.read`."""
        booking = path_id(stream_id)
        async with asking(desk, request, READ, projections=PROJECTIONS) as asked:
            found = await desk.runtime.states.read(asked.connection, asked.tenant, VEHICLE_BOOKING.noun, booking)
            if not isinstance(found.state, BookingState):
                raise not_found(VEHICLE_BOOKING.title)
            return asked.answer(await _candidates(asked, booking, found.state))

    return [board, waiting, candidates]


async def board_of(asked: Asking, day: date) -> Board:
    """A day's board, in one transaction."""
    start, end = _midnight(asked, day), _midnight(asked, day + timedelta(days=1))
    tenant, connection, zone = asked.tenant, asked.connection, asked.zone
    shown = ("dispatched", "out", "returned", "signed", "settled", "no_show")
    return Board(
        day=day,
        waiting=await fleet.bookings(connection, fleet.waiting_question(tenant, start, end), zone),
        bookings=await fleet.bookings(connection, fleet.overlapping_question(tenant, start, end, shown), zone),
        not_back=await fleet.bookings(connection, fleet.not_back_question(tenant, asked.now), zone),
        vehicles=await fleet.vehicles(connection, fleet.vehicles_question(tenant)),
        drivers=await fleet.drivers(connection, fleet.drivers_question(tenant)),
        windows=await fleet.windows(connection, fleet.windows_question(tenant, start, end), zone),
    )


async def _candidates(asked: Asking, booking: UUID, state: BookingState) -> Candidates:
    tenant, connection, zone = asked.tenant, asked.connection, asked.zone
    start, end = state.starts_at, state.ends_at
    held = await fleet.bookings(connection, fleet.overlapping_question(tenant, start, end, fleet.HELD), zone)
    windows = await fleet.windows(connection, fleet.windows_question(tenant, start, end), zone)
    taken = {each.resource_id for each in windows}
    taken |= {each.vehicle_id for each in held if each.vehicle_id} | {each.driver_id for each in held if each.driver_id}
    waiting = await fleet.bookings(connection, fleet.waiting_question(tenant, start, end), zone)
    own = next((place for place, each in enumerate(waiting, 1) if each.booking_id == booking), None)
    late = await fleet.bookings(connection, fleet.not_back_question(tenant, asked.now), zone)
    vehicles = [
        fleet.car_candidate(each, late)
        for each in await fleet.vehicles(connection, fleet.vehicles_question(tenant))
        if each.vehicle_id not in taken and each.status == "in_service" and each.seats >= state.party_size
    ]
    drivers = [
        fleet.driver_candidate(each, late)
        for each in await fleet.drivers(connection, fleet.drivers_question(tenant))
        if each.driver_id not in taken and each.status == "on_duty"
    ]
    return Candidates(
        vehicles=sorted(vehicles, key=lambda each: each.not_back is not None),
        drivers=sorted(drivers, key=lambda each: each.not_back is not None),
        waiting=waiting,
        rank=own,
    )


def _calendars(desk: Desk) -> list[HTTPRouteHandler]:
    async def answered(request: HttpRequest, kind: str, permission: str, resource: UUID) -> Response[Calendar]:
        async with asking(desk, request, permission, _SPAN, projections=PROJECTIONS) as asked:
            known = await desk.runtime.states.read(asked.connection, asked.tenant, kind, resource)
            if known.state is None:
                raise not_found(decider_of(kind).title)
            start, end = _span(asked, request)
            held = fleet.held_by_question(asked.tenant, kind, resource, start, end)
            windows = fleet.windows_question(asked.tenant, start, end, resource)
            return asked.answer(
                Calendar(
                    await fleet.bookings(asked.connection, held, asked.zone),
                    await fleet.windows(asked.connection, windows, asked.zone),
                )
            )

    @query("/v1/vehicles/{stream_id:str}/calendar", "vehicles", "车辆日程 · A car's calendar", _SPAN)
    async def of_vehicle(request: HttpRequest, stream_id: FromPath[str]) -> Response[Calendar]:
        """Its trips, and when it is kept free. Permission: `vehicle.read`."""
        return await answered(request, "vehicle", "vehicle.read", path_id(stream_id))

    @query("/v1/drivers/{stream_id:str}/calendar", "drivers", "驾驶员日程 · A driver's calendar", _SPAN)
    async def of_driver(request: HttpRequest, stream_id: FromPath[str]) -> Response[Calendar]:
        """His trips, and when he is away. Permission: `driver.read`."""
        return await answered(request, "driver", "driver.read", path_id(stream_id))

    return [of_vehicle, of_driver]


def _reports(desk: Desk) -> list[HTTPRouteHandler]:
    @query("/v1/reports/vehicle-utilisation", "reports", "车辆使用情况 · Utilisation of cars", _UTILISATION)
    async def utilisation(request: HttpRequest) -> Response[UtilisationPage]:
        """Trips, kilometres, time out and worth of each car in a calendar month. Permission: `vehicle.read`."""
        async with asking(desk, request, "vehicle.read", _UTILISATION, projections=PROJECTIONS) as asked:
            month = MONTH.of(request) or month_of(asked.now.astimezone(asked.zone).date())
            start, end = _midnight(asked, first_day(month)), _midnight(asked, last_day(month) + timedelta(days=1))
            found = fleet.utilisation_question(asked.tenant, start, end, decode_cursor(request, UUID))
            rows = await fleet.utilisation(asked.connection, found, asked.limit + 1)
            return asked.answer(UtilisationPage(month, *asked.cut(rows, lambda each: each.vehicle_id)))

    @query("/v1/reports/vehicle-refusals", "reports", "不派车原因 · Refusals by ground", _SPAN)
    async def refusals(request: HttpRequest) -> Response[Refusals]:
        """Each ground with its clause, and how often. Permission: `vehicle_booking.read`."""
        async with asking(desk, request, READ, _SPAN, projections=PROJECTIONS) as asked:
            found = fleet.refusals_question(asked.tenant, *_span(asked, request))
            return asked.answer(Refusals(await fleet.refusals(asked.connection, found)))

    return [utilisation, refusals]


def _span(asked: Asking, request: HttpRequest) -> tuple[datetime, datetime]:
    """The span of days asked for, a week from today unless named."""
    since = SINCE.of(request) or asked.now.astimezone(asked.zone).date()
    until = UNTIL.of(request) or since + timedelta(days=6)
    if not timedelta() <= until - since <= MAX_SPAN:
        text = Text(f"to 须在 from 之后{MAX_SPAN.days}天内", f"to must follow from within {MAX_SPAN.days} days.")
        raise Problem(400, "bad_parameter", text, field="/to")
    return _midnight(asked, since), _midnight(asked, until + timedelta(days=1))


def _midnight(asked: Asking, day: date) -> datetime:
    return datetime.combine(day, time.min, asked.zone)
