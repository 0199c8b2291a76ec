"""A computed assignment of a day (派车建议): what was asked, what was found, and how; proposed, never carried out.

Dispatchers dispatch, naming it; a proposal is made once from the same data, and nothing changes it afterwards.
"""

from datetime import date, datetime
from itertools import pairwise
from typing import Annotated
from uuid import UUID

import msgspec

from domain.kernel import Command, CommandSpec, Context, Decider, Event, Refusal, State, Text, derived_id

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Digest = Annotated[str, msgspec.Meta(min_length=16, max_length=64, pattern=r"^[0-9a-f]{16,64}$(?!\n)")]
Position = Annotated[int, msgspec.Meta(ge=0)]


class Taken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a car or driver was taken already; without an end, for good."""

    starts_at: datetime
    ends_at: datetime | None


class AskedFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that waited."""

    booking_id: UUID
    class_rank: int
    urgent: bool
    registered_at: datetime
    starts_at: datetime
    ends_at: datetime
    party_size: int
    vehicle_class: str | None


class CarThere(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A car in service."""

    vehicle_id: UUID
    vehicle_class: str
    seats: int
    licence: str
    busy: tuple[Taken, ...]


class DriverThere(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A driver who drives; ``off_duty`` names the requests outside his duty."""

    driver_id: UUID
    licences: tuple[str, ...]
    busy: tuple[Taken, ...]
    off_duty: tuple[UUID, ...]


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request with the car and driver proposed for it."""

    booking_id: UUID
    vehicle_id: UUID
    driver_id: UUID


class RecordProposal(Command, frozen=True, kw_only=True):
    """Keep a computed assignment (登记派车建议). The service computes it and lays it down."""

    day: date
    digest: Digest
    position: Position
    solver: Name
    objective: Name
    optimal: bool
    requests: tuple[AskedFor, ...]
    cars: tuple[CarThere, ...]
    drivers: tuple[DriverThere, ...]
    assigned: tuple[Given, ...]


class ProposalMade(Event, frozen=True, kw_only=True, tag="dispatch_proposal.made"):
    """An assignment was computed, from what was known at a position of the tenant's order.

    ``digest`` follows from question and answer; ``optimal`` tells whether the solver proved that nothing serves more.
    """

    name: str
    day: date
    digest: str
    position: int
    solver: str
    objective: str
    optimal: bool
    requests: tuple[AskedFor, ...]
    cars: tuple[CarThere, ...]
    drivers: tuple[DriverThere, ...]
    assigned: tuple[Given, ...]
    made_by: UUID | None
    clause: str = "R3.2.2"


class ProposalState(State, frozen=True, kw_only=True):
    """One proposal (派车建议). Its question stands in its history."""

    name: str
    day: date
    digest: str
    position: int
    solver: str
    objective: str
    optimal: bool
    asked: tuple[UUID, ...]
    assigned: dict[UUID, Given]


def proposal_id(tenant: UUID, name: str) -> UUID:
    """The stream of a proposal, which its name determines."""
    return derived_id(tenant, "dispatch_proposal", name)


def name_of(day: date, digest: str) -> str:
    """What a dispatch that follows a proposal says."""
    return f"{day.isoformat()}:{digest}"


def record(_: None, command: RecordProposal, context: Context) -> tuple[Event, ...]:
    """Keep it, if it names only what was asked, and nothing twice at once."""
    windows = {one.booking_id: (one.starts_at, one.ends_at) for one in command.requests}
    cars, drivers = {one.vehicle_id for one in command.cars}, {one.driver_id for one in command.drivers}
    held: list[tuple[UUID, datetime, datetime]] = []
    for given in command.assigned:
        if given.booking_id not in windows or given.vehicle_id not in cars or given.driver_id not in drivers:
            raise _unsound()
        held += [(resource, *windows[given.booking_id]) for resource in (given.vehicle_id, given.driver_id)]
    held.sort()
    for before, after in pairwise(held):
        if before[0] == after[0] and after[1] < before[2]:
            raise _unsound()
    return (
        ProposalMade(
            name=name_of(command.day, command.digest),
            day=command.day,
            digest=command.digest,
            position=command.position,
            solver=command.solver,
            objective=command.objective,
            optimal=command.optimal,
            requests=command.requests,
            cars=command.cars,
            drivers=command.drivers,
            assigned=command.assigned,
            made_by=context.actor.id,
        ),
    )


def evolve(state: ProposalState | None, event: Event) -> ProposalState:
    """Fold the one event there is."""
    if state is not None or not isinstance(event, ProposalMade):
        raise TypeError(f"a proposal knows no {type(event).__name__}")
    return ProposalState(
        status="made",
        name=event.name,
        day=event.day,
        digest=event.digest,
        position=event.position,
        solver=event.solver,
        objective=event.objective,
        optimal=event.optimal,
        asked=tuple(one.booking_id for one in event.requests),
        assigned={one.booking_id: one for one in event.assigned},
    )


def _unsound() -> Refusal:
    return Refusal(
        "proposal_unsound",
        zh="派车建议与其依据不符",
        en="The assignment does not fit what it was computed from.",
        clause="R3.2.2",
        kind="value",
        field="assigned",
    )


DISPATCH_PROPOSAL = Decider(
    noun="dispatch_proposal",
    plural="dispatch-proposals",
    title=Text(zh="派车建议", en="dispatch proposal"),
    state=ProposalState,
    statuses=("made",),
    commands=(
        CommandSpec(
            command=RecordProposal,
            handler=record,
            permission="dispatch_proposal.record_proposal",
            summary=Text(zh="计算派车建议", en="Compute an assignment"),
            clause="R3.2.2",
            creates=True,
            own_route=True,
            stream_id=lambda tenant, command: proposal_id(tenant, name_of(command.day, command.digest)),
        ),
    ),
    events=(ProposalMade,),
    evolve=evolve,
)
