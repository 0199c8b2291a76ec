"""What is asked of a property project."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command
from domain.money import Fen
from domain.periods import Month
from domain.property_project.consequences import Band
from domain.property_project.lots import Group

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Note = Annotated[str, msgspec.Meta(max_length=2000)]
Seed = Annotated[str, msgspec.Meta(min_length=16, max_length=128, pattern=r"^[0-9a-f]+$(?!\n)")]
PersonCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\s|]+$(?!\n)")]
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\t\r\n]+$(?!\n)")]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Disposition = Literal["returned", "retained", "removed", "sold", "scrapped"]


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody on a roster (名册人员), known by a code that is unique in it."""

    code: PersonCode
    name: PersonName


class EquipmentItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of the contractor's equipment and what became of it (设备处置)."""

    name: Name
    disposition: Disposition
    note: Note = ""


People = Annotated[tuple[Person, ...], msgspec.Meta(max_length=20_000)]
Equipment = Annotated[tuple[EquipmentItem, ...], msgspec.Meta(max_length=500)]


class RegisterProject(Command, frozen=True, kw_only=True):
    """Enter a property company's contract, to be assessed monthly from ``starts_month`` on (登记物业项目)."""

    name: Name
    contractor: Name
    agreed_deposit_fen: Fen
    contract_from: date
    contract_to: date
    starts_month: Month


class ReviseProject(Command, frozen=True, kw_only=True):
    """Correct the names, or move the contract's last day (修改项目)."""

    name: Name
    contractor: Name
    contract_to: date


class ReplaceRoster(Command, frozen=True, kw_only=True):
    """Replace the people of whom representatives are drawn (更新抽选名册)."""

    group: Group
    people: People


class OpenMonth(Command, frozen=True, kw_only=True):
    """Begin the assessment of a month (开启月度考核)."""

    month: Month


class DrawRepresentatives(Command, frozen=True, kw_only=True):
    """Draw the month's representatives by lot (抽取代表). ``seed`` is hex; without one a fresh one is used."""

    month: Month
    seed: Seed | None = None
    reason: Reason | None = None
    """Why lots are drawn again, when they have been."""


class RecordMonthResult(Command, frozen=True, kw_only=True):
    """Take over the result of a closed or re-assessed month (记录月度结果)."""

    month: Month
    assessment_id: UUID
    revision: Version
    score: Decimal
    band: Band
    vetoed: bool
    rule_version: Version
    source_version: Version
    """The place of the result's event in the assessment's stream."""


class ConfirmCorrection(Command, frozen=True, kw_only=True):
    """Confirm that the correction ordered at a month is complete (确认整改完成)."""

    month: Month
    note: Note = ""


class LapseCorrection(Command, frozen=True, kw_only=True):
    """The time of an ordered correction has passed (整改逾期)."""

    month: Month


class TerminateContract(Command, frozen=True, kw_only=True):
    """Use the right to terminate (终止合同): a person's decision, never the system's."""

    reason: Reason
    equipment: Equipment = ()


class DisposeEquipment(Command, frozen=True, kw_only=True):
    """Record what became of equipment after the termination (处置设备)."""

    items: Annotated[Equipment, msgspec.Meta(min_length=1)]


class ReinstateContract(Command, frozen=True, kw_only=True):
    """Take back a termination that has lost its ground (恢复合同)."""

    reason: Reason


class EndContract(Command, frozen=True, kw_only=True):
    """Close the contract at its end (合同到期终结), which lets the deposit be released."""

    note: Note = ""
    despite_open_months: Reason | None = None
    """Why the contract ends although some opened months have no result."""
