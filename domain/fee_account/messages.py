"""What the account of a unit is asked, and what happens to it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command, Event
from domain.money import Fen
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r13 import FeeKind

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Quantity = Annotated[Decimal, msgspec.Meta(description="More than nothing, at most a million, at most three decimals.")]


class OpenFeeAccount(Command, frozen=True, kw_only=True):
    """Begin the account of a unit and its owner (建立收费账户)."""

    project_id: UUID
    unit: Name
    owner: Name


class ChangeOwner(Command, frozen=True, kw_only=True):
    """Another owns the unit; what is owed stays with the unit (变更业主)."""

    owner: Name


class ChargeFee(Command, frozen=True, kw_only=True):
    """Charge a period for an item of the price list (计费): its price is that of the period's first day."""

    item: Code
    first_month: Month
    last_month: Month
    quantity: Quantity


class ReceiveFee(Command, frozen=True, kw_only=True):
    """Book a payment: part, all or more than is owed; it pays what was due first (收费)."""

    amount_fen: Fen
    reference: Name


class ReverseFeeEntry(Command, frozen=True, kw_only=True):
    """Take a charge or a payment back as a whole (冲销)."""

    number: Number
    reason: Words


class LapsePayment(Command, frozen=True, kw_only=True):
    """The time of a reminder has come, and the charge is not paid (催缴)."""

    charge: Number
    level: Annotated[int, msgspec.Meta(ge=1, le=10)]


class FeeAccountOpened(Event, frozen=True, kw_only=True, tag="fee_account.opened"):
    """A unit has an account."""

    project_id: UUID
    unit: str
    owner: str
    clause: str = "R13.4.2.1"


class OwnerChanged(Event, frozen=True, kw_only=True, tag="fee_account.owner_changed"):
    """The unit has another owner."""

    owner: str
    previous: str
    clause: str = "R13.4.2.1"


class NextReminder(msgspec.Struct, frozen=True, kw_only=True):
    """The reminder that follows while the charge is unpaid."""

    level: int
    how: Literal["notice", "visit", "letter"]
    due_at: datetime


class FeeCharged(Event, frozen=True, kw_only=True, tag="fee_account.charged"):
    """A period was charged; ``form`` is the notice that this is (QR-7510-01), none where only the unpaid are told."""

    number: int
    kind: FeeKind
    item: str
    first_month: str
    last_month: str
    quantity: Decimal
    price_fen: int
    amount_fen: int
    due_on: date
    form: Literal["QR-7510-01"] | None
    next_reminder: NextReminder | None
    balance_after_fen: int
    charged_by: UUID
    readings: dict[str, str]
    clause: str = "R13.4.2.1"
    rule_version: int


class FeeReceived(Event, frozen=True, kw_only=True, tag="fee_account.received"):
    """A payment was booked; a balance below zero is the owner's credit."""

    number: int
    amount_fen: int
    reference: str
    balance_after_fen: int
    received_by: UUID
    received_on: date
    clause: str = "R13.4.2.7"


class FeeEntryReversed(Event, frozen=True, kw_only=True, tag="fee_account.entry_reversed"):
    """A charge or a payment was taken back."""

    number: int
    reverses: int
    effect_fen: int
    reason: str
    balance_after_fen: int
    reversed_by: UUID
    clause: str = "R13.4.2.7"


class FeeReminded(Event, frozen=True, kw_only=True, tag="fee_account.reminded"):
    """The owner was reminded of a charge (QR-7510-02); a late fee is added only where the tenant's rules set one."""

    charge: int
    level: int
    how: Literal["notice", "visit", "letter"]
    form: Literal["QR-7510-02"]
    unpaid_fen: int
    late_fee_fen: int
    balance_after_fen: int
    next_reminder: NextReminder | None
    readings: dict[str, str]
    clause: str = "R13.4.2.4"
    rule_version: int
