"""What is asked of a duty: by those who set it up and hold it, by what fulfils it elsewhere, by time."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.cadence import Cadence
from domain.duty_terms import Clause, Holder, Label, Ladder, Scope, Terms, Times
from domain.evidence import Evidence
from domain.kernel import Command
from domain.rules.r11_ladder import Code

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Remark = Annotated[str, msgspec.Meta(max_length=2000)]
WindowKey = Annotated[str, msgspec.Meta(min_length=10, max_length=20, pattern=r"^[0-9]{4}-[0-9T:-]+$(?!\n)")]
Source = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class OpenDuty(Command, frozen=True, kw_only=True):
    """Set up something owed from a day on (设立职责); the first window is the first that opens then or later."""

    kind: Code
    title_zh: Label
    title_en: Label
    clause: Clause
    scope: Scope
    holder: Holder
    cadence: Cadence
    times: Times = 1
    evidence_needed: bool = False
    ladder: Ladder = ()
    begins_on: date


class EstablishDuty(Command, frozen=True, kw_only=True):
    """Set up what a scheme asks for (按方案设立职责)."""

    terms: Terms
    scope: Scope
    holder: Holder
    begins_on: date
    scheme_id: UUID


class MeetDuty(Command, frozen=True, kw_only=True):
    """Do what is owed in the window that is open (履行职责)."""

    note: Remark = ""
    evidence: Evidence = ()


class CreditDuty(Command, frozen=True, kw_only=True):
    """Count what was done elsewhere at an instant: ``source`` names the inspection, review or report (计入履职)."""

    at: datetime
    by: UUID
    source: Source


class ReviseDuty(Command, frozen=True, kw_only=True):
    """Change how often it is owed, from the next window on (调整职责)."""

    cadence: Cadence
    times: Times = 1
    evidence_needed: bool = False
    ladder: Ladder = ()
    reason: Reason


class ApplyTerms(Command, frozen=True, kw_only=True):
    """Take over the terms of other rules, from the next window on (适用新规定)."""

    terms: Terms
    reason: Reason


class ReassignDuty(Command, frozen=True, kw_only=True):
    """Give the duty to another role or person (移交职责)."""

    holder: Holder
    reason: Reason


class SuspendDuty(Command, frozen=True, kw_only=True):
    """Owe nothing for the time being (暂停职责)."""

    reason: Reason


class ResumeDuty(Command, frozen=True, kw_only=True):
    """Owe it again, from the next window on (恢复职责)."""


class EndDuty(Command, frozen=True, kw_only=True):
    """Owe it no longer (终止职责)."""

    reason: Reason


class ExcuseLapse(Command, frozen=True, kw_only=True):
    """Say that a missed window is nobody's fault (免责说明)."""

    window: WindowKey
    reason: Reason


class LapseDuty(Command, frozen=True, kw_only=True):
    """A window has closed with the duty unmet (窗口届满)."""

    window: WindowKey
