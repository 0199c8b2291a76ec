"""What is asked of a nonconformity: by those who find it, correct it, verify it, and decide who answers for it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.duty_terms import Clause
from domain.evidence import Evidence
from domain.inspection_frame import Answerable, ItemCode, Name
from domain.kernel import Command
from domain.rules.r12_parts import ItemClass, Level

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Remark = Annotated[str, msgspec.Meta(max_length=2000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Handling = Literal["on_the_spot", "plan"]


class RaiseNonconformity(Command, frozen=True, kw_only=True):
    """Record something that does not conform, under any regulation's clause (登记不合格)."""

    clause: Clause
    subject: Name
    description: Words
    place: Name | None = None
    project_id: UUID | None = None
    evidence: Evidence = ()


class RaiseFromSource(Command, frozen=True, kw_only=True):
    """Something else found that it does not conform (由来源转入): a sheet, a self-check, a receipt of goods."""

    clause: Clause
    subject: Name
    description: Words
    source_noun: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    source_id: UUID
    project_id: UUID | None = None
    found_by: UUID | None = None
    evidence: Evidence = ()


class RecordIssue(Command, frozen=True, kw_only=True):
    """An inspection found an issue (检查发现问题): for the first time, or again."""

    site_id: UUID
    project_id: UUID
    item: ItemCode
    item_class: ItemClass
    area: ItemCode
    unit: ItemCode | None = None
    level: Level
    found_by: UUID
    found_at: datetime
    inspection_id: UUID
    finding_id: UUID
    description: Words
    handling: Handling
    answerable: tuple[Answerable, ...] = ()
    evidence: Evidence = ()
    rule_version: int


class RecordTelling(Command, frozen=True, kw_only=True):
    """Say that whoever is to correct it was told, and how (通知责任人)."""

    how: Literal["oral", "written"]
    told: UUID


class CorrectOnTheSpot(Command, frozen=True, kw_only=True):
    """Correct it at once (现场改正)."""

    note: Words
    evidence: Evidence = ()


class PlanCorrection(Command, frozen=True, kw_only=True):
    """Plan the correction with all its parts (整改计划): until when, by whom, how, with what, to which standard."""

    complete_by: date
    person: UUID
    cause: Words
    steps: Words
    resources: Words
    standard: Words


class ReportDone(Command, frozen=True, kw_only=True):
    """Report that it is corrected (报告整改完成)."""

    note: Words
    evidence: Evidence = ()


class VerifyCorrection(Command, frozen=True, kw_only=True):
    """Inspect again and evaluate the effect (复查评价)."""

    effective: bool
    evaluation: Words
    evidence: Evidence = ()


class HandleOverdue(Command, frozen=True, kw_only=True):
    """Handle what was not corrected in time (逾期处理): the special reason, or what is done about it."""

    special_reason: Remark = ""
    handling: Words
    complete_by: date | None = None


class AddAction(Command, frozen=True, kw_only=True):
    """Take an action against the cause: corrective or preventive (纠正、预防措施)."""

    kind: Literal["corrective", "preventive"]
    action: Words
    person: UUID
    due_on: date


class CompleteAction(Command, frozen=True, kw_only=True):
    """An action has been taken (措施完成)."""

    number: Number
    note: Words
    evidence: Evidence = ()


class DecideLiability(Command, frozen=True, kw_only=True):
    """Set the handling of those who answer for an issue found again (责任处理)."""

    number: Number
    handling: Words


class ApproveLiability(Command, frozen=True, kw_only=True):
    """Approve that handling, which is then reported in writing (批准责任处理)."""

    number: Number
    report: Words


class LapseCorrection(Command, frozen=True, kw_only=True):
    """The planned time of the correction has passed (整改逾期)."""

    attempt: Number


class LapseVerification(Command, frozen=True, kw_only=True):
    """The time to inspect again has passed (复查逾期)."""

    attempt: Number
