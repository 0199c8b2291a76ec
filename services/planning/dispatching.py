"""What the service lays before a dispatch: cars, drivers and waiting requests as they stand at this moment (R3.2.2).

People name a car and a driver; the facts that the domain decides on are read here, whoever asks: the API, the loader
of the demonstration.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.dispatch_proposal import DISPATCH_PROPOSAL, ProposalState, proposal_id
from domain.driver import DRIVER, DriverState
from domain.driver.duty import on_duty
from domain.kernel import Command, Refusal, State
from domain.vehicle import VEHICLE, VehicleState
from domain.vehicle_booking import VEHICLE_BOOKING, BookingState
from domain.vehicle_booking import commands as c
from domain.vehicle_booking.facts import Beneficiary, DriverFacts, Known, Pair, VehicleFacts, Waiting
from infra.database import Connection
from projections import fleet_board as fleet
from projections.asking import position_of
from services.runtime.commands import Beside
from services.runtime.config import TenantConfig
from services.runtime.runtime import Runtime

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]
ProposalName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[0-9a-zA-Z:._-]+$")]


class DispatchBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which car and driver; why waiting requests that go first are passed over, or a driver goes off duty.

    ``proposal`` names the computed assignment that was looked at, whether it is followed or not.
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
    """For which request, which gets car and driver at once, and what the displaced unit is told.

    The remarks are those of a dispatch.
    """

    beneficiary: UUID
    notice: Reason
    passing_over: Remark = ""
    off_duty: Remark = ""


class Laid(msgspec.Struct, frozen=True):
    """A command with its facts laid down, and what is done beside it or not at all."""

    command: Command
    beside: tuple[Beside, ...] = ()


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """From where the facts are read: a tenant's transaction, with its configuration."""

    runtime: Runtime
    connection: Connection
    tenant: UUID
    config: TenantConfig

    async def state(self, noun: str, stream: UUID) -> State | None:
        """A stream as it stands; none of another tenant's."""
        return (await self.runtime.states.read(self.connection, self.tenant, noun, stream)).state


Prepare = Callable[[Sight, UUID, BookingState, Any], Awaitable[Laid]]


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A command whose facts are laid down here, and what people send of it."""

    command: type[Command]
    body: type[msgspec.Struct]
    prepare: Prepare


async def dispatching(sight: Sight, booking: UUID, state: BookingState, body: DispatchBody) -> Laid:
    """A car and a driver are given."""
    vehicle = await _vehicle(sight, body.vehicle)
    driver = await _driver(sight, body.driver, state.starts_at, state.ends_at)
    position = await position_of(sight.connection, sight.tenant, fleet.PROJECTION)
    waiting = await rivals(sight, booking, state, vehicle)
    proposed = None if body.proposal is None else await _proposed(sight, booking, body.proposal)
    return Laid(
        c.DispatchVehicle(
            vehicle=vehicle,
            driver=driver,
            known=Known(waiting=waiting, position=position, proposal=body.proposal, proposed=proposed),
            passing_over=body.passing_over,
            off_duty=body.off_duty,
        )
    )


async def swapping(sight: Sight, _: UUID, state: BookingState, body: SwapBody) -> Laid:
    """Another car or driver is given."""
    return Laid(
        c.SwapDispatch(
            vehicle=await _vehicle(sight, body.vehicle),
            driver=await _driver(sight, body.driver, state.starts_at, state.ends_at),
            reason=body.reason,
            off_duty=body.off_duty,
        )
    )


async def displacing(sight: Sight, _: UUID, state: BookingState, body: DisplaceBody) -> Laid:
    """The car is taken back and given to another request at once, so that nobody takes it in between."""
    other = await sight.state(VEHICLE_BOOKING.noun, body.beneficiary)
    if not isinstance(other, BookingState):
        raise _unknown("beneficiary", "用车申请", "booking")
    command = c.DisplaceBooking(
        beneficiary=Beneficiary(
            booking_id=body.beneficiary,
            unit=other.unit,
            class_rank=other.class_rank or 0,
            status=other.status,
            starts_at=other.starts_at,
            ends_at=other.ends_at,
        ),
        notice=body.notice,
    )
    if state.vehicle is None or state.driver is None:  # nothing to take back, as the decision will say
        return Laid(command)
    given = DispatchBody(
        vehicle=state.vehicle.vehicle_id,
        driver=state.driver.driver_id,
        passing_over=body.passing_over,
        off_duty=body.off_duty,
    )
    dispatch = (await dispatching(sight, body.beneficiary, other, given)).command
    return Laid(command, (Beside(decider=VEHICLE_BOOKING, stream=body.beneficiary, command=dispatch),))


PREPARED: Mapping[str, Prepared] = {
    VEHICLE_BOOKING.spec(each.command).name: each
    for each in (
        Prepared(command=c.DispatchVehicle, body=DispatchBody, prepare=dispatching),
        Prepared(command=c.SwapDispatch, body=SwapBody, prepare=swapping),
        Prepared(command=c.DisplaceBooking, body=DisplaceBody, prepare=displacing),
    )
}
"""By the names of the commands on a booking."""


async def rivals(sight: Sight, booking: UUID, state: BookingState, vehicle: VehicleFacts) -> tuple[Waiting, ...]:
    """The requests that wait at the same time and that the car would fit, as far as the read model has come."""
    found = await fleet.bookings(
        sight.connection,
        fleet.waiting_question(sight.tenant, state.starts_at, state.ends_at),
        ZoneInfo(sight.config.calendar.timezone),
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


async def _proposed(sight: Sight, booking: UUID, name: str) -> Pair | None:
    """What a proposal that was really made found for a request that it was asked about."""
    state = await sight.state(DISPATCH_PROPOSAL.noun, proposal_id(sight.tenant, name))
    if not isinstance(state, ProposalState):
        raise _unknown("proposal", "派车建议", "proposal")
    if booking not in state.asked:
        raise Refusal(
            "proposal_of_others",
            zh="该派车建议未涉及这一申请",
            en="The proposal was not asked about this request.",
            clause="R3.2.2",
            kind="value",
            field="proposal",
        )
    given = state.assigned.get(booking)
    return None if given is None else Pair(vehicle_id=given.vehicle_id, driver_id=given.driver_id)


async def _vehicle(sight: Sight, vehicle: UUID) -> VehicleFacts:
    state = await sight.state(VEHICLE.noun, vehicle)
    if not isinstance(state, VehicleState):
        raise _unknown("vehicle", "车辆", "car")
    return VehicleFacts(
        vehicle_id=vehicle,
        plate=state.plate,
        vehicle_class=state.vehicle_class,
        seats=state.seats,
        licence=state.licence,
        in_service=state.status == "in_service",
    )


async def _driver(sight: Sight, driver: UUID, starts_at: datetime, ends_at: datetime) -> DriverFacts:
    state = await sight.state(DRIVER.noun, driver)
    if not isinstance(state, DriverState):
        raise _unknown("driver", "驾驶员", "driver")
    return DriverFacts(
        driver_id=driver,
        name=state.name,
        member_id=state.member_id,
        licences=state.licences,
        drives=state.status == "on_duty",
        on_duty=on_duty(state.duty, starts_at, ends_at, sight.config.calendar),
    )


def _unknown(field: str, zh: str, en: str) -> Refusal:
    """An id that is nobody's, here; another tenant's looks the same."""
    return Refusal(
        f"{field}_unknown", zh=f"没有这一{zh}", en=f"There is no such {en}.", clause="R3.2.2", kind="value", field=field
    )
