"""Where a property project stands: its contract, rosters, months, and what they led to."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from domain.kernel import Deadline, State
from domain.property_project.commands import EquipmentItem, LapseCorrection, Person
from domain.property_project.consequences import Assessed, Band


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """The people of one group, as last replaced."""

    version: int
    people: tuple[Person, ...]
    sha256: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """The representatives of a month, by their codes."""

    seed: str
    staff: tuple[str, ...]
    students: tuple[str, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A month's result in force."""

    revision: int
    score: Decimal
    band: Band
    vetoed: bool
    rule_version: int
    source_version: int


class ProjectMonth(msgspec.Struct, frozen=True, kw_only=True):
    """One assessed month (考核月)."""

    month: str
    assessment_id: UUID
    rule_version: int
    drawn: Drawn | None = None
    result: Result | None = None


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """An ordered correction (责令整改)."""

    month: str
    due_on: date
    due_at: datetime
    rule_version: int
    status: Literal["open", "overdue", "confirmed"] = "open"
    resets_from: str | None = None


class TerminationRight(msgspec.Struct, frozen=True, kw_only=True):
    """The standing right to terminate (合同终止权)."""

    month: str
    streak: int
    rule_version: int


class Termination(msgspec.Struct, frozen=True, kw_only=True):
    """A termination and the last month its ground rested on."""

    reason: str
    ground_month: str
    rule_version: int
    ground_lost: bool = False


class PropertyProjectState(State, frozen=True, kw_only=True):
    """One project (物业项目). ``corrections`` and ``months`` are keyed by month."""

    name: str
    contractor: str
    agreed_deposit_fen: int
    contract_from: date
    contract_to: date
    starts_month: str
    rosters: dict[str, Roster] = msgspec.field(default_factory=dict)
    months: dict[str, ProjectMonth] = msgspec.field(default_factory=dict)
    streak: int = 0
    corrections: dict[str, Correction] = msgspec.field(default_factory=dict)
    right: TerminationRight | None = None
    tender_priority: tuple[str, ...] = ()
    """The excellent months, in order."""
    termination: Termination | None = None
    equipment: tuple[EquipmentItem, ...] = ()

    @property
    def open_correction(self) -> Correction | None:
        """The latest correction still owed, or none."""
        owed = [each for each in self.corrections.values() if each.status != "confirmed"]
        return max(owed, key=lambda each: each.month, default=None)


def assessed(state: PropertyProjectState) -> tuple[Assessed, ...]:
    """The recorded months in order, as `consequences` counts them."""
    recorded = sorted((each.month, each.result) for each in state.months.values() if each.result is not None)
    return tuple(Assessed(month, result.band, result.rule_version) for month, result in recorded)


def corrected(state: PropertyProjectState) -> dict[str, str]:
    """From which month on each confirmed correction resets the streak, by the month that ordered it."""
    return {each.month: each.resets_from for each in state.corrections.values() if each.resets_from is not None}


def deadlines(state: PropertyProjectState) -> tuple[Deadline, ...]:
    """Corrections owed while the contract runs."""
    if state.status != "active":
        return ()
    return tuple(
        Deadline(f"correction.{each.month}", each.due_at, LapseCorrection(month=each.month))
        for each in state.corrections.values()
        if each.status == "open"
    )
