"""What is asked of an inspection, from its beginning to the review of its log."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.inspection_frame import Codes, Frame, ItemCode
from domain.kernel import Command

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Remark = Annotated[str, msgspec.Meta(max_length=4000)]
Result = Literal["conforming", "nonconforming", "good_practice"]


class Log(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The inspector's log (工作日志); the time and the results are added to it from what was recorded (R12.6.1)."""

    points: Remark = ""
    analysis: Remark = ""
    measures: Remark = ""
    lessons: Remark = ""


class OpenInspection(Command, frozen=True, kw_only=True):
    """Begin an inspection's stream within its frame (下达检查)."""

    frame: Frame


class BeginInspection(Command, frozen=True, kw_only=True):
    """Go out and inspect (开始检查)."""


class HearSelfReport(Command, frozen=True, kw_only=True):
    """Hear what those inspected say of their own work (听取自查汇报)."""

    person: UUID
    report: Words


class RecordPoint(Command, frozen=True, kw_only=True):
    """Record what was found at a point (记录检查结果); a nonconformity says how it is handled."""

    item: ItemCode
    area: ItemCode
    unit: ItemCode | None = None
    result: Result
    note: Words
    handling: Literal["on_the_spot", "plan"] | None = None
    evidence: Evidence = ()


class StateDefence(Command, frozen=True, kw_only=True):
    """Whoever answers for it states and defends (陈述与申辩)."""

    finding_id: UUID
    statement: Words
    evidence: Evidence = ()


class DecideDefence(Command, frozen=True, kw_only=True):
    """The inspector upholds the finding or drops it (复核申辩)."""

    finding_id: UUID
    upheld: bool
    reason: Words


class CompleteInspection(Command, frozen=True, kw_only=True):
    """Say what was covered, and hand the log in (完成检查)."""

    areas: Codes
    units: Codes = ()
    items: Codes
    log: Log | None = None


class CancelInspection(Command, frozen=True, kw_only=True):
    """It is not carried out (取消检查)."""

    reason: Words


class ReviewRecord(Command, frozen=True, kw_only=True):
    """Review the log, or countersign the form (审阅日志、会签表单)."""

    comment: Remark = ""
    agrees: bool = True


class SpreadPractice(Command, frozen=True, kw_only=True):
    """Spread a good practice by training, meeting or notice (推广好经验)."""

    finding_id: UUID
    how: Literal["training", "meeting", "notice"]
    audience: Words
