"""Folds what happens to a month's assessment, up to what it costs or earns.

Three questions share the rows: how months were scored, what open ones still lack, and where a scorecard stands.
They share one fold because ballots are by far the most frequent events, and each is to be folded once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.assessment import events as a
from domain.contract_deposit import events as d
from domain.kernel import Event
from domain.property_project import events as p
from projections.assessment_rows import AWAITED, MARKS, MONTHS, SCORECARDS, AwaitedRow, MarkRow, MonthRow, ScorecardRow
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows

Scored = a.AssessmentClosed | a.AssessmentReassessed
Recorded = p.MonthRecorded | p.MonthRevised

SCORING = (a.AssessmentClosed, a.AssessmentReassessed)
RECORDING = (p.MonthRecorded, p.MonthRevised)
UNMARKING = (a.BallotVoided, a.FindingCorrected, a.FindingOverturned)
SETTLING = (d.PenaltyImposed, d.PenaltyReversed, d.RewardGranted, d.RewardReversed, d.ShortfallCollected)


class _Work:
    """The rows of a batch."""

    def __init__(self) -> None:
        self.months = Rows(MONTHS)
        self.marks = Rows(MARKS)
        self.awaited = Rows(AWAITED)
        self.scorecards = Rows(SCORECARDS)
        self.recorded: dict[UUID, set[UUID]] = {}
        """The months that each project has taken over, as far as a result in the batch asks for them."""

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read what the batch touches; a month's result touches its project's other months."""
        by_assessment = {_assessment(folded) for folded in batch} - {None}
        projects = {folded.stream_id for folded in batch if isinstance(folded.event, RECORDING)}
        unmarked = {_mark(folded.event) for folded in batch if isinstance(folded.event, UNMARKING)}
        await self.months.load(connection, tenant, build, assessment_id=by_assessment)
        await self.months.load(connection, tenant, build, project_id=projects)
        await self.marks.load(connection, tenant, build, mark_id=unmarked)
        for month in self.months.known():
            if month.recorded_revision:
                self.recorded.setdefault(month.project_id, set()).add(month.assessment_id)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        await self.months.write(connection, tenant, build)
        await self.marks.write(connection, tenant, build)
        await self.awaited.write(connection, tenant, build)
        await self.scorecards.write(connection, tenant, build)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = _Work()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _assessment(folded: Folded) -> UUID | None:
    """The assessment an event is about: its own stream, or the one it names."""
    if isinstance(folded.event, (*RECORDING, *SETTLING)):
        return folded.event.assessment_id
    return folded.stream_id


def _mark(event: Event) -> UUID:
    if isinstance(event, a.BallotVoided):
        return event.ballot_id
    assert isinstance(event, a.FindingCorrected | a.FindingOverturned)
    return event.finding_id


def _opened(work: _Work, folded: Folded, event: a.AssessmentOpened) -> None:
    work.months.put(
        MonthRow(
            assessment_id=folded.stream_id,
            project_id=event.project_id,
            month=event.month,
            project_name=event.project_name,
            contractor=event.contractor,
            status="open",
            rule_version=event.rule_version,
            survey_closes_on=event.survey_closes_on,
            survey_closes_at=event.survey_closes_at,
            staff_wanted=event.staff_representatives,
            students_wanted=event.student_representatives,
            ballots_required=event.ballots_required,
        )
    )
    for ordinal, content in enumerate(event.awaited):
        work.awaited.put(AwaitedRow(folded.stream_id, content.code, ordinal, content.zh, content.en))


def _seated(work: _Work, folded: Folded, event: a.RepresentativesSeated) -> None:
    month = work.months.change(folded.stream_id)
    month.drawn, month.staff_seats, month.student_seats = True, len(event.staff), len(event.students)


def _counted(column: str, by: int) -> Callable[[_Work, Folded, Event], None]:
    def count(work: _Work, folded: Folded, _: Event) -> None:
        month = work.months.change(folded.stream_id)
        setattr(month, column, getattr(month, column) + by)

    return count


def _awaits_correction(work: _Work, folded: Folded, event: a.FindingCorrectionOrdered) -> None:
    work.marks.put(MarkRow(event.finding_id, folded.stream_id, "correction"))
    work.months.change(folded.stream_id).corrections += 1


def _corrected(work: _Work, folded: Folded, event: a.FindingCorrected | a.FindingOverturned) -> None:
    """A finding awaits nothing any more, if it did."""
    if work.marks.drop(event.finding_id):
        work.months.change(folded.stream_id).corrections -= 1


def _overturned(work: _Work, folded: Folded, event: a.FindingOverturned) -> None:
    _corrected(work, folded, event)
    work.months.change(folded.stream_id).findings -= 1


def _submitted(work: _Work, folded: Folded, event: a.ContentResultSubmitted) -> None:
    work.awaited.drop(folded.stream_id, event.content)


def _cast(work: _Work, folded: Folded, event: a.BallotCast) -> None:
    work.marks.put(MarkRow(event.ballot_id, folded.stream_id, event.group))
    _ballots(work, folded.stream_id, event.group, 1)


def _voided(work: _Work, folded: Folded, event: a.BallotVoided) -> None:
    mark = work.marks.find(event.ballot_id)
    if mark is not None:
        _ballots(work, folded.stream_id, mark.kind, -1)
        work.marks.drop(event.ballot_id)


def _ballots(work: _Work, assessment: UUID, group: str, by: int) -> None:
    month = work.months.change(assessment)
    if group == "staff":
        month.staff_ballots += by
    else:
        month.student_ballots += by


def _surveyed(work: _Work, folded: Folded, _: a.SurveyClosed) -> None:
    work.months.change(folded.stream_id).status = "surveyed"


def _scored(work: _Work, folded: Folded, event: Scored) -> None:
    card, month = event.scorecard, work.months.change(folded.stream_id)
    month.status, month.revision, month.scorecard_version = "closed", event.revision, folded.version
    month.closed_at, month.scored_at = month.closed_at or folded.recorded_at, folded.recorded_at
    month.score, month.band, month.vetoed = card.score, card.band, card.vetoed
    month.centre, month.satisfaction, month.complaints_deducted = (
        card.centre,
        card.satisfaction,
        card.complaints_deducted,
    )
    month.dissatisfaction_percent = card.dissatisfaction_percent
    work.scorecards.put(
        ScorecardRow(
            folded.stream_id,
            event.revision,
            folded.version,
            folded.position,
            card.score,
            card.band,
            card.vetoed,
            folded.recorded_at,
        )
    )


def _recorded(work: _Work, folded: Folded, event: Recorded) -> None:
    """The event tells the streak after the latest recorded month; what it was after earlier ones may have changed."""
    work.months.change(event.assessment_id).recorded_revision = event.revision
    known = work.recorded.setdefault(folded.stream_id, set())
    known.add(event.assessment_id)
    recorded = [row for row in map(work.months.find, known) if row is not None]
    latest = max(recorded, key=lambda row: row.month)
    for row in recorded:
        if event.month <= row.month < latest.month:
            work.months.change(row.assessment_id).streak = None
    work.months.change(latest.assessment_id).streak = event.streak


def _settled(work: _Work, _: Folded, event: d.Posting) -> None:
    if event.assessment_id is not None:
        month = work.months.change(event.assessment_id)
        month.deposit_effect_fen += event.effect_fen
        month.payout_fen += event.payout_fen
        month.uncollected_fen += event.uncollected_fen


_STEPS: Mapping[type[Event], Callable[[_Work, Folded, Any], None]] = {
    a.AssessmentOpened: _opened,
    a.RepresentativesSeated: _seated,
    a.FindingRecorded: _counted("findings", 1),
    a.FindingCorrectionOrdered: _awaits_correction,
    a.FindingCorrected: _corrected,
    a.FindingOverturned: _overturned,
    a.ComplaintUpheld: _counted("complaints", 1),
    a.ComplaintOverturned: _counted("complaints", -1),
    a.VetoIncidentRecorded: _counted("incidents", 1),
    a.VetoIncidentOverturned: _counted("incidents", -1),
    a.ContentResultSubmitted: _submitted,
    a.BallotCast: _cast,
    a.BallotVoided: _voided,
    a.SurveyClosed: _surveyed,
    **dict.fromkeys(SCORING, _scored),
    **dict.fromkeys(RECORDING, _recorded),
    **dict.fromkeys(SETTLING, _settled),
}

ASSESSMENTS = Projection(
    name="assessments",
    schema_version=1,
    events=tuple(_STEPS),
    tables=(MONTHS.name, MARKS.name, AWAITED.name, SCORECARDS.name),
    fold=fold,
)
