"""Folds complaints: as they stand, the departments they concern, and each round with the time it took (R11.2, R0.1)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain.complaint import events as e
from domain.kernel import Event
from domain.periods import month_of
from projections.complaint_rows import (
    COMPLAINTS_TABLE,
    DEPARTMENTS,
    NO_DEPARTMENT,
    ROUNDS,
    ComplaintRow,
    ComplaintWork,
    DepartmentRow,
    RoundRow,
)
from projections.kernel import Connection, Folded, Projection

Work = ComplaintWork


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = ComplaintWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _lodged(work: Work, folded: Folded, event: e.ComplaintLodged) -> None:
    row = ComplaintRow(
        complaint_id=folded.stream_id,
        lodged_position=folded.position,
        complainant=event.complainant,
        kind=event.kind,
        kind_zh=event.kind_zh,
        kind_en=event.kind_en,
        subject=event.subject,
        place=event.place,
        project_id=event.project_id,
        lodged_on=event.lodged_on,
        lodged_at=event.lodged_at,
    )
    work.complaints.put(row)
    _owes(row, event.limit, event.next_level)
    for department in event.departments or (NO_DEPARTMENT,):
        work.departments.put(DepartmentRow(folded.stream_id, department))
    began_at = event.lodged_at or _end_of(event)
    work.rounds.put(RoundRow(folded.stream_id, 1, month_of(event.lodged_on), began_at))


def _end_of(event: e.ComplaintLodged) -> datetime:
    """The end of the day of a report whose hour is not kept: its times are counted from there, as the ladder's are."""
    zone = (event.receipt_until or event.limit.due_by).tzinfo
    return datetime.combine(event.lodged_on + timedelta(days=1), time(), zone)


def _owes(row: ComplaintRow, limit: e.Limit | None, following: e.NextLevel | None) -> None:
    """What is due now; of a limit that has passed the day stays."""
    row.running = limit is not None
    if limit is not None:
        row.basis, row.due_on, row.due_by, row.provisional = limit.basis, limit.due_on, limit.due_by, limit.provisional
    _next(row, following)


def _next(row: ComplaintRow, following: e.NextLevel | None) -> None:
    row.next_level = row.next_role = row.next_at = None
    row.next_provisional = False
    if following is not None:
        row.next_level, row.next_role, row.next_at = following.level, following.role, following.due_at
        row.next_provisional = following.provisional


def _assigned(work: Work, folded: Folded, event: e.ComplaintAssigned) -> None:
    row = work.complaints.change(folded.stream_id)
    row.responsible = event.responsible
    row.status = "assigned" if row.status == "lodged" else row.status


def _started(work: Work, folded: Folded, _: e.WorkStarted) -> None:
    work.complaints.change(folded.stream_id).status = "working"
    _responded(work, folded)


def _responded(work: Work, folded: Folded) -> None:
    """The first sign of work, answer or promise in a round ends its response time."""
    row = work.round_of(folded.stream_id)
    if row.response_s is None:
        row.response_s = _spent(row, folded.recorded_at)


def _spent(row: RoundRow, until: datetime) -> int:
    """The seconds since the round began, without those in which the clock stood."""
    return max(0, int((until - row.began_at).total_seconds()) - row.stopped_s)


def _consulted(work: Work, folded: Folded, event: e.DepartmentConsulted) -> None:
    if event.concerned and work.departments.find(folded.stream_id, event.department) is None:
        work.departments.put(DepartmentRow(folded.stream_id, event.department))
        work.departments.drop(folded.stream_id, NO_DEPARTMENT)


def _escalated(work: Work, folded: Folded, event: e.ComplaintEscalated) -> None:
    row = work.complaints.change(folded.stream_id)
    row.level = event.level
    row.instruction_awaited = row.instruction_awaited or event.cause == "asked"
    _next(row, event.next_level)


def _instructed(work: Work, folded: Folded, _: e.ComplaintInstructed) -> None:
    work.complaints.change(folded.stream_id).instruction_awaited = False


def _unsigned(status: str) -> Callable[[Work, Folded, Any], None]:
    def move(work: Work, folded: Folded, _: Any) -> None:
        work.complaints.change(folded.stream_id).status = status
        for department in work.of(folded.stream_id):
            work.departments.change(folded.stream_id, department.department).signed = False

    return move


def _signed(work: Work, folded: Folded, event: e.DepartmentSigned) -> None:
    work.departments.change(folded.stream_id, event.department).signed = True
    if event.complete:
        work.complaints.change(folded.stream_id).status = "signed"


def _answered(work: Work, folded: Folded, _: e.CustomerAnswered) -> None:
    work.complaints.change(folded.stream_id).status = "answered"
    _responded(work, folded)


def _promised(work: Work, folded: Folded, event: e.DatePromised) -> None:
    row = work.complaints.change(folded.stream_id)
    row.promised_for = event.promised_for
    _owes(row, event.limit, event.next_level)
    _responded(work, folded)


def _paused(work: Work, folded: Folded, event: e.ComplaintPaused) -> None:
    row = work.complaints.change(folded.stream_id)
    row.paused_at, row.pause_ends_at, row.clock_stopped = event.paused_at, event.ends_at, event.clock_stops


def _resumed(work: Work, folded: Folded, event: e.ComplaintResumed) -> None:
    row = work.complaints.change(folded.stream_id)
    if row.clock_stopped:
        work.round_of(folded.stream_id).stopped_s += event.paused_s
    row.paused_at = row.pause_ends_at = None
    row.clock_stopped = False
    _owes(row, event.limit, event.next_level)


def _rederived(work: Work, folded: Folded, event: e.LimitsRederived) -> None:
    _owes(work.complaints.change(folded.stream_id), event.limit, event.next_level)


def _late(work: Work, folded: Folded, event: e.ComplaintLate) -> None:
    row = work.complaints.change(folded.stream_id)
    row.running, row.late = False, True
    row.fine_owed = row.fine_owed or (event.counts and not event.attributed and not row.fined)
    work.round_of(folded.stream_id).late = True


def _fined(work: Work, folded: Folded, _: e.ComplaintFined) -> None:
    row = work.complaints.change(folded.stream_id)
    row.fined, row.fine_owed = True, False


def _closed(status: str) -> Callable[[Work, Folded, Any], None]:
    def close(work: Work, folded: Folded, _: Any) -> None:
        row = work.complaints.change(folded.stream_id)
        row.status, row.open, row.instruction_awaited, row.clock_stopped = status, False, False, False
        row.basis = row.due_on = row.due_by = row.paused_at = row.pause_ends_at = None
        row.provisional = False
        _owes(row, None, None)
        took = work.round_of(folded.stream_id)
        took.outcome = status
        if status == "settled":
            took.resolution_s = _spent(took, folded.recorded_at)

    return close


def _rated(work: Work, folded: Folded, event: e.ComplaintRated) -> None:
    row, took = work.complaints.change(folded.stream_id), work.round_of(folded.stream_id)
    row.rating, row.best_rating = event.score, event.best
    took.rating, took.best_rating = event.score, event.best


def _reopened(work: Work, folded: Folded, event: e.ComplaintReopened) -> None:
    row = work.complaints.change(folded.stream_id)
    row.status = "lodged" if row.responsible is None else "assigned"
    row.open, row.round, row.level = True, event.round, 0
    row.promised_for = row.rating = row.best_rating = None
    row.late = row.fine_owed = row.fined = False
    _owes(row, event.limit, event.next_level)
    for department in work.of(folded.stream_id):
        work.departments.change(folded.stream_id, department.department).signed = False
    local = folded.recorded_at.astimezone(event.limit.due_by.tzinfo)
    work.rounds.put(RoundRow(folded.stream_id, event.round, month_of(local.date()), folded.recorded_at))


def _upheld(work: Work, folded: Folded, _: e.ComplaintUpheldAgainstProject) -> None:
    work.complaints.change(folded.stream_id).upheld = True
    work.round_of(folded.stream_id).upheld = True


def _overturned(work: Work, folded: Folded, _: e.UpheldOverturned) -> None:
    """Whichever round it was upheld in."""
    work.complaints.change(folded.stream_id).upheld = False
    for row in [row for row in work.rounds.known() if row.complaint_id == folded.stream_id and row.upheld]:
        work.rounds.change(row.complaint_id, row.round).upheld = False


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    e.ComplaintLodged: _lodged,
    e.ComplaintAssigned: _assigned,
    e.WorkStarted: _started,
    e.DepartmentConsulted: _consulted,
    e.ComplaintEscalated: _escalated,
    e.ComplaintInstructed: _instructed,
    e.SolutionProposed: _unsigned("proposed"),
    e.DepartmentSigned: _signed,
    e.DepartmentDeclined: _unsigned("working"),
    e.CustomerAnswered: _answered,
    e.DatePromised: _promised,
    e.ComplaintPaused: _paused,
    e.ComplaintResumed: _resumed,
    e.LimitsRederived: _rederived,
    e.ComplaintLate: _late,
    e.ComplaintFined: _fined,
    e.ComplaintSettled: _closed("settled"),
    e.ComplaintRated: _rated,
    e.ComplaintReopened: _reopened,
    e.ComplaintWithdrawn: _closed("withdrawn"),
    e.ComplaintUnfounded: _closed("unfounded"),
    e.ComplaintUpheldAgainstProject: _upheld,
    e.UpheldOverturned: _overturned,
}

COMPLAINTS = Projection(
    name="complaints",
    schema_version=1,
    events=tuple(_STEPS),
    tables=(COMPLAINTS_TABLE.name, DEPARTMENTS.name, ROUNDS.name),
    fold=fold,
)
