"""What happened to a complaint. Instants that are owed stand in the events, with the clause they follow from."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.fine_shares import FineShare, Liable
from domain.kernel import Event
from domain.rules.r11_ladder import Channel

Basis = Literal["same_day", "promise"]
Ground = Literal["no_notice", "promise_passed"]
Complainant = Literal["customer", "staff", "anonymous"]


class DueReminder(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder to come."""

    signal: Literal["yellow", "red"]
    before_minutes: int
    role: str
    channel: Channel
    due_at: datetime


class Gap(msgspec.Struct, frozen=True):
    """A pause in which the clock stood still."""

    paused_at: datetime
    resumed_at: datetime


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """By when the complaint is to be settled: late from ``due_by`` on, which ends ``due_on``.

    It is ``provisional`` where it was counted over days of ``unknown_years``, whose calendar is not published yet. Once
    it is, it is counted anew from ``counted_from`` (the day of the complaint, or the one promised) and over ``gaps``.
    """

    basis: Basis
    due_on: date
    due_by: datetime
    clause: str
    reminders: tuple[DueReminder, ...]
    provisional: bool = False
    unknown_years: tuple[int, ...] = ()
    counted_from: date | None = None
    gaps: tuple[Gap, ...] = ()


class NextLevel(msgspec.Struct, frozen=True, kw_only=True):
    """The next level of the ladder, told at ``due_at`` unless the complaint is settled before.

    Provisional as a `Limit` may be; its time was counted from ``counted_from``, the end of the day promised where it
    is ``after_promise``.
    """

    level: int
    role: str
    channel: Channel
    due_at: datetime
    provisional: bool = False
    unknown_years: tuple[int, ...] = ()
    counted_from: datetime | None = None
    after_promise: bool = False
    gaps: tuple[Gap, ...] = ()


class ComplaintLodged(Event, frozen=True, kw_only=True, tag="complaint.lodged"):
    """A complaint was taken in. ``lodged_at`` is left out where the rules keep the day alone."""

    complainant: Complainant
    channel: Literal["desk", "api", "public"]
    kind: str
    kind_zh: str
    kind_en: str
    subject: str
    description: str
    place: str | None
    project_id: UUID | None
    departments: tuple[str, ...]
    lodged_on: date
    lodged_at: datetime | None
    lodged_by: UUID | None
    limit: Limit
    next_level: NextLevel | None
    readings: dict[str, str]
    rule_version: int
    receipt_hash: str | None = None
    receipt_until: datetime | None = None
    clause: str = "R11.2.1"
    evidence: Evidence = ()


class InformationAdded(Event, frozen=True, kw_only=True, tag="complaint.information_added"):
    """The holder of the receipt added something; the day alone is kept."""

    text: str
    added_on: date
    clause: str = "R0.3"
    evidence: Evidence = ()


class ComplaintAssigned(Event, frozen=True, kw_only=True, tag="complaint.assigned"):
    """Somebody is responsible from now on, others jointly with them."""

    responsible: UUID
    joint: tuple[Liable, ...]
    previous: UUID | None
    rule_version: int
    clause: str = "R11.2.2"


class WorkStarted(Event, frozen=True, kw_only=True, tag="complaint.work_started"):
    """The complaint was taken up."""

    started_by: UUID | None


class ProgressRecorded(Event, frozen=True, kw_only=True, tag="complaint.progress_recorded"):
    """Something was done."""

    note: str
    evidence: Evidence = ()


class DepartmentConsulted(Event, frozen=True, kw_only=True, tag="complaint.department_consulted"):
    """A department was asked."""

    department: str
    note: str
    concerned: bool
    clause: str = "R11.2.1"


class ConsultationReplied(Event, frozen=True, kw_only=True, tag="complaint.consultation_replied"):
    """A department answered."""

    department: str
    reply: str
    replied_by: UUID | None
    evidence: Evidence = ()


class ComplaintEscalated(Event, frozen=True, kw_only=True, tag="complaint.escalated"):
    """A level of the ladder is told: because its time has come, or because it was asked."""

    level: int
    role: str
    channel: Channel
    cause: Literal["time", "asked"]
    reason: str | None
    next_level: NextLevel | None
    rule_version: int
    clause: str = "R11.2.3"


class ComplaintInstructed(Event, frozen=True, kw_only=True, tag="complaint.instructed"):
    """The case that was put before a level is decided there."""

    instruction: str
    instructed_by: UUID
    clause: str = "R11.2.3"


class SolutionProposed(Event, frozen=True, kw_only=True, tag="complaint.solution_proposed"):
    """A solution awaits the signatures of the departments concerned."""

    solution: str
    to_sign: tuple[str, ...]
    clause: str = "R11.2.4"
    evidence: Evidence = ()


class DepartmentSigned(Event, frozen=True, kw_only=True, tag="complaint.department_signed"):
    """A department signed the solution; with the last signature it is ``complete``."""

    department: str
    comment: str
    signed_by: UUID | None
    complete: bool
    clause: str = "R11.2.4"


class DepartmentDeclined(Event, frozen=True, kw_only=True, tag="complaint.department_declined"):
    """A department did not sign; another solution is to be proposed."""

    department: str
    comment: str
    declined_by: UUID | None
    clause: str = "R11.2.4"


class CustomerAnswered(Event, frozen=True, kw_only=True, tag="complaint.customer_answered"):
    """The complainant was told what was found and done."""

    answer: str
    answered_by: UUID | None
    evidence: Evidence = ()


class ReporterWritten(Event, frozen=True, kw_only=True, tag="complaint.reporter_written"):
    """The holder of the receipt was written to."""

    text: str
    written_on: date
    written_by: UUID | None
    clause: str = "R0.3"
    evidence: Evidence = ()


class DatePromised(Event, frozen=True, kw_only=True, tag="complaint.date_promised"):
    """The customer was told a date, which ``limit`` rolls to a working day; ``in_time`` if told the same day."""

    promised_for: date
    told_how: str
    in_time: bool
    limit: Limit
    next_level: NextLevel | None
    readings: dict[str, str]
    rule_version: int
    clause: str = "R11.2.2"


class ComplaintPaused(Event, frozen=True, kw_only=True, tag="complaint.paused"):
    """The customer is waited for, until ``ends_at`` at most; the clock stops where the reading says so."""

    reason: str
    paused_at: datetime
    ends_at: datetime
    clock_stops: bool
    readings: dict[str, str]
    rule_version: int
    clause: str = "R11.2.1"


class ComplaintResumed(Event, frozen=True, kw_only=True, tag="complaint.resumed"):
    """Work goes on; ``limit`` and ``next_level`` are what is due now, ``moved_s`` how far the limit moved."""

    paused_s: int
    moved_s: int
    lapsed: bool
    limit: Limit | None
    next_level: NextLevel | None
    rule_version: int
    clause: str = "R11.2.1"


class LimitsRederived(Event, frozen=True, kw_only=True, tag="complaint.limits_rederived"):
    """The calendar of a year that was unknown is published, and what rested on it was counted anew.

    What had passed by then stays as it was recorded: ``lateness_stands`` where the complaint had become late.
    """

    year: int
    limit: Limit | None
    next_level: NextLevel | None
    previous_limit: Limit | None
    previous_level: NextLevel | None
    lateness_stands: bool
    rule_version: int
    clause: str = "R11.2.1"


class ComplaintReminded(Event, frozen=True, kw_only=True, tag="complaint.reminded"):
    """A limit comes near; the role is told by the channel."""

    signal: Literal["yellow", "red"]
    before_minutes: int
    role: str
    channel: Channel
    due_by: datetime
    clause: str


class ComplaintLate(Event, frozen=True, kw_only=True, tag="complaint.late"):
    """A limit passed. ``counts`` where the reading fines it; ``attributed`` where somebody was responsible."""

    ground: Ground
    round: int
    due_on: date
    due_by: datetime
    counts: bool
    attributed: bool
    readings: dict[str, str]
    rule_version: int
    clause: str = "R11.2.2"


class ComplaintFined(Event, frozen=True, kw_only=True, tag="complaint.fined"):
    """A late complaint costs those who answer for it; once a round."""

    fine_key: str
    round: int
    shares: tuple[FineShare, ...]
    late_on: date
    overlap: Literal["heavier", "both"]
    readings: dict[str, str]
    rule_version: int
    clause: str = "R11.2.2"


class ComplaintSettled(Event, frozen=True, kw_only=True, tag="complaint.settled"):
    """The complaint is settled; ``in_time`` if no limit had passed."""

    note: str
    settled_on: date
    in_time: bool
    reopen_until: datetime
    clause: str = "R11.2.1"


class ComplaintRated(Event, frozen=True, kw_only=True, tag="complaint.rated"):
    """The customer's rating, of ``best``."""

    score: int
    best: int
    comment: str
    rule_version: int
    clause: str = "R11.2.4"


class ComplaintReopened(Event, frozen=True, kw_only=True, tag="complaint.reopened"):
    """The complaint is open again, its limit counted anew under the rules it began under."""

    reason: str
    round: int
    limit: Limit
    next_level: NextLevel | None
    rule_version: int
    clause: str = "R11.2.1"


class ComplaintWithdrawn(Event, frozen=True, kw_only=True, tag="complaint.withdrawn"):
    """The complainant took it back."""

    reason: str


class ComplaintUnfounded(Event, frozen=True, kw_only=True, tag="complaint.unfounded"):
    """Nothing was found in it."""

    reason: str
    closed_on: date
    reopen_until: datetime


class ComplaintUpheldAgainstProject(Event, frozen=True, kw_only=True, tag="complaint.upheld"):
    """It was justified, and counts in a project's month under ``complaint_ref``."""

    complaint_ref: str
    project_id: UUID
    month: str
    item_code: str
    count: int
    note: str
    clause: str = "R14.2.3"


class ComplaintReferred(Event, frozen=True, kw_only=True, tag="complaint.referred"):
    """It turned out to be an accountability matter too, and goes on there as the case named.

    ``account`` is what the office is told. The receipt of an anonymous complaint opens the conversation about the
    case. The complaint itself is still to be settled.
    """

    case_id: UUID
    subject: str
    account: str
    reason: str
    referred_by: UUID
    referred_on: date
    receipt_hash: str | None
    receipt_until: datetime | None
    clause: str = "R4.13"


class UpheldOverturned(Event, frozen=True, kw_only=True, tag="complaint.upheld_overturned"):
    """It no longer counts in the project's month."""

    complaint_ref: str
    project_id: UUID
    month: str
    reason: str
    clause: str = "R14.2.3"
