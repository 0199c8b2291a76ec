"""What is asked of a complaint: by the desk, handlers, departments and directors, by a receipt, by the system."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.fine_shares import Joint
from domain.kernel import Command
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r14_scoring import Code as ItemCode

Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Description = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Department = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Departments = Annotated[tuple[Department, ...], msgspec.Meta(max_length=20)]
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Remark = Annotated[str, msgspec.Meta(max_length=2000)]
ReceiptHash = Annotated[str, msgspec.Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]
Score = Annotated[int, msgspec.Meta(ge=1, le=100)]
Round = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Level = Annotated[int, msgspec.Meta(ge=1, le=10)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=60 * 24 * 30)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class LodgeComplaint(Command, frozen=True, kw_only=True):
    """Fill in a complaint form for a customer or a member of staff (填写投诉单)."""

    complainant: Literal["customer", "staff"]
    channel: Literal["desk", "api"] = "desk"
    kind: Code
    subject: Subject
    description: Description
    place: Place | None = None
    project_id: UUID | None = None
    departments: Departments = ()
    evidence: Evidence = ()


class ReportAnonymously(Command, frozen=True, kw_only=True):
    """Complain without an account; only the SHA-256 of the receipt is known here (匿名投诉)."""

    receipt_hash: ReceiptHash
    kind: Code
    subject: Subject
    description: Description
    place: Place | None = None
    project_id: UUID | None = None
    evidence: Evidence = ()


class AddByReceipt(Command, frozen=True, kw_only=True):
    """Add to an anonymous complaint by its receipt (凭回执补充)."""

    receipt_hash: ReceiptHash
    text: Description
    evidence: Evidence = ()


class RateByReceipt(Command, frozen=True, kw_only=True):
    """Rate the answer to an anonymous complaint by its receipt (凭回执评价)."""

    receipt_hash: ReceiptHash
    score: Score
    comment: Remark = ""


class AssignComplaint(Command, frozen=True, kw_only=True):
    """Make somebody responsible, with those jointly liable in the rules' roles (指派)."""

    responsible: UUID
    joint: Joint


class StartWork(Command, frozen=True, kw_only=True):
    """Take the complaint up (开始处理)."""


class RecordProgress(Command, frozen=True, kw_only=True):
    """Note what has been done (记录进展)."""

    note: Note
    evidence: Evidence = ()


class ConsultDepartment(Command, frozen=True, kw_only=True):
    """Ask a department; as one ``concerned`` it signs the solution too (会商)."""

    department: Department
    note: Note
    concerned: bool = True


class ReplyToConsultation(Command, frozen=True, kw_only=True):
    """Answer for the department that was asked (会商答复)."""

    department: Department
    reply: Note
    evidence: Evidence = ()


class EscalateComplaint(Command, frozen=True, kw_only=True):
    """Put an unclear or special case before the next level; nobody decides it alone (逐级上报)."""

    reason: Note


class InstructComplaint(Command, frozen=True, kw_only=True):
    """Say from above how an escalated case is to be handled (批示)."""

    instruction: Note


class ProposeSolution(Command, frozen=True, kw_only=True):
    """Propose a solution for the departments to sign (提出解决办法)."""

    solution: Description
    evidence: Evidence = ()


class SignByDepartment(Command, frozen=True, kw_only=True):
    """Sign the solution for a department concerned, or decline with a comment (部门签字)."""

    department: Department
    agrees: bool = True
    comment: Remark = ""


class AnswerCustomer(Command, frozen=True, kw_only=True):
    """Tell the complainant what was found and done (答复客户)."""

    answer: Description
    evidence: Evidence = ()


class WriteToReporter(Command, frozen=True, kw_only=True):
    """Write to whoever complained anonymously, who reads it by the receipt (回复匿名投诉人)."""

    text: Description
    evidence: Evidence = ()


class PromiseDate(Command, frozen=True, kw_only=True):
    """Record the date that the customer was told, and how (约定解决日期)."""

    promised_for: date
    told_how: Note


class PauseComplaint(Command, frozen=True, kw_only=True):
    """Wait for the customer (等待客户)."""

    reason: Note


class ResumeComplaint(Command, frozen=True, kw_only=True):
    """Go on (恢复处理)."""


class AttributeLateness(Command, frozen=True, kw_only=True):
    """Name who answers for a complaint that became late while it was nobody's (落实逾期责任)."""

    responsible: UUID
    joint: Joint


class SettleComplaint(Command, frozen=True, kw_only=True):
    """Close an answered complaint as settled (办结)."""

    note: Remark = ""


class RateComplaint(Command, frozen=True, kw_only=True):
    """Enter the customer's rating (录入客户评价)."""

    score: Score
    comment: Remark = ""


class ReopenComplaint(Command, frozen=True, kw_only=True):
    """Take a closed complaint up again, with its time limit anew (重新受理)."""

    reason: Note


class WithdrawComplaint(Command, frozen=True, kw_only=True):
    """The complainant takes the complaint back (撤回)."""

    reason: Note


class CloseUnfounded(Command, frozen=True, kw_only=True):
    """Close the complaint as unfounded (投诉不成立)."""

    reason: Note


class UpholdComplaint(Command, frozen=True, kw_only=True):
    """Find the complaint justified against an item of a project's month (投诉成立并计入考核)."""

    project_id: UUID
    month: Month
    item_code: ItemCode
    count: Count = 1
    note: Note


class OverturnUpheld(Command, frozen=True, kw_only=True):
    """Take that finding back (撤销投诉成立)."""

    reason: Note


class ReferToAccountability(Command, frozen=True, kw_only=True):
    """Refer the complaint to the accountability office (移送问责)."""

    reason: Note


class LapseLimit(Command, frozen=True, kw_only=True):
    """The day, or the promised date, is over (期限届满)."""

    round: Round


class LapseReminder(Command, frozen=True, kw_only=True):
    """A limit comes near (催办)."""

    signal: Literal["yellow", "red"]
    before_minutes: Minutes


class LapseEscalation(Command, frozen=True, kw_only=True):
    """The level below has had its time (到时上报)."""

    level: Level


class RederiveLimits(Command, frozen=True, kw_only=True):
    """Count anew what rested on a year whose calendar is published now (日历公布后重新计算期限)."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=2100)]


class LapsePause(Command, frozen=True, kw_only=True):
    """The customer has been waited for long enough (等待期满)."""
