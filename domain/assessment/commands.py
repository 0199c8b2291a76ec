"""What an assessment is asked: by departments, assessors and leaders, by raters with a link, and by the system."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from domain.kernel import Command
from domain.periods import Month
from domain.rules.r14_scoring import Code
from domain.scorecard import Group, IncidentKind

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=500)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Note = Annotated[str, msgspec.Meta(max_length=2000)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
TokenHash = Annotated[str, msgspec.Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class OpenAssessment(Command, frozen=True, kw_only=True):
    """Open the assessment of one project's month."""

    project_id: UUID
    project_name: Name
    contractor: Name
    month: Month


class SeatRepresentatives(Command, frozen=True, kw_only=True):
    """Take over the representatives drawn for the month, with the seed of the draw."""

    staff: Names
    students: Names
    seed: Reference
    drawn_by_event_version: Annotated[int, msgspec.Meta(ge=1)]


class RecordFinding(Command, frozen=True, kw_only=True):
    """Record what an inspection found on an item; a minor finding is to be corrected within the time set.

    ``finding_ref`` is the recorder's own number, unique within the month: a file imported twice counts once.
    """

    item_code: Code
    count: Count = 1
    found_on: date
    department: Name
    note: Note = ""
    evidence: Reference | None = None
    minor: bool = False
    finding_ref: Reference | None = None


class ConfirmFindingCorrected(Command, frozen=True, kw_only=True):
    """Confirm that a minor finding has been corrected, in time or late."""

    finding_id: UUID
    note: Note = ""


class LapseFindingCorrection(Command, frozen=True, kw_only=True):
    """The time to correct a minor finding has passed."""

    finding_id: UUID


class OverturnFinding(Command, frozen=True, kw_only=True):
    """Strike a finding; a closed month is assessed again."""

    finding_id: UUID
    reason: Reason


class RecordUpheldComplaint(Command, frozen=True, kw_only=True):
    """Record a complaint found to be justified; each reference counts once."""

    complaint_ref: Reference
    item_code: Code
    count: Count = 1
    note: Reason


class OverturnComplaint(Command, frozen=True, kw_only=True):
    """Strike an upheld complaint."""

    complaint_ref: Reference
    reason: Reason


class RecordVetoIncident(Command, frozen=True, kw_only=True):
    """Record an incident that may veto the month; whether an accident does is for the rules to say."""

    kind: IncidentKind
    happened_on: date
    description: Reason
    loss_fen: Annotated[int, msgspec.Meta(ge=0, le=10**13)] = 0
    casualties: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    document_no: Reference | None = None


class OverturnVetoIncident(Command, frozen=True, kw_only=True):
    """Strike an incident."""

    incident_id: UUID
    reason: Reason


class SubmitContentResult(Command, frozen=True, kw_only=True):
    """Declare a department's result for one content complete."""

    content: Code
    department: Name
    note: Note = ""


class BallotLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A one-time link, known here only by the SHA-256 of its token."""

    token_hash: TokenHash
    group: Group


class IssueBallotLinks(Command, frozen=True, kw_only=True):
    """Admit ballots through these links until they expire."""

    links: Annotated[tuple[BallotLink, ...], msgspec.Meta(min_length=1, max_length=1000)]
    expires_at: Instant


class CastBallot(Command, frozen=True, kw_only=True):
    """Enter a paper ballot. One filled in while the survey was open, as ``cast_on`` says, may be entered later."""

    group: Group
    score: Decimal
    comment: Note = ""
    ballot_ref: Reference | None = None
    cast_on: date | None = None


class CastBallotByLink(Command, frozen=True, kw_only=True):
    """Cast the one ballot that a link admits."""

    token_hash: TokenHash
    score: Decimal
    comment: Note = ""


class VoidBallot(Command, frozen=True, kw_only=True):
    """Declare a ballot void."""

    ballot_id: UUID
    reason: Reason


class CloseSurvey(Command, frozen=True, kw_only=True):
    """Close the survey before its time."""

    reason: Reason


class LapseSurvey(Command, frozen=True, kw_only=True):
    """The survey's last day is over."""


class CloseAssessment(Command, frozen=True, kw_only=True):
    """Score the month. What is still missing must be accepted with a reason."""

    accept_gaps_reason: Reason | None = None
