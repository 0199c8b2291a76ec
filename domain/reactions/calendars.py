"""Limits that rest on a year without a calendar wait for it; once it is published they are counted anew."""

from collections.abc import Mapping
from uuid import UUID

from domain import calendar_watch as watch
from domain.accountability.aftermath import RederiveStages
from domain.accountability.events import ExtensionApproved
from domain.accountability.events_time import StageBegan, StageEscalated, StageOverdue, StagesRederived
from domain.accountability.rederiving import waits_for
from domain.complaint import commands as complaint
from domain.complaint import events as e
from domain.kernel import Cause, Command, Dispatch, Reaction
from domain.organisation.messages import CalendarSet, StatutoryYearAdopted

_Limited = (
    e.ComplaintLodged | e.DatePromised | e.ComplaintEscalated | e.ComplaintResumed | e.ComplaintReopened
    | e.LimitsRederived
)  # fmt: skip

_Timed = StageBegan | ExtensionApproved | StageOverdue | StageEscalated | StagesRederived

REDERIVE: Mapping[str, type[Command]] = {"complaint": complaint.RederiveLimits, "accountability_case": RederiveStages}
"""The command by which a noun's streams count anew; each has the field ``year``."""


def watch_complaint(event: _Limited, cause: Cause) -> tuple[Dispatch, ...]:
    """A complaint whose limit or next step rests on an unknown year waits for each such year."""
    limit = None if isinstance(event, e.ComplaintEscalated) else event.limit
    owed = (limit, event.next_level)
    years = sorted({year for each in owed if each is not None for year in each.unknown_years})
    return tuple(_watched(year, "complaint", cause.stream_id) for year in years)


def watch_case(event: _Timed, cause: Cause) -> tuple[Dispatch, ...]:
    """A case waits for each unknown year that a limit of its, or the ladder's next step, rests on."""
    match event:
        case StageBegan() | ExtensionApproved():
            years = set(event.clock.unknown_years)
        case StagesRederived():
            years = {year for moved in event.clocks for year in waits_for(moved.after)}
        case StageOverdue() | StageEscalated():
            years = set() if event.next_level is None else set(event.next_level.unknown_years)
    return tuple(_watched(year, "accountability_case", cause.stream_id) for year in sorted(years))


def publish_years(event: CalendarSet | StatutoryYearAdopted, _: Cause) -> tuple[Dispatch, ...]:
    """What waited for a year is told once it is known."""
    return tuple(
        Dispatch("calendar_watch", watch.watch_id(year), watch.PublishYear(year=year)) for year in event.newly_known
    )


def rederive(event: watch.StreamsTold, cause: Cause) -> tuple[Dispatch, ...]:
    """Each stream counts anew; those that are left are told next."""
    more = (Dispatch("calendar_watch", cause.stream_id, watch.TellMore()),) if event.left else ()
    return (
        *(Dispatch(each.noun, each.stream_id, REDERIVE[each.noun](year=event.year)) for each in event.streams),
        *more,
    )


def _watched(year: int, noun: str, stream: UUID) -> Dispatch:
    command = watch.WatchStream(year=year, noun=noun, stream_id=stream)
    return Dispatch("calendar_watch", watch.watch_id(year), command)


REACTIONS = (
    Reaction(
        name="watch_complaint",
        events=(
            e.ComplaintLodged,
            e.DatePromised,
            e.ComplaintEscalated,
            e.ComplaintResumed,
            e.ComplaintReopened,
            e.LimitsRederived,
        ),
        react=watch_complaint,
    ),
    Reaction(
        name="watch_case",
        events=(StageBegan, ExtensionApproved, StageOverdue, StageEscalated, StagesRederived),
        react=watch_case,
    ),
    Reaction(name="publish_years", events=(CalendarSet, StatutoryYearAdopted), react=publish_years),
    Reaction(name="rederive_limits", events=(watch.StreamsTold,), react=rederive),
)
