"""What is asked of a department that watches over its own quality, and what happens to it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.duty_terms import Holder, Terms
from domain.kernel import Command, Event
from domain.periods import Month
from domain.quality_terms import Name, People, SheetFrame
from domain.rules.r15_parts import Item

Items = Annotated[tuple[Item, ...], msgspec.Meta(max_length=100)]
Projects = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=200)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class RegisterDepartment(Command, frozen=True, kw_only=True):
    """Let a department check itself every day from a day on (登记受监测部门).

    ``keepers`` may keep its sheets beside its head; ``items`` are checked in place of the rules' own. ``projects`` are
    those it runs, whose lapses count as its own. The one that ``compiles`` is the quality department.
    """

    name: Name
    head: UUID
    keepers: People = ()
    projects: Projects = ()
    items: Items = ()
    compiles: bool = False
    begins_on: date


class ReviseDepartment(Command, frozen=True, kw_only=True):
    """State anew who keeps the sheets, of what, for which projects (变更受监测部门)."""

    name: Name
    head: UUID
    keepers: People = ()
    projects: Projects = ()
    items: Items = ()


class ApplyRules(Command, frozen=True, kw_only=True):
    """Let the rules now in force say what the department owes, from its next windows on (适用现行制度)."""


class CloseDepartment(Command, frozen=True, kw_only=True):
    """Let the department owe nothing any longer (撤销受监测部门)."""

    reason: Reason


class TurnMonth(Command, frozen=True, kw_only=True):
    """A month has begun, with sheets of its own (月份更替)."""

    month: Month


class OpenedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that the department is to have."""

    duty_id: UUID
    terms: Terms
    holder: Holder
    begins_on: date


class ChangedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty with other terms, or another holder."""

    duty_id: UUID
    terms: Terms | None = None
    holder: Holder | None = None


class DepartmentRegistered(Event, frozen=True, kw_only=True, tag="service_department.registered"):
    """The department checks itself; these are its duties, and the frame of its first month."""

    name: str
    head: UUID
    keepers: tuple[UUID, ...]
    projects: tuple[UUID, ...]
    items: tuple[Item, ...]
    compiles: bool
    begins_on: date
    duties: tuple[OpenedDuty, ...]
    frame: SheetFrame
    turns_at: datetime
    clause: str = "R15.5.1.3.1"
    rule_version: int


class DepartmentRevised(Event, frozen=True, kw_only=True, tag="service_department.revised"):
    """Others keep its sheets, or of other items; ``handed`` are its duties where the head is another."""

    name: str
    head: UUID
    keepers: tuple[UUID, ...]
    projects: tuple[UUID, ...]
    items: tuple[Item, ...]
    handed: tuple[ChangedDuty, ...]
    frame: SheetFrame
    clause: str = "R15.5.1.3.1"
    rule_version: int


class DepartmentRulesApplied(Event, frozen=True, kw_only=True, tag="service_department.rules_applied"):
    """What the rules now in force change in its duties."""

    changed: tuple[ChangedDuty, ...]
    clause: str = "R15.5.1.3.1"
    rule_version: int


class MonthTurned(Event, frozen=True, kw_only=True, tag="service_department.month_turned"):
    """Another month's sheets are kept within this frame.

    Those of the month before are submitted by ``submit_by``; ``report_by`` is the day of its report, of whom compiles.
    """

    frame: SheetFrame
    turns_at: datetime
    submit_by: date | None = None
    report_by: date | None = None
    clause: str = "R15.5.1.3.1"
    rule_version: int


class DepartmentClosed(Event, frozen=True, kw_only=True, tag="service_department.closed"):
    """It owes nothing any longer."""

    reason: str
    ended: tuple[UUID, ...]
    clause: str = "R15.5.1.3.1"
