"""What is asked of a department's sheets of a month, and what happens to them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command, Event
from domain.quality_terms import Remark, SheetFrame, Words
from domain.rules.r11_ladder import Code

Handling = Literal["corrected", "nonconformity"]
"""What is done about a problem: it was corrected at once, or it is a nonconformity that is followed up."""


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an item came out (自查结果). A problem is handled; ``correction`` says what was done."""

    item: Code
    grade: Code
    note: Remark = ""
    handling: Handling | None = None
    correction: Remark = ""


Results = Annotated[tuple[Result, ...], msgspec.Meta(min_length=1, max_length=100)]


class FrameSheets(Command, frozen=True, kw_only=True):
    """Keep a month's sheets within a frame (设立月度自查册)."""

    frame: SheetFrame


class FileSheet(Command, frozen=True, kw_only=True):
    """File the sheet of a day: every item with its result (填报自查表)."""

    day: date
    results: Results
    evidence: Evidence = ()


class AmendSheet(Command, frozen=True, kw_only=True):
    """State the sheet of a day anew, and why (更正自查表)."""

    day: date
    results: Results
    reason: Words


class SubmitSheets(Command, frozen=True, kw_only=True):
    """Submit the month's sheets to the quality department (上报自查表), with what stands behind their problems."""

    remarks: Remark = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem that is followed up as a nonconformity of this id."""

    nonconformity_id: UUID
    item: str
    subject: str
    note: str


class SheetsOpened(Event, frozen=True, kw_only=True, tag="quality_sheet.opened"):
    """A month's sheets are kept within this frame."""

    frame: SheetFrame
    clause: str = "R15.5.1.3.1"
    rule_version: int


class SheetsReframed(Event, frozen=True, kw_only=True, tag="quality_sheet.reframed"):
    """They are kept within another frame from now on."""

    frame: SheetFrame
    clause: str = "R15.5.1.3.1"
    rule_version: int


class SheetFiled(Event, frozen=True, kw_only=True, tag="quality_sheet.filed"):
    """A day's sheet. ``percent`` is the mean of its grades; ``raised`` are the problems that become nonconformities.

    One that is filed on another day than its own is ``late``, and does not meet the day's duty.
    """

    department_id: UUID
    department: str
    day: date
    results: tuple[Result, ...]
    percent: Decimal
    problems: int
    raised: tuple[Problem, ...]
    evidence: Evidence
    late: bool
    filed_by: UUID
    filed_at: datetime
    head: UUID
    duty_id: UUID
    clause: str = "R15.5.1.3.1"
    rule_version: int


class SheetAmended(Event, frozen=True, kw_only=True, tag="quality_sheet.amended"):
    """A day's sheet reads otherwise from now on; ``raised`` are problems that had not been raised before."""

    department_id: UUID
    department: str
    day: date
    results: tuple[Result, ...]
    percent: Decimal
    problems: int
    raised: tuple[Problem, ...]
    reason: str
    amended_by: UUID
    filed_at: datetime
    clause: str = "R15.5.1.3.1"
    rule_version: int


class SheetsSubmitted(Event, frozen=True, kw_only=True, tag="quality_sheet.submitted"):
    """The month's sheets went to the quality department: ``filed`` many, ``percent`` their mean, none without any."""

    department_id: UUID
    department: str
    month: str
    filed: int
    filed_late: int
    percent: Decimal | None
    problems: int
    raised: int
    remarks: str
    submit_by: date
    late: bool
    submitted_by: UUID
    submitted_at: datetime
    head: UUID
    duty_id: UUID
    readings: dict[str, str]
    clause: str = "R15.5.1.3.2"
    rule_version: int
