"""What happens to a nonconformity."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.inspection_frame import Answerable
from domain.kernel import Event
from domain.nonconformity.commands import Handling
from domain.rules.r12_parts import ItemClass, Level


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Who found it when, at which level, in which inspection: a link of the chain."""

    level: Level
    found_by: UUID
    found_at: datetime
    inspection_id: UUID
    finding_id: UUID


class Liable(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers, by level; no person where the register names none for the place."""

    level: Level
    person: UUID | None


class Entitled(msgspec.Struct, frozen=True, kw_only=True):
    """Who handles a liability, by level: the persons of the place's posts, or those of a higher level in their stead.

    Where no post of the level names anybody for the place, whoever holds ``role`` fills it.
    """

    level: Level
    role: str
    persons: tuple[UUID, ...]
    above: tuple[UUID, ...]


class NonconformityRaised(Event, frozen=True, kw_only=True, tag="nonconformity.raised"):
    """Something does not conform; ``source_id`` is the stream that found it, where it was not raised by hand."""

    clause: str
    subject: str
    description: str
    place: str | None
    project_id: UUID | None
    evidence: Evidence
    raised_by: UUID | None
    raised_on: date
    source_noun: str | None = None
    source_id: UUID | None = None


class IssueFound(Event, frozen=True, kw_only=True, tag="nonconformity.issue_found"):
    """An inspection found an issue that was not known, or had been corrected; ``round`` counts those of one place."""

    round: int
    site_id: UUID
    project_id: UUID
    item: str
    item_class: ItemClass
    area: str
    unit: str | None
    finding: Finding
    description: str
    handling: Handling
    tell: Literal["oral", "oral_or_written"]
    answerable: tuple[Answerable, ...]
    evidence: Evidence
    readings: dict[str, str]
    found_on: date
    clause: str = "R12.5.3.3"
    rule_version: int


class IssueFoundAgain(Event, frozen=True, kw_only=True, tag="nonconformity.issue_found_again"):
    """An inspection found it again, still uncorrected; what had been reported done was not."""

    finding: Finding
    area: str
    unit: str | None
    description: str
    evidence: Evidence
    undone: bool
    clause: str = "R12.5.4"
    rule_version: int


class LiabilityFound(Event, frozen=True, kw_only=True, tag="nonconformity.liability_found"):
    """A higher level found what a lower one had found: these answer for it; ``chain`` is the proof, oldest first.

    ``may_decide`` and ``may_approve`` say who handles it, by the posts of that day; without them permissions do.
    """

    number: int
    found_by: Level
    after: tuple[Level, ...]
    liable: tuple[Liable, ...]
    decided_by: Level
    approved_by: Level | None
    chain: tuple[Finding, ...]
    readings: dict[str, str]
    may_decide: Entitled | None = None
    may_approve: Entitled | None = None
    clause: str = "R12.5.4"
    rule_version: int


class TellingRecorded(Event, frozen=True, kw_only=True, tag="nonconformity.telling_recorded"):
    """Somebody was told to correct it."""

    how: Literal["oral", "written"]
    told: UUID
    told_by: UUID | None
    clause: str = "R12.5.4"


class CorrectedOnTheSpot(Event, frozen=True, kw_only=True, tag="nonconformity.corrected_on_the_spot"):
    """It was corrected at once, and is to be inspected again."""

    attempt: int
    note: str
    evidence: Evidence
    corrected_by: UUID | None
    verify_by: datetime
    clause: str = "R12.5.3.3"


class CorrectionPlanned(Event, frozen=True, kw_only=True, tag="nonconformity.correction_planned"):
    """The correction is planned."""

    attempt: int
    complete_by: date
    due_by: datetime
    person: UUID
    cause: str
    steps: str
    resources: str
    standard: str
    planned_by: UUID | None
    clause: str = "R12.5.3.3"


class CorrectionDone(Event, frozen=True, kw_only=True, tag="nonconformity.correction_done"):
    """It is reported corrected, and to be inspected again by ``verify_by``."""

    attempt: int
    note: str
    evidence: Evidence
    done_by: UUID | None
    in_time: bool
    verify_by: datetime
    clause: str = "R12.5.3.3"


class CorrectionVerified(Event, frozen=True, kw_only=True, tag="nonconformity.correction_verified"):
    """The correction had its effect; the matter is closed."""

    evaluation: str
    evidence: Evidence
    verified_by: UUID
    verified_on: date
    clause: str = "R12.5.3.5"


class CorrectionReopened(Event, frozen=True, kw_only=True, tag="nonconformity.correction_reopened"):
    """The correction had no effect; it is to be planned anew."""

    evaluation: str
    evidence: Evidence
    verified_by: UUID
    clause: str = "R12.5.3.5"


class CorrectionOverdue(Event, frozen=True, kw_only=True, tag="nonconformity.correction_overdue"):
    """The planned time passed uncorrected; somebody has to handle that."""

    attempt: int
    person: UUID
    due_by: datetime
    clause: str = "R12.5.3.5"


class VerificationOverdue(Event, frozen=True, kw_only=True, tag="nonconformity.verification_overdue"):
    """It was not inspected again in time."""

    attempt: int
    due_by: datetime
    clause: str = "R12.5.3.5"


class OverdueHandled(Event, frozen=True, kw_only=True, tag="nonconformity.overdue_handled"):
    """What was not corrected in time was handled; ``due_by`` is the new time, if it was given one."""

    special_reason: str
    handling: str
    complete_by: date | None
    due_by: datetime | None
    attempt: int
    handled_by: UUID | None
    clause: str = "R12.5.3.5"


class ActionAdded(Event, frozen=True, kw_only=True, tag="nonconformity.action_added"):
    """An action against the cause is to be taken."""

    number: int
    kind: Literal["corrective", "preventive"]
    action: str
    person: UUID
    due_on: date
    clause: str = "R15.5.1.3.1"


class ActionCompleted(Event, frozen=True, kw_only=True, tag="nonconformity.action_completed"):
    """An action was taken."""

    number: int
    note: str
    evidence: Evidence
    completed_by: UUID | None
    clause: str = "R15.5.1.3.1"


class LiabilityDecided(Event, frozen=True, kw_only=True, tag="nonconformity.liability_decided"):
    """The handling of those who answer was set; with ``awaits`` it needs that level's approval."""

    number: int
    handling: str
    decided_by: UUID
    awaits: Level | None
    clause: str = "R12.5.4"


class LiabilityApproved(Event, frozen=True, kw_only=True, tag="nonconformity.liability_approved"):
    """The handling was approved and reported in writing."""

    number: int
    report: str
    approved_by: UUID
    clause: str = "R12.5.4"
