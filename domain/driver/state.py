"""Where a driver stands, and when he is not to be dispatched."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.driver import messages as m
from domain.folding import Evolve, folding
from domain.kernel import Reservation, State


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which the driver is away."""

    starts_at: datetime
    ends_at: datetime


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A secret address of the calendar, by the SHA-256 of its token."""

    token_hash: str


class DriverState(State, frozen=True, kw_only=True):
    """One driver (驾驶员). ``out_since`` is set while he is suspended or gone."""

    own_id: UUID
    name: str
    licences: tuple[str, ...]
    duty: tuple[m.DutyTime, ...]
    member_id: UUID | None
    absences: dict[UUID, Absence] = msgspec.field(default_factory=dict)
    out_since: datetime | None = None
    feeds: dict[UUID, Feed] = msgspec.field(default_factory=dict)


def _registered(event: m.DriverRegistered) -> DriverState:
    return DriverState(
        status="on_duty",
        own_id=event.driver_id,
        name=event.name,
        licences=event.licences,
        duty=event.duty,
        member_id=event.member_id,
    )


def reservations(state: DriverState) -> tuple[Reservation, ...]:
    """The driver is taken while away, and from when he is suspended or gone on."""
    held = [
        Reservation(
            key=f"absence:{number}",
            kind="driver",
            resource_id=state.own_id,
            starts_at=absence.starts_at,
            ends_at=absence.ends_at,
            clause="R3.2.2",
        )
        for number, absence in state.absences.items()
    ]
    if state.out_since is not None:
        held.append(
            Reservation(
                key="out",
                kind="driver",
                resource_id=state.own_id,
                starts_at=state.out_since,
                ends_at=None,
                clause="R3.2.2",
            )
        )
    return tuple(held)


def _away(state: DriverState, event: m.AbsencePlanned) -> DriverState:
    absence = Absence(starts_at=event.starts_at, ends_at=event.ends_at)
    return replace(state, absences={**state.absences, event.absence_id: absence})


def _back(state: DriverState, event: m.AbsenceEnded) -> DriverState:
    left = {number: absence for number, absence in state.absences.items() if number != event.absence_id}
    return replace(state, absences=left)


def _feed_issued(state: DriverState, event: m.FeedIssued) -> DriverState:
    return replace(state, feeds={**state.feeds, event.feed_id: Feed(token_hash=event.token_hash)})


def _feed_revoked(state: DriverState, event: m.FeedRevoked) -> DriverState:
    return replace(state, feeds={number: feed for number, feed in state.feeds.items() if number != event.feed_id})


evolve: Evolve[DriverState] = folding(
    "a driver",
    begins={m.DriverRegistered: _registered},
    steps={
        m.DriverRevised: lambda s, e: replace(s, licences=e.licences, duty=e.duty),
        m.AbsencePlanned: _away,
        m.AbsenceEnded: _back,
        # who is out needs no absence of his own: two holds of one driver would be a contradiction
        m.DriverSuspended: lambda s, e: replace(s, status="suspended", out_since=e.since, absences={}),
        m.DriverReinstated: lambda s, _: replace(s, status="on_duty", out_since=None),
        m.DriverLeft: lambda s, e: replace(s, status="left", out_since=e.since, absences={}, feeds={}),
        m.FeedIssued: _feed_issued,
        m.FeedRevoked: _feed_revoked,
    },
)
