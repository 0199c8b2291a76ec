"""What is asked of a liaison sheet, and what happens to it."""

from datetime import date, datetime
from uuid import UUID

from domain.evidence import Evidence
from domain.kernel import Command, Event
from domain.quality_terms import Name, Remark, Words


class IssueLiaison(Command, frozen=True, kw_only=True):
    """Turn to another department (签发信息联络处理单): what it is about, and who is to answer for it there."""

    from_department: Name
    to_department: Name
    addressee: UUID
    subject: Name
    content: Words
    nonconformity_id: UUID | None = None
    evidence: Evidence = ()


class AnswerLiaison(Command, frozen=True, kw_only=True):
    """Say what was done about it (答复联络单)."""

    answer: Words
    evidence: Evidence = ()


class CloseLiaison(Command, frozen=True, kw_only=True):
    """Take the answer as settling it (关闭联络单)."""

    evaluation: Remark = ""


class ReturnAnswer(Command, frozen=True, kw_only=True):
    """Say why the answer does not settle it; another is to come (退回答复)."""

    reason: Words


class LapseAnswer(Command, frozen=True, kw_only=True):
    """The time to answer has passed (答复逾期)."""

    round: int


class LiaisonIssued(Event, frozen=True, kw_only=True, tag="liaison_sheet.issued"):
    """A department turned to another, to be answered by a day."""

    from_department: str
    to_department: str
    addressee: UUID
    subject: str
    content: str
    nonconformity_id: UUID | None
    evidence: Evidence
    issued_by: UUID
    issued_on: date
    answer_by: date
    due_at: datetime
    clause: str = "R15.6"
    rule_version: int


class LiaisonAnswered(Event, frozen=True, kw_only=True, tag="liaison_sheet.answered"):
    """It was answered."""

    answer: str
    evidence: Evidence
    answered_by: UUID
    answered_on: date
    late: bool
    clause: str = "R15.6"


class AnswerReturned(Event, frozen=True, kw_only=True, tag="liaison_sheet.answer_returned"):
    """The answer does not settle it; another is due."""

    reason: str
    returned_by: UUID
    round: int
    answer_by: date
    due_at: datetime
    clause: str = "R15.6"
    rule_version: int


class AnswerOverdue(Event, frozen=True, kw_only=True, tag="liaison_sheet.answer_overdue"):
    """It was not answered in time."""

    round: int
    due_at: datetime
    clause: str = "R15.6"


class LiaisonClosed(Event, frozen=True, kw_only=True, tag="liaison_sheet.closed"):
    """It is settled."""

    evaluation: str
    closed_by: UUID
    closed_on: date
    clause: str = "R15.6"
