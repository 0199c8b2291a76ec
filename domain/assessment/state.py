"""What stands in an assessment, and how each event changes it.

The maps are treated as immutable and copied on write; they are kept apart so that each copy stays small.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.assessment import events as e
from domain.assessment.commands import LapseFindingCorrection, LapseSurvey
from domain.folding import Evolve, folding
from domain.kernel import Deadline, State
from domain.scorecard import BallotMark, Group, Incident, IncidentKind, Mark, Scorecard, ScoreInputs

Correction = Literal["none", "due", "lapsed", "done"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it stands; ``due_at`` is set where correction was ordered."""

    item_code: str
    count: int
    ref: str | None = None
    correction: Correction = "none"
    due_at: datetime | None = None
    overturned: bool = False


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """An upheld complaint as it stands."""

    item_code: str
    count: int
    overturned: bool = False


class VetoIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as it stands."""

    kind: IncidentKind
    loss_fen: int
    casualties: int
    overturned: bool = False


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot as it stands."""

    group: Group
    score: Decimal
    ref: str | None = None
    voided: bool = False


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot link: whom it is for, until when, and whether it has been used."""

    group: Group
    expires_at: datetime
    used: bool = False


class AssessmentState(State, frozen=True, kw_only=True):
    """The assessment of one project's month (月度考核).

    ``open`` while the survey runs, ``surveyed`` once it is closed, ``closed`` when the month has been scored.
    """

    project_id: UUID
    project_name: str
    contractor: str
    month: str
    rule_version: int
    survey_closes_on: date
    survey_closes_at: datetime
    awaited: tuple[e.AwaitedContent, ...]
    staff_representatives: int
    student_representatives: int
    ballots_required: bool
    surveyed_until: date | None = None
    seed: str | None = None
    drawn_by_event_version: int = 0
    staff: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    results: dict[str, str] = msgspec.field(default_factory=dict)
    findings: dict[UUID, Finding] = msgspec.field(default_factory=dict)
    complaints: dict[str, Complaint] = msgspec.field(default_factory=dict)
    incidents: dict[UUID, VetoIncident] = msgspec.field(default_factory=dict)
    ballots: dict[UUID, Ballot] = msgspec.field(default_factory=dict)
    links: dict[str, Link] = msgspec.field(default_factory=dict)
    scorecard: Scorecard | None = None
    revision: int = 0


def inputs(state: AssessmentState) -> ScoreInputs:
    """What the scorecard is computed from: all that has not been overturned or voided."""
    return ScoreInputs(
        findings=tuple(
            Mark(str(key), one.item_code, one.count) for key, one in state.findings.items() if not one.overturned
        ),
        complaints=tuple(
            Mark(key, one.item_code, one.count) for key, one in state.complaints.items() if not one.overturned
        ),
        ballots=tuple(
            BallotMark(str(key), one.group, one.score) for key, one in state.ballots.items() if not one.voided
        ),
        incidents=tuple(
            Incident(id=str(key), kind=one.kind, loss_fen=one.loss_fen, casualties=one.casualties)
            for key, one in state.incidents.items()
            if not one.overturned
        ),
    )


def deadlines(state: AssessmentState) -> tuple[Deadline, ...]:
    """The survey's end, and the correction of each minor finding that still stands."""
    owed = [
        Deadline(f"correction:{key}", finding.due_at, LapseFindingCorrection(finding_id=key))
        for key, finding in state.findings.items()
        if finding.due_at is not None and finding.correction == "due" and not finding.overturned
    ]
    if state.status == "open":
        owed.append(Deadline("survey", state.survey_closes_at, LapseSurvey()))
    return tuple(owed)


K = TypeVar("K")
V = TypeVar("V")


def _with(entries: Mapping[K, V], key: K, entry: V) -> dict[K, V]:
    return {**entries, key: entry}


def _opened(event: e.AssessmentOpened) -> AssessmentState:
    return AssessmentState(
        status="open",
        project_id=event.project_id,
        project_name=event.project_name,
        contractor=event.contractor,
        month=event.month,
        rule_version=event.rule_version,
        survey_closes_on=event.survey_closes_on,
        survey_closes_at=event.survey_closes_at,
        awaited=event.awaited,
        staff_representatives=event.staff_representatives,
        student_representatives=event.student_representatives,
        ballots_required=event.ballots_required,
    )


def _seated(state: AssessmentState, event: e.RepresentativesSeated) -> AssessmentState:
    return replace(
        state,
        staff=event.staff,
        students=event.students,
        seed=event.seed,
        drawn_by_event_version=event.drawn_by_event_version,
    )


def _found(state: AssessmentState, event: e.FindingRecorded) -> AssessmentState:
    finding = Finding(item_code=event.item_code, count=event.count, ref=event.finding_ref)
    return replace(state, findings=_with(state.findings, event.finding_id, finding))


def _finding(state: AssessmentState, finding_id: UUID, **changes: Any) -> AssessmentState:
    changed = replace(state.findings[finding_id], **changes)
    return replace(state, findings=_with(state.findings, finding_id, changed))


def _upheld(state: AssessmentState, event: e.ComplaintUpheld) -> AssessmentState:
    complaint = Complaint(item_code=event.item_code, count=event.count)
    return replace(state, complaints=_with(state.complaints, event.complaint_ref, complaint))


def _complaint_overturned(state: AssessmentState, event: e.ComplaintOverturned) -> AssessmentState:
    struck = replace(state.complaints[event.complaint_ref], overturned=True)
    return replace(state, complaints=_with(state.complaints, event.complaint_ref, struck))


def _incident(state: AssessmentState, event: e.VetoIncidentRecorded) -> AssessmentState:
    incident = VetoIncident(kind=event.kind, loss_fen=event.loss_fen, casualties=event.casualties)
    return replace(state, incidents=_with(state.incidents, event.incident_id, incident))


def _incident_overturned(state: AssessmentState, event: e.VetoIncidentOverturned) -> AssessmentState:
    struck = replace(state.incidents[event.incident_id], overturned=True)
    return replace(state, incidents=_with(state.incidents, event.incident_id, struck))


def _links_issued(state: AssessmentState, event: e.BallotLinksIssued) -> AssessmentState:
    issued = {link.token_hash: Link(group=link.group, expires_at=event.expires_at) for link in event.links}
    return replace(state, links={**state.links, **issued})


def _cast(state: AssessmentState, event: e.BallotCast) -> AssessmentState:
    ballot = Ballot(group=event.group, score=event.score, ref=event.ballot_ref)
    ballots = _with(state.ballots, event.ballot_id, ballot)
    if event.token_hash is None:
        return replace(state, ballots=ballots)
    used = replace(state.links[event.token_hash], used=True)
    return replace(state, ballots=ballots, links=_with(state.links, event.token_hash, used))


def _voided(state: AssessmentState, event: e.BallotVoided) -> AssessmentState:
    void = replace(state.ballots[event.ballot_id], voided=True)
    return replace(state, ballots=_with(state.ballots, event.ballot_id, void))


def _scored(state: AssessmentState, event: e.AssessmentClosed | e.AssessmentReassessed) -> AssessmentState:
    return replace(state, status="closed", scorecard=event.scorecard, revision=event.revision)


evolve: Evolve[AssessmentState] = folding(
    "an assessment",
    begins={e.AssessmentOpened: _opened},
    steps={
        e.RepresentativesSeated: _seated,
        e.FindingRecorded: _found,
        e.FindingCorrectionOrdered: lambda s, event: _finding(
            s, event.finding_id, correction="due", due_at=event.due_at
        ),
        e.FindingCorrected: lambda s, event: _finding(s, event.finding_id, correction="done"),
        e.FindingCorrectionLapsed: lambda s, event: _finding(s, event.finding_id, correction="lapsed"),
        e.FindingOverturned: lambda s, event: _finding(s, event.finding_id, overturned=True),
        e.ComplaintUpheld: _upheld,
        e.ComplaintOverturned: _complaint_overturned,
        e.VetoIncidentRecorded: _incident,
        e.VetoIncidentOverturned: _incident_overturned,
        e.ContentResultSubmitted: lambda s, event: replace(
            s, results=_with(s.results, event.content, event.department)
        ),
        e.BallotLinksIssued: _links_issued,
        e.BallotCast: _cast,
        e.BallotVoided: _voided,
        e.SurveyClosed: lambda s, event: replace(s, status="surveyed", surveyed_until=event.last_day),
        e.AssessmentClosed: _scored,
        e.AssessmentReassessed: _scored,
    },
)
