"""What the service knows and lays before a decision: a car, a driver, the requests that wait beside this one."""

from datetime import datetime
from uuid import UUID

import msgspec


class VehicleFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A car as it stands."""

    vehicle_id: UUID
    plate: str
    vehicle_class: str
    seats: int
    licence: str
    in_service: bool


class DriverFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A driver as he stands; ``on_duty`` tells whether the whole window lies within his duty times."""

    driver_id: UUID
    name: str
    member_id: UUID | None
    licences: tuple[str, ...]
    drives: bool
    on_duty: bool


class Waiting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request that waits for a car at the same time, and would fit the one at hand."""

    booking_id: UUID
    unit: str
    priority: str | None
    class_rank: int
    urgent: bool
    registered_at: datetime
    starts_at: datetime
    ends_at: datetime
    party_size: int


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A car and a driver."""

    vehicle_id: UUID
    driver_id: UUID


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was known when a car was given: the waiting requests, as of a position of the tenant's order.

    ``proposal`` names the computed assignment that the dispatcher had before him, if any; ``proposed`` is the car and
    driver that it found for the request, none where it found none.
    """

    waiting: tuple[Waiting, ...]
    position: int
    proposal: str | None = None
    proposed: Pair | None = None


class Beneficiary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The request for whose sake another is to give way."""

    booking_id: UUID
    unit: str
    class_rank: int
    status: str
    starts_at: datetime
    ends_at: datetime
