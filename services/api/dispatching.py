"""Dispatch: routes that lay before the domain what the service knows of cars, drivers and waiting requests (R3.2.2)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.driver import DRIVER, DriverState
from domain.driver.duty import on_duty
from domain.kernel import Command, Refusal, not_found
from domain.vehicle import VEHICLE, VehicleState
from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from domain.vehicle_booking import commands as c
from domain.vehicle_booking.facts import Beneficiary, DriverFacts, Known, VehicleFacts, Waiting
from projections import fleet_board as fleet
from projections.asking import position_of
from services.api.bodies import decoder_of
from services.api.body import decode, require_json
from services.api.commands import answer
from services.api.requests import (
    Desk,
    HttpRequest,
    Reader,
    credential,
    header,
    if_match,
    key_use,
    opened,
    path_id,
    raw_body,
)
from services.runtime.commands import CommandRequest

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]
ProposalName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[0-9a-zA-Z:._-]+$")]


class DispatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which car and driver; why waiting requests that go first are passed over, or a driver goes off duty.

    ``proposal`` names the computed assignment that is followed.
    """

    vehicle: UUID
    driver: UUID
    passing_over: Remark = ""
    off_duty: Remark = ""
    proposal: ProposalName | None = None


class SwapBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which car and driver instead, and why."""

    vehicle: UUID
    driver: UUID
    reason: Reason
    off_duty: Remark = ""


class DisplaceBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which request, and what the displaced unit is told."""

    beneficiary: UUID
    notice: Reason


Prepare = Callable[[Desk, Reader, UUID, BookingState, Any], Awaitable[Command]]


def dispatch_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [
        _route(desk, c.DispatchVehicle, DispatchBody, _dispatching),
        _route(desk, c.SwapDispatch, SwapBody, _swapping),
        _route(desk, c.DisplaceBooking, DisplaceBody, _displacing),
    ]


def _route(desk: Desk, command: type[Command], body_type: type[msgspec.Struct], prepare: Prepare) -> HTTPRouteHandler:
    """A command whose facts the service lays down: what it reads is what stands at this moment."""
    spec = VEHICLE_BOOKING.spec(command)

    async def act(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        token, booking = credential(request), path_id(stream_id)
        tenant = token.ids[0]
        with desk.admitted(request, tenant):
            raw = await raw_body(request, desk.settings.max_body_bytes)
            require_json((header(request, b"content-type") or "").encode())
            body = decode(raw, decoder_of(body_type))
            async with opened(desk, request, token, spec.permission) as reader:
                state = await _booking(desk, reader, booking)
                prepared = await prepare(desk, reader, booking, state, body)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=VEHICLE_BOOKING,
                    stream=booking,
                    command=prepared,
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    key=key_use(request, raw),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        return answer(VEHICLE_BOOKING, spec, result)

    act.__name__ = act.__qualname__ = f"vehicle_booking_{spec.name}"
    act.__doc__ = f"{(command.__doc__ or '').strip()}\n\nPermission: `{spec.permission}`."
    return post(
        f"/v1/vehicle-bookings/{{stream_id:str}}/{spec.name.replace('_', '-')}",
        opt={"body": body_type, "headers": ("If-Match", "Idempotency-Key")},
        tags=["vehicle-bookings"],
        summary=f"{spec.summary.zh} · {spec.summary.en}",
    )(act)


async def _dispatching(desk: Desk, reader: Reader, booking: UUID, state: BookingState, body: DispatchBody) -> Command:
    vehicle = await _vehicle(desk, reader, body.vehicle)
    driver = await _driver(desk, reader, body.driver, state.starts_at, state.ends_at)
    position = await position_of(reader.connection, reader.tenant, fleet.PROJECTION)
    waiting = await rivals(reader, booking, state, vehicle)
    return c.DispatchVehicle(
        vehicle=vehicle,
        driver=driver,
        known=Known(waiting=waiting, position=position, proposal=body.proposal),
        passing_over=body.passing_over,
        off_duty=body.off_duty,
    )


async def _swapping(desk: Desk, reader: Reader, _: UUID, state: BookingState, body: SwapBody) -> Command:
    return c.SwapDispatch(
        vehicle=await _vehicle(desk, reader, body.vehicle),
        driver=await _driver(desk, reader, body.driver, state.starts_at, state.ends_at),
        reason=body.reason,
        off_duty=body.off_duty,
    )


async def _displacing(desk: Desk, reader: Reader, _: UUID, __: BookingState, body: DisplaceBody) -> Command:
    found = await desk.runtime.states.read(reader.connection, reader.tenant, VEHICLE_BOOKING.noun, body.beneficiary)
    if not isinstance(found.state, BookingState):
        raise _unknown("beneficiary", "用车申请", "booking")
    other = found.state
    beneficiary = Beneficiary(
        booking_id=body.beneficiary,
        unit=other.unit,
        class_rank=other.class_rank or 0,
        status=other.status,
        starts_at=other.starts_at,
        ends_at=other.ends_at,
    )
    return c.DisplaceBooking(beneficiary=beneficiary, notice=body.notice)


async def rivals(reader: Reader, booking: UUID, state: BookingState, vehicle: VehicleFacts) -> tuple[Waiting, ...]:
    """The requests that wait at the same time and that the car would fit, as far as the read model has come."""
    found = await fleet.bookings(
        reader.connection,
        fleet.waiting_question(reader.tenant, state.starts_at, state.ends_at),
        ZoneInfo(reader.config.calendar.timezone),
    )
    return tuple(
        Waiting(
            booking_id=each.booking_id,
            unit=each.unit,
            priority=each.priority,
            class_rank=each.class_rank or 0,
            urgent=each.urgent,
            registered_at=each.registered_at or each.starts_at,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            party_size=each.party_size,
        )
        for each in found
        if each.booking_id != booking
        and each.party_size <= vehicle.seats
        and each.vehicle_class in (None, vehicle.vehicle_class)
    )


async def _booking(desk: Desk, reader: Reader, booking: UUID) -> BookingState:
    found = await desk.runtime.states.read(reader.connection, reader.tenant, VEHICLE_BOOKING.noun, booking)
    if not isinstance(found.state, BookingState):
        raise not_found(VEHICLE_BOOKING.title)
    return found.state


async def _vehicle(desk: Desk, reader: Reader, vehicle: UUID) -> VehicleFacts:
    found = await desk.runtime.states.read(reader.connection, reader.tenant, VEHICLE.noun, vehicle)
    if not isinstance(found.state, VehicleState):
        raise _unknown("vehicle", "车辆", "car")
    state = found.state
    return VehicleFacts(
        vehicle_id=vehicle,
        plate=state.plate,
        vehicle_class=state.vehicle_class,
        seats=state.seats,
        licence=state.licence,
        in_service=state.status == "in_service",
    )


async def _driver(desk: Desk, reader: Reader, driver: UUID, starts_at: datetime, ends_at: datetime) -> DriverFacts:
    found = await desk.runtime.states.read(reader.connection, reader.tenant, DRIVER.noun, driver)
    if not isinstance(found.state, DriverState):
        raise _unknown("driver", "驾驶员", "driver")
    state = found.state
    return DriverFacts(
        driver_id=driver,
        name=state.name,
        member_id=state.member_id,
        licences=state.licences,
        drives=state.status == "on_duty",
        on_duty=on_duty(state.duty, starts_at, ends_at, reader.config.calendar),
    )


def _unknown(field: str, zh: str, en: str) -> Refusal:
    """An id that is nobody's, here; another tenant's looks the same."""
    return Refusal(
        f"{field}_unknown", zh=f"没有这一{zh}", en=f"There is no such {en}.", clause="R3.2.2", kind="value", field=field
    )
