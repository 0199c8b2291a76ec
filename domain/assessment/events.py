"""What happens to an assessment. Events carry results, never something to look up later."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from domain.assessment.commands import BallotLink
from domain.kernel import Event
from domain.scorecard import Band, Group, IncidentKind, Scorecard


class AwaitedContent(msgspec.Struct, frozen=True):
    """A content whose result a department has to declare before the month closes."""

    code: str
    zh: str
    en: str


class AssessmentOpened(Event, tag="assessment.opened", frozen=True, kw_only=True):
    """The month was opened under the rules in force on its first day; they hold for all that follows from it."""

    project_id: UUID
    project_name: str
    contractor: str
    month: str
    survey_closes_on: date
    survey_closes_at: datetime
    awaited: tuple[AwaitedContent, ...]
    staff_representatives: int
    student_representatives: int
    ballots_required: bool
    rule_version: int
    clause: str = "R14.2.1"


class RepresentativesSeated(Event, tag="assessment.representatives_seated", frozen=True, kw_only=True):
    """The representatives drawn by lot joined the month's group."""

    staff: tuple[str, ...]
    students: tuple[str, ...]
    seed: str
    drawn_by_event_version: int
    clause: str = "R14.4"


class FindingRecorded(Event, tag="assessment.finding_recorded", frozen=True, kw_only=True):
    """An inspection found something; ``deduction`` is per finding, ``points`` the most the item can lose."""

    finding_id: UUID
    content: str
    item_code: str
    item_zh: str
    item_en: str
    count: int
    deduction: Decimal
    points: Decimal
    found_on: date
    department: str
    note: str
    evidence: str | None
    finding_ref: str | None
    rule_version: int
    clause: str = "R14.1"


class FindingCorrectionOrdered(Event, tag="assessment.finding_correction_ordered", frozen=True, kw_only=True):
    """A minor finding is to be corrected by the end of ``due_on``."""

    finding_id: UUID
    due_on: date
    due_at: datetime
    rule_version: int
    clause: str = "R14.2.4"


class FindingCorrected(Event, tag="assessment.finding_corrected", frozen=True, kw_only=True):
    """A minor finding was corrected."""

    finding_id: UUID
    corrected_on: date
    late: bool
    note: str
    clause: str = "R14.2.4"


class FindingCorrectionLapsed(Event, tag="assessment.finding_correction_lapsed", frozen=True, kw_only=True):
    """A minor finding was not corrected in time."""

    finding_id: UUID
    due_at: datetime
    clause: str = "R14.2.4"


class FindingOverturned(Event, tag="assessment.finding_overturned", frozen=True, kw_only=True):
    """A finding counts no more."""

    finding_id: UUID
    reason: str


class ComplaintUpheld(Event, tag="assessment.complaint_upheld", frozen=True, kw_only=True):
    """A justified complaint counts against the month; ``deducted`` is what it takes."""

    complaint_ref: str
    content: str
    item_code: str
    item_zh: str
    item_en: str
    count: int
    deducted: Decimal
    note: str
    rule_version: int
    clause: str = "R14.2.3"


class ComplaintOverturned(Event, tag="assessment.complaint_overturned", frozen=True, kw_only=True):
    """A complaint counts no more."""

    complaint_ref: str
    reason: str


class VetoIncidentRecorded(Event, tag="assessment.veto_incident_recorded", frozen=True, kw_only=True):
    """An incident that may veto the month; the scorecard says whether it does."""

    incident_id: UUID
    kind: IncidentKind
    happened_on: date
    description: str
    loss_fen: int
    casualties: int
    document_no: str | None
    clause: str = "R14.2.4"


class VetoIncidentOverturned(Event, tag="assessment.veto_incident_overturned", frozen=True, kw_only=True):
    """An incident counts no more."""

    incident_id: UUID
    reason: str


class ContentResultSubmitted(Event, tag="assessment.content_result_submitted", frozen=True, kw_only=True):
    """A department declared its result for one content complete."""

    content: str
    department: str
    note: str
    clause: str = "R14.3"


class BallotLinksIssued(Event, tag="assessment.ballot_links_issued", frozen=True, kw_only=True):
    """Links were issued, known by their hashes."""

    links: tuple[BallotLink, ...]
    expires_at: datetime
    clause: str = "R14.3"


class BallotCast(Event, tag="assessment.ballot_cast", frozen=True, kw_only=True):
    """A rater's ballot; ``token_hash`` is the link it came through, none for paper."""

    ballot_id: UUID
    group: Group
    score: Decimal
    comment: str
    cast_on: date
    ballot_ref: str | None = None
    token_hash: str | None = None
    clause: str = "R14.2.2"


class BallotVoided(Event, tag="assessment.ballot_voided", frozen=True, kw_only=True):
    """A ballot counts no more."""

    ballot_id: UUID
    reason: str


class SurveyClosed(Event, tag="assessment.survey_closed", frozen=True, kw_only=True):
    """The survey ended; ``lapsed`` when its last day passed, else a person closed it early with a reason."""

    last_day: date
    lapsed: bool
    reason: str = ""
    clause: str = "R14.3"


class AssessmentClosed(Event, tag="assessment.closed", frozen=True, kw_only=True):
    """The month was scored. ``gaps`` are what was missing and accepted; the summary goes to the roles named."""

    project_id: UUID
    month: str
    scorecard: Scorecard
    rule_version: int
    closed_on: date
    gaps: tuple[str, ...]
    accept_gaps_reason: str | None
    summary_recipients: tuple[str, ...]
    revision: int = 1
    clause: str = "R14.3"


class AssessmentReassessed(Event, tag="assessment.reassessed", frozen=True, kw_only=True):
    """A closed month was scored anew, by the rules it was opened under."""

    project_id: UUID
    month: str
    scorecard: Scorecard
    rule_version: int
    revision: int
    previous_score: Decimal
    previous_band: Band
    reason: str
    clause: str = "R14.2.1"
