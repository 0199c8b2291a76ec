"""What is asked of a driver's record, and what happened to it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.kernel import Command, Event

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Licence = Annotated[str, msgspec.Meta(min_length=2, max_length=2, pattern=r"^(A1|A2|A3|B1|B2|C1|C2)$")]
Licences = Annotated[tuple[Licence, ...], msgspec.Meta(min_length=1, max_length=7)]
Minute = Annotated[int, msgspec.Meta(ge=0, le=1440)]
"""A minute of the day, counted from midnight."""
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
FeedHash = Annotated[str, msgspec.Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]


class DutyTime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a driver is on duty on a weekday (值班时段); Monday is 1, Sunday 7."""

    weekday: Annotated[int, msgspec.Meta(ge=1, le=7)]
    from_minute: Minute
    to_minute: Minute


DutyTimes = Annotated[tuple[DutyTime, ...], msgspec.Meta(max_length=28)]


class RegisterDriver(Command, frozen=True, kw_only=True):
    """Take a driver on (驾驶员登记). ``member_id`` is whom the driver signs in as, where he does.

    Without duty times no time is off duty.
    """

    name: Name
    licences: Licences
    duty: DutyTimes
    member_id: UUID | None = None


class ReviseDriver(Command, frozen=True, kw_only=True):
    """Change licences or duty times (更正驾驶员信息)."""

    licences: Licences
    duty: DutyTimes
    reason: Note


class PlanAbsence(Command, frozen=True, kw_only=True):
    """The driver is away (请假)."""

    starts_at: Instant
    ends_at: Instant
    reason: Note


class EndAbsence(Command, frozen=True, kw_only=True):
    """The driver is back, or does not go (销假)."""

    absence_id: UUID
    note: Remark = ""


class SuspendDriver(Command, frozen=True, kw_only=True):
    """The driver does not drive until further notice (停驾)."""

    reason: Note


class ReinstateDriver(Command, frozen=True, kw_only=True):
    """The driver drives again (恢复驾驶)."""

    note: Remark = ""


class LetDriverGo(Command, frozen=True, kw_only=True):
    """The driver leaves the centre (离岗)."""

    reason: Note


class IssueFeed(Command, frozen=True, kw_only=True):
    """Give out a secret address at which the calendar is read (发放日历订阅地址); only its hash is known here."""

    token_hash: FeedHash


class RevokeFeed(Command, frozen=True, kw_only=True):
    """Let an address lead nowhere from now on (停用日历订阅地址)."""

    feed_id: UUID


class DriverRegistered(Event, frozen=True, kw_only=True, tag="driver.registered"):
    """A driver was taken on; bookings know him by ``driver_id``."""

    driver_id: UUID
    name: str
    licences: tuple[str, ...]
    duty: tuple[DutyTime, ...]
    member_id: UUID | None


class DriverRevised(Event, frozen=True, kw_only=True, tag="driver.revised"):
    """Licences or duty times changed; they count for orders dispatched from now on."""

    licences: tuple[str, ...]
    duty: tuple[DutyTime, ...]
    reason: str


class AbsencePlanned(Event, frozen=True, kw_only=True, tag="driver.absence_planned"):
    """The driver is not to be dispatched in this time."""

    absence_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


class AbsenceEnded(Event, frozen=True, kw_only=True, tag="driver.absence_ended"):
    """The driver may be dispatched in what is left of the time."""

    absence_id: UUID
    note: str


class DriverSuspended(Event, frozen=True, kw_only=True, tag="driver.suspended"):
    """The driver is not to be dispatched from ``since`` on."""

    since: datetime
    reason: str


class DriverReinstated(Event, frozen=True, kw_only=True, tag="driver.reinstated"):
    """The driver may be dispatched again."""

    note: str


class DriverLeft(Event, frozen=True, kw_only=True, tag="driver.left"):
    """The driver left the centre."""

    since: datetime
    reason: str


class FeedIssued(Event, frozen=True, kw_only=True, tag="driver.feed_issued"):
    """A secret address of the driver's calendar was given out."""

    feed_id: UUID
    token_hash: str
    issued_by: UUID | None


class FeedRevoked(Event, frozen=True, kw_only=True, tag="driver.feed_revoked"):
    """The address leads nowhere any more."""

    feed_id: UUID
    revoked_by: UUID | None
