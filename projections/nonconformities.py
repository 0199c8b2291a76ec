"""Folds nonconformities: what is open since when, by whom it is to be corrected, and how often it was found."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Event
from domain.nonconformity import events as e
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table


class NonconformityRow(msgspec.Struct):
    """A nonconformity; the columns of ``nonconformities``."""

    nonconformity_id: UUID
    opened_position: int
    project_id: UUID | None
    clause: str
    subject: str
    item_class: str | None
    area: str | None
    unit: str | None
    found_on: date
    status: str = "open"
    round: int = 1
    times_found: int = 1
    liabilities: int = 0
    corrector: UUID | None = None
    due_by: datetime | None = None
    overdue: bool = False
    closed_on: date | None = None
    source_id: UUID | None = None


TABLE = Table("nonconformities", NonconformityRow, ("nonconformity_id",))
_Rows = Rows[NonconformityRow]


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    rows = Rows(TABLE)
    await rows.load(connection, tenant, build, nonconformity_id={folded.stream_id for folded in batch})
    for folded in batch:
        _STEPS[type(folded.event)](rows, folded, folded.event)
    await rows.write(connection, tenant, build)


def _raised(rows: _Rows, folded: Folded, event: e.NonconformityRaised) -> None:
    rows.put(
        NonconformityRow(
            nonconformity_id=folded.stream_id,
            opened_position=folded.position,
            project_id=event.project_id,
            clause=event.clause,
            subject=event.subject,
            item_class=None,
            area=event.place,
            unit=None,
            found_on=event.raised_on,
            source_id=event.source_id,
        )
    )


def _found(rows: _Rows, folded: Folded, event: e.IssueFound) -> None:
    """A new round of a place is open anew, and is as old as its own first finding."""
    known = rows.find(folded.stream_id)
    rows.put(
        NonconformityRow(
            nonconformity_id=folded.stream_id,
            opened_position=folded.position if known is None else known.opened_position,
            project_id=event.project_id,
            clause=event.clause,
            subject=event.item,
            item_class=event.item_class,
            area=event.area,
            unit=event.unit,
            found_on=event.found_on,
            round=event.round,
            liabilities=0 if known is None else known.liabilities,
        )
    )


def _again(rows: _Rows, folded: Folded, event: e.IssueFoundAgain) -> None:
    row = rows.change(folded.stream_id)
    row.times_found += 1
    if event.undone:
        _reopen(row)


def _liable(rows: _Rows, folded: Folded, _: e.LiabilityFound) -> None:
    rows.change(folded.stream_id).liabilities += 1


def _done(rows: _Rows, folded: Folded, event: e.CorrectedOnTheSpot | e.CorrectionDone) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.due_by, row.overdue = "done", event.verify_by, False


def _planned(rows: _Rows, folded: Folded, event: e.CorrectionPlanned) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.corrector, row.due_by, row.overdue = "planned", event.person, event.due_by, False


def _verified(rows: _Rows, folded: Folded, event: e.CorrectionVerified) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.due_by, row.overdue, row.closed_on = "effective", None, False, event.verified_on


def _reopened(rows: _Rows, folded: Folded, _: e.CorrectionReopened) -> None:
    _reopen(rows.change(folded.stream_id))


def _reopen(row: NonconformityRow) -> None:
    row.status, row.due_by, row.overdue = "open", None, False


def _overdue(rows: _Rows, folded: Folded, _: Event) -> None:
    rows.change(folded.stream_id).overdue = True


def _handled(rows: _Rows, folded: Folded, event: e.OverdueHandled) -> None:
    row = rows.change(folded.stream_id)
    row.due_by, row.overdue = event.due_by, False


_STEPS: Mapping[type[Event], Callable[[_Rows, Folded, Any], None]] = {
    e.NonconformityRaised: _raised,
    e.IssueFound: _found,
    e.IssueFoundAgain: _again,
    e.LiabilityFound: _liable,
    e.CorrectedOnTheSpot: _done,
    e.CorrectionPlanned: _planned,
    e.CorrectionDone: _done,
    e.CorrectionVerified: _verified,
    e.CorrectionReopened: _reopened,
    e.CorrectionOverdue: _overdue,
    e.VerificationOverdue: _overdue,
    e.OverdueHandled: _handled,
}

NONCONFORMITIES = Projection(
    name="nonconformities",
    schema_version=2,
    events=tuple(_STEPS),
    tables=("nonconformities",),
    fold=fold,
)
