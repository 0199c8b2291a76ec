"""Folds tiered inspection: sites with what their registers hold, and how far each inspection of them is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.inspection import events as e
from domain.inspection_site import events as s
from domain.kernel import Event
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table


class SiteRow(msgspec.Struct):
    """A site; the columns of ``inspection_sites``. Areas, units, items and posts are counted."""

    site_id: UUID
    registered_position: int
    project_id: UUID
    name: str
    status: str = "open"
    areas: int = 0
    units: int = 0
    items: int = 0
    square_m: int = 0
    posts: int = 0
    inspections: int = 0


class InspectionRow(msgspec.Struct):
    """An inspection; the columns of ``inspections``."""

    inspection_id: UUID
    opened_position: int
    site_id: UUID
    project_id: UUID
    post: str
    level: str
    person: UUID | None
    scheduled: bool
    planned_for: date
    rule_version: int
    status: str = "planned"
    begun_at: datetime | None = None
    completed_at: datetime | None = None
    nonconforming: int | None = None
    lacking: str = ""


SITES = Table("inspection_sites", SiteRow, ("site_id",))
TABLE = Table("inspections", InspectionRow, ("inspection_id",))
_Sites = Rows[SiteRow]
_Inspections = Rows[InspectionRow]


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    sites, inspections = Rows(SITES), Rows(TABLE)
    of_sites = {folded.stream_id for folded in batch if type(folded.event) in _SITE_STEPS}
    of_inspections = {folded.stream_id for folded in batch if type(folded.event) in _STEPS}
    await sites.load(connection, tenant, build, site_id=of_sites)
    await inspections.load(connection, tenant, build, inspection_id=of_inspections)
    for folded in batch:
        if type(folded.event) in _SITE_STEPS:
            _SITE_STEPS[type(folded.event)](sites, folded, folded.event)
        else:
            _STEPS[type(folded.event)](inspections, folded, folded.event)
    await sites.write(connection, tenant, build)
    await inspections.write(connection, tenant, build)


def _registered(rows: _Sites, folded: Folded, event: s.SiteRegistered) -> None:
    rows.put(SiteRow(folded.stream_id, folded.position, event.project_id, event.name))


def _revised(rows: _Sites, folded: Folded, event: s.RegisterRevised) -> None:
    row = rows.change(folded.stream_id)
    row.areas, row.units, row.items = len(event.areas), len(event.units), len(event.items)
    row.square_m = event.square_m


def _appointed(rows: _Sites, folded: Folded, event: s.PostsAppointed) -> None:
    rows.change(folded.stream_id).posts = len(event.posts)


def _planned(rows: _Sites, folded: Folded, _: s.InspectionPlanned) -> None:
    rows.change(folded.stream_id).inspections += 1


def _closed(rows: _Sites, folded: Folded, _: s.SiteClosed) -> None:
    rows.change(folded.stream_id).status = "closed"


def _opened(rows: _Inspections, folded: Folded, event: e.InspectionOpened) -> None:
    frame = event.frame
    rows.put(
        InspectionRow(
            inspection_id=folded.stream_id,
            opened_position=folded.position,
            site_id=frame.site_id,
            project_id=frame.project_id,
            post=frame.post,
            level=frame.level,
            person=frame.person,
            scheduled=frame.scheduled,
            planned_for=frame.planned_for,
            rule_version=event.rule_version,
        )
    )


def _begun(rows: _Inspections, folded: Folded, event: e.InspectionBegun) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.begun_at = "under_way", event.begun_at


def _completed(rows: _Inspections, folded: Folded, event: e.InspectionCompleted) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.completed_at = "completed", event.completed_at
    row.nonconforming, row.lacking = event.nonconforming, " ".join(event.lacking)


def _cancelled(rows: _Inspections, folded: Folded, _: e.InspectionCancelled) -> None:
    rows.change(folded.stream_id).status = "cancelled"


_SITE_STEPS: Mapping[type[Event], Callable[[_Sites, Folded, Any], None]] = {
    s.SiteRegistered: _registered,
    s.RegisterRevised: _revised,
    s.PostsAppointed: _appointed,
    s.InspectionPlanned: _planned,
    s.SiteClosed: _closed,
}
_STEPS: Mapping[type[Event], Callable[[_Inspections, Folded, Any], None]] = {
    e.InspectionOpened: _opened,
    e.InspectionBegun: _begun,
    e.InspectionCompleted: _completed,
    e.InspectionCancelled: _cancelled,
}

INSPECTIONS = Projection(
    name="inspections",
    schema_version=1,
    events=(*_SITE_STEPS, *_STEPS),
    tables=("inspection_sites", "inspections"),
    fold=fold,
)
