"""Folds liaison sheets and applications for awards: who is to answer what, how far each application is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.award_application import messages as a
from domain.kernel import Event
from domain.liaison_sheet import messages as k
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table


class LiaisonRow(msgspec.Struct):
    """A liaison sheet; the columns of ``liaison_sheets``."""

    liaison_id: UUID
    issued_position: int
    from_department: str
    to_department: str
    addressee: UUID
    subject: str
    issued_by: UUID
    issued_on: date
    answer_by: date
    status: str = "issued"
    overdue: bool = False
    closed_on: date | None = None


class AwardRow(msgspec.Struct):
    """An application; the columns of ``award_applications``."""

    application_id: UUID
    prepared_position: int
    award: str
    level: str
    level_zh: str
    level_en: str
    year: str
    project_id: UUID | None
    items: int
    status: str = "checking"
    checked: int = 0
    problems: int = 0
    submitted_on: date | None = None
    result: str | None = None


LIAISONS = Table("liaison_sheets", LiaisonRow, ("liaison_id",))
AWARDS = Table("award_applications", AwardRow, ("application_id",))


class Work:
    """The rows that a batch works on."""

    def __init__(self) -> None:
        self.liaisons = Rows(LIAISONS)
        self.awards = Rows(AWARDS)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work, streams = Work(), {folded.stream_id for folded in batch}
    await work.liaisons.load(connection, tenant, build, liaison_id=streams)
    await work.awards.load(connection, tenant, build, application_id=streams)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.liaisons.write(connection, tenant, build)
    await work.awards.write(connection, tenant, build)


def _issued(work: Work, folded: Folded, event: k.LiaisonIssued) -> None:
    work.liaisons.put(
        LiaisonRow(
            liaison_id=folded.stream_id,
            issued_position=folded.position,
            from_department=event.from_department,
            to_department=event.to_department,
            addressee=event.addressee,
            subject=event.subject,
            issued_by=event.issued_by,
            issued_on=event.issued_on,
            answer_by=event.answer_by,
        )
    )


def _answered(work: Work, folded: Folded, _: k.LiaisonAnswered) -> None:
    row = work.liaisons.change(folded.stream_id)
    row.status, row.overdue = "answered", False


def _returned(work: Work, folded: Folded, event: k.AnswerReturned) -> None:
    row = work.liaisons.change(folded.stream_id)
    row.status, row.answer_by = "issued", event.answer_by


def _overdue(work: Work, folded: Folded, _: k.AnswerOverdue) -> None:
    work.liaisons.change(folded.stream_id).overdue = True


def _closed(work: Work, folded: Folded, event: k.LiaisonClosed) -> None:
    row = work.liaisons.change(folded.stream_id)
    row.status, row.closed_on = "closed", event.closed_on


def _prepared(work: Work, folded: Folded, event: a.ApplicationPrepared) -> None:
    work.awards.put(
        AwardRow(
            application_id=folded.stream_id,
            prepared_position=folded.position,
            award=event.award,
            level=event.level.code,
            level_zh=event.level.zh,
            level_en=event.level.en,
            year=event.year,
            project_id=event.project_id,
            items=len(event.items),
        )
    )


def _checked(work: Work, folded: Folded, event: a.ItemChecked) -> None:
    row = work.awards.change(folded.stream_id)
    row.checked, row.problems = row.checked + 1, row.problems + (not event.conforms)


def _cleared(work: Work, folded: Folded, _: a.ProblemCleared) -> None:
    work.awards.change(folded.stream_id).problems -= 1


def _submitted(work: Work, folded: Folded, event: a.ApplicationSubmitted) -> None:
    row = work.awards.change(folded.stream_id)
    row.status, row.submitted_on = "applied", event.submitted_on


def _decided(work: Work, folded: Folded, event: a.ResultRecorded) -> None:
    row = work.awards.change(folded.stream_id)
    row.status, row.result = "decided", event.result


def _becomes(status: str) -> Callable[[Work, Folded, Any], None]:
    def change(work: Work, folded: Folded, _: Event) -> None:
        work.awards.change(folded.stream_id).status = status

    return change


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    k.LiaisonIssued: _issued,
    k.LiaisonAnswered: _answered,
    k.AnswerReturned: _returned,
    k.AnswerOverdue: _overdue,
    k.LiaisonClosed: _closed,
    a.ApplicationPrepared: _prepared,
    a.ItemChecked: _checked,
    a.ProblemCleared: _cleared,
    a.CheckCompleted: _becomes("ready"),
    a.ApplicationSubmitted: _submitted,
    a.ResultRecorded: _decided,
    a.ApplicationFiled: _becomes("filed"),
    a.ApplicationWithdrawn: _becomes("withdrawn"),
}

QUALITY_MATTERS = Projection(
    name="quality_matters",
    schema_version=1,
    events=tuple(_STEPS),
    tables=("liaison_sheets", "award_applications"),
    fold=fold,
)
