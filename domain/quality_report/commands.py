"""What is asked of a service quality report."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command
from domain.quality_terms import DepartmentFigures, Name, Number, Period, Remark, Words

Kind = Literal["monthly", "annual"]
MeasureKind = Literal["corrective", "preventive", "improvement"]
Figures = Annotated[tuple[DepartmentFigures, ...], msgspec.Meta(max_length=500)]


class CompileReport(Command, frozen=True, kw_only=True):
    """Take a period's figures into its report (编制服务质量报告), as the service has them at a position of its order.

    ``duty_id`` is the duty that submitting it meets.
    """

    kind: Kind
    period: Period
    figures: Figures
    position: int
    duty_id: UUID | None = None


class WriteReport(Command, frozen=True, kw_only=True):
    """Write what people add to the figures (撰写报告): what went well, the problems, and their causes."""

    achievements: Words
    problems: Remark = ""
    causes: Remark = ""


class AddMeasure(Command, frozen=True, kw_only=True):
    """Propose a measure with its person and day (提出措施): corrective, preventive, or an improvement."""

    kind: MeasureKind
    department: Name
    action: Words
    person: UUID
    due_on: date


class DropMeasure(Command, frozen=True, kw_only=True):
    """Take a measure out before the report is approved (删除措施)."""

    number: Number


class SubmitReport(Command, frozen=True, kw_only=True):
    """Submit the report to the general manager (报送审批)."""


class ApproveReport(Command, frozen=True, kw_only=True):
    """Approve the report; its figures stand, its measures are to be taken (批准报告)."""

    remark: Remark = ""


class ReturnReport(Command, frozen=True, kw_only=True):
    """Return the report with the reasons (退回报告)."""

    reason: Words


class CompleteMeasure(Command, frozen=True, kw_only=True):
    """Say that a measure has been taken (措施完成)."""

    number: Number
    note: Words
    evidence: Evidence = ()


class VerifyMeasure(Command, frozen=True, kw_only=True):
    """Look whether a measure that was taken has its effect (验证措施); without, it is to be taken anew by a day."""

    number: Number
    effective: bool
    evaluation: Words
    due_on: date | None = None


class LapseMeasure(Command, frozen=True, kw_only=True):
    """The day of a measure has passed (措施逾期)."""

    number: Number
    level: Annotated[int, msgspec.Meta(ge=1, le=2)]
