"""A computed assignment for a day: kept as it was made, never carried out; dispatches name it (R3.2.2)."""

import asyncio
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from domain.dispatch_proposal import (
    DISPATCH_PROPOSAL,
    AskedFor,
    CarThere,
    DriverThere,
    RecordProposal,
    Taken,
    name_of,
    proposal_id,
)
from domain.driver.duty import on_duty
from domain.kernel import Refusal
from projections import fleet_board as fleet
from projections.asking import position_of
from services.api.bodies import decoder_of, json_response
from services.api.body import decode
from services.api.requests import Desk, HttpRequest, Reader, credential, opened, raw_body
from services.planning.assignment import OBJECTIVE, SOLVER, Assignment, TooLarge, assign
from services.runtime.commands import CommandRequest
from services.runtime.tokens import Token

SPEC = DISPATCH_PROPOSAL.spec(RecordProposal)


class ProposalBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which day; today where none is named."""

    day: date | None = None


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
    """A day's assignment, kept under ``id``. ``name`` is what a dispatch says; the same data make the same proposal.

    ``optimal`` is false where the time allowed did not suffice to prove that nothing serves more.
    """

    id: UUID
    name: str
    day: date
    solver: str
    objective: str
    optimal: bool
    assigned: list[ProposedDispatch]
    unserved: list[Unserved]


def proposal_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    one_at_a_time = asyncio.Semaphore(1)

    @post(
        "/v1/dispatch-proposals",
        opt={"body": ProposalBody},
        tags=["dispatch-proposals"],
        summary=f"{SPEC.summary.zh} · {SPEC.summary.en}",
    )
    async def dispatch_proposal_record_proposal(request: HttpRequest) -> Response[Proposal]:
        """The most that can be served on a day, the first classes first. `dispatch_proposal.record_proposal`."""
        token = credential(request)
        with desk.admitted(request, token.ids[0]):
            body = decode(await raw_body(request, desk.settings.max_body_bytes), decoder_of(ProposalBody))
            async with opened(desk, request, token, SPEC.permission) as reader:
                zone = ZoneInfo(reader.config.calendar.timezone)
                day = body.day or desk.runtime.clock().astimezone(zone).date()
                question = await _question(reader, zone, day)
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
            made = await _kept(desk, request, token, _recorded(day, question, found))
            return json_response(_proposal(made, day, question, found, alone), 201)

    return [dispatch_proposal_record_proposal]


async def _kept(desk: Desk, request: HttpRequest, token: Token, command: RecordProposal) -> UUID:
    """Keep a proposal; one that was made of the same data before is there already."""
    stream = proposal_id(token.ids[0], name_of(command.day, command.digest))
    try:
        await desk.runtime.bus.execute(
            CommandRequest(
                tenant=token.ids[0],
                decider=DISPATCH_PROPOSAL,
                stream=stream,
                command=command,
                authorise=desk.runtime.authority.authorise(token),
                correlation=request.scope["state"]["correlation"],
            )
        )
    except Refusal as refusal:
        if refusal.code != "already_exists":
            raise
    return stream


def _recorded(day: date, question: "_Question", found: Assignment) -> RecordProposal:
    """Question and answer as they are kept."""
    return RecordProposal(
        day=day,
        digest=found.digest,
        position=question.position,
        solver=SOLVER,
        objective=OBJECTIVE,
        optimal=found.optimal,
        requests=tuple(question.requests),
        cars=tuple(question.cars),
        drivers=tuple(question.drivers),
        assigned=found.assigned,
    )


class _Question(msgspec.Struct, frozen=True):
    position: int
    requests: list[AskedFor]
    cars: list[CarThere]
    drivers: list[DriverThere]
    bookings: dict[UUID, fleet.Booking]
    plates: dict[UUID, str]
    names: dict[UUID, str]


async def _question(reader: Reader, zone: ZoneInfo, day: date) -> _Question:
    """What is known of a day, of the moment of the read model."""
    connection, tenant = reader.connection, reader.tenant
    position = await position_of(connection, tenant, fleet.PROJECTION)
    start = datetime.combine(day, time.min, zone)
    waiting = await fleet.bookings(connection, fleet.waiting_question(tenant, start, start + timedelta(days=1)), zone)
    first = min((each.starts_at for each in waiting), default=start)
    last = max((each.ends_at for each in waiting), default=start + timedelta(days=1))
    held = await fleet.bookings(connection, fleet.overlapping_question(tenant, first, last, fleet.HELD), zone)
    windows = await fleet.windows(connection, fleet.windows_question(tenant, first, last), zone)
    busy: dict[UUID | None, list[Taken]] = {}
    for each in held:
        for resource in (each.vehicle_id, each.driver_id):
            busy.setdefault(resource, []).append(Taken(starts_at=each.starts_at, ends_at=each.ends_at))
    for window in windows:
        busy.setdefault(window.resource_id, []).append(Taken(starts_at=window.starts_at, ends_at=window.ends_at))
    vehicles = await fleet.vehicles(connection, fleet.vehicles_question(tenant))
    drivers = await fleet.drivers(connection, fleet.drivers_question(tenant))
    return _Question(
        position=position,
        requests=[_asked(each) for each in waiting],
        cars=[_car(each, tuple(busy.get(each.vehicle_id, ()))) for each in vehicles if each.status == "in_service"],
        drivers=[
            _chauffeur(reader, each, tuple(busy.get(each.driver_id, ())), waiting)
            for each in drivers
            if each.status == "on_duty"
        ],
        bookings={each.booking_id: each for each in waiting},
        plates={each.vehicle_id: each.plate for each in vehicles},
        names={each.driver_id: each.name for each in drivers},
    )


def _asked(each: fleet.Booking) -> AskedFor:
    return AskedFor(
        booking_id=each.booking_id,
        class_rank=each.class_rank or 0,
        urgent=each.urgent,
        registered_at=each.registered_at or each.starts_at,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        party_size=each.party_size,
        vehicle_class=each.vehicle_class,
    )


def _car(each: fleet.Car, busy: tuple[Taken, ...]) -> CarThere:
    return CarThere(
        vehicle_id=each.vehicle_id,
        vehicle_class=each.vehicle_class,
        seats=each.seats,
        licence=each.licence,
        busy=busy,
    )


def _chauffeur(
    reader: Reader, each: fleet.Chauffeur, busy: tuple[Taken, ...], waiting: list[fleet.Booking]
) -> DriverThere:
    calendar, duty = reader.config.calendar, tuple(each.duty)
    off = (one.booking_id for one in waiting if not on_duty(duty, one.starts_at, one.ends_at, calendar))
    return DriverThere(driver_id=each.driver_id, licences=tuple(each.licences), busy=busy, off_duty=tuple(sorted(off)))


def _fitting(question: _Question, found: Assignment) -> frozenset[UUID]:
    """Which of the unserved requests would have a car and driver if they were alone."""
    left = set(found.unserved)
    return frozenset(
        one.booking_id
        for one in question.requests
        if one.booking_id in left and assign([one], question.cars, question.drivers).assigned
    )


def _proposal(made: UUID, day: date, question: _Question, found: Assignment, alone: frozenset[UUID]) -> Proposal:
    known = question.bookings
    return Proposal(
        id=made,
        name=name_of(day, found.digest),
        day=day,
        solver=SOLVER,
        objective=OBJECTIVE,
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
