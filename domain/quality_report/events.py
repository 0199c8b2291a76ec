"""What happens to a service quality report."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.appraisal import Appraisal
from domain.evidence import Evidence
from domain.kernel import Event
from domain.quality_report.commands import Kind, MeasureKind
from domain.quality_terms import DepartmentFigures


class ReportMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of a report (措施), by whom until when."""

    number: int
    kind: MeasureKind
    department: str
    action: str
    person: UUID
    due_on: date
    due_at: datetime
    escalates_at: datetime


class ReportCompiled(Event, frozen=True, kw_only=True, tag="quality_report.compiled"):
    """The report has these figures, as they stood at ``position``; of a year, what they come to in points."""

    kind: Kind
    period: str
    figures: tuple[DepartmentFigures, ...]
    appraisals: tuple[Appraisal, ...]
    position: int
    duty_id: UUID | None
    due_on: date
    compiled_by: UUID
    compiled_on: date
    readings: dict[str, str]
    clause: str
    rule_version: int


class ReportWritten(Event, frozen=True, kw_only=True, tag="quality_report.written"):
    """What people add to the figures."""

    achievements: str
    problems: str
    causes: str
    written_by: UUID
    clause: str


class MeasureAdded(Event, frozen=True, kw_only=True, tag="quality_report.measure_added"):
    """A measure is proposed."""

    measure: ReportMeasure
    added_by: UUID
    clause: str
    rule_version: int


class MeasureDropped(Event, frozen=True, kw_only=True, tag="quality_report.measure_dropped"):
    """A measure was taken out."""

    number: int
    clause: str


class ReportSubmitted(Event, frozen=True, kw_only=True, tag="quality_report.submitted"):
    """The report awaits the general manager; ``late`` where its day had passed."""

    kind: Kind
    period: str
    round: int
    submitted_by: UUID
    submitted_at: datetime
    due_on: date
    late: bool
    duty_id: UUID | None
    clause: str
    rule_version: int


class ReportApproved(Event, frozen=True, kw_only=True, tag="quality_report.approved"):
    """The report stands with its figures; its measures are to be taken."""

    kind: Kind
    period: str
    figures: tuple[DepartmentFigures, ...]
    measures: tuple[ReportMeasure, ...]
    remark: str
    approved_by: UUID
    approved_on: date
    clause: str
    rule_version: int


class ReportReturned(Event, frozen=True, kw_only=True, tag="quality_report.returned"):
    """The report goes back to whoever compiled it."""

    reason: str
    returned_by: UUID
    compiled_by: UUID
    clause: str


class MeasureCompleted(Event, frozen=True, kw_only=True, tag="quality_report.measure_completed"):
    """A measure has been taken, and awaits a look at its effect."""

    number: int
    note: str
    evidence: Evidence
    late: bool
    completed_by: UUID
    completed_on: date
    clause: str


class MeasureVerified(Event, frozen=True, kw_only=True, tag="quality_report.measure_verified"):
    """A measure has its effect."""

    number: int
    evaluation: str
    verified_by: UUID
    verified_on: date
    clause: str


class MeasureReopened(Event, frozen=True, kw_only=True, tag="quality_report.measure_reopened"):
    """A measure had no effect; it is to be taken anew."""

    number: int
    evaluation: str
    due_on: date
    due_at: datetime
    escalates_at: datetime
    verified_by: UUID
    clause: str
    rule_version: int


class MeasureOverdue(Event, frozen=True, kw_only=True, tag="quality_report.measure_overdue"):
    """A measure was not taken in time; it is put before ``role``, at ``level`` 2 some days later before the next."""

    number: int
    level: int
    person: UUID
    role: str
    due_on: date
    clause: str
