"""What is asked of an application for an award, and what happens to it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command, Event
from domain.quality_terms import Name, Remark, Words, Year
from domain.rules.r11_ladder import Code
from domain.rules.r15_parts import AwardLevel, Item

Items = Annotated[tuple[Item, ...], msgspec.Meta(max_length=100)]


class PrepareApplication(Command, frozen=True, kw_only=True):
    """Mean to apply for an award (拟申报评优): at which level, by which standard.

    Every item is checked first; ``items`` stand in place of the rules' own.
    """

    award: Name
    level: Code
    year: Year
    standard: Name
    project_id: UUID | None = None
    items: Items = ()


class CheckItem(Command, frozen=True, kw_only=True):
    """Check an item against the standard (自检); what does not conform becomes a nonconformity."""

    item: Code
    conforms: bool
    note: Remark = ""
    evidence: Evidence = ()


class CompleteCheck(Command, frozen=True, kw_only=True):
    """End the self-check once every item is checked and every problem corrected (自检完成)."""

    conclusion: Words


class SubmitApplication(Command, frozen=True, kw_only=True):
    """Apply for the award (申报)."""

    reference: Name
    evidence: Evidence = ()


class RecordResult(Command, frozen=True, kw_only=True):
    """Record what became of the application (登记评审结果)."""

    result: Literal["awarded", "declined"]
    decided_on: date
    note: Remark = ""


class FileApplication(Command, frozen=True, kw_only=True):
    """Put the papers of the application on file (归档)."""

    reference: Name
    evidence: Evidence = ()


class WithdrawApplication(Command, frozen=True, kw_only=True):
    """Not go on with it (撤回申报)."""

    reason: Words


class ClearProblem(Command, frozen=True, kw_only=True):
    """A problem of the self-check was corrected, and the correction verified (问题销项)."""

    nonconformity_id: UUID


class ApplicationPrepared(Event, frozen=True, kw_only=True, tag="award_application.prepared"):
    """An award is aimed at; these items are checked first."""

    award: str
    level: AwardLevel
    year: str
    standard: str
    project_id: UUID | None
    items: tuple[Item, ...]
    prepared_by: UUID
    clause: str = "R15.5.1.4"
    rule_version: int


class ItemChecked(Event, frozen=True, kw_only=True, tag="award_application.item_checked"):
    """An item was checked; one that does not conform is followed up as the nonconformity named."""

    item: str
    subject: str
    conforms: bool
    note: str
    evidence: Evidence
    project_id: UUID | None
    nonconformity_id: UUID | None
    checked_by: UUID
    checked_on: date
    clause: str = "R15.5.1.4"


class ProblemCleared(Event, frozen=True, kw_only=True, tag="award_application.problem_cleared"):
    """A problem stands no longer in the way."""

    item: str
    nonconformity_id: UUID
    clause: str = "R15.5.1.4"


class CheckCompleted(Event, frozen=True, kw_only=True, tag="award_application.check_completed"):
    """Everything conforms, or was corrected."""

    conclusion: str
    checked: int
    corrected: int
    completed_by: UUID
    completed_on: date
    clause: str = "R15.5.1.4"


class ApplicationSubmitted(Event, frozen=True, kw_only=True, tag="award_application.submitted"):
    """The award was applied for."""

    reference: str
    evidence: Evidence
    submitted_by: UUID
    submitted_on: date
    clause: str = "R15.5.1.4"


class ResultRecorded(Event, frozen=True, kw_only=True, tag="award_application.result_recorded"):
    """The award was given, or was not."""

    result: Literal["awarded", "declined"]
    decided_on: date
    note: str
    recorded_by: UUID
    clause: str = "R15.5.1.4"


class ApplicationFiled(Event, frozen=True, kw_only=True, tag="award_application.filed"):
    """Its papers are on file."""

    reference: str
    evidence: Evidence
    filed_by: UUID
    filed_on: date
    clause: str = "R15.5.1.4"


class ApplicationWithdrawn(Event, frozen=True, kw_only=True, tag="award_application.withdrawn"):
    """It is not gone on with."""

    reason: str
    withdrawn_by: UUID
    clause: str = "R15.5.1.4"
