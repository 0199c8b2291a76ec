"""What the account of a unit is asked."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.fee_account.parts import (
    Basis,
    Building,
    MeterName,
    Name,
    Number,
    PeriodPrice,
    Quantity,
    Reading,
    Replacement,
    Words,
)
from domain.kernel import Command
from domain.money import Fen
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r13_accounts import Means, TakenBackFor

AreaM2 = Annotated[Decimal, msgspec.Meta(description="Square metres, more than none, at most two decimals.")]


class OpenFeeAccount(Command, frozen=True, kw_only=True):
    """Begin the account of a unit (建立收费账户): where it is, how large it is, whose it is."""

    project_id: UUID
    unit: Name
    owner: Name
    building: Building = ""
    area_m2: AreaM2 | None = None


class ChangeOwner(Command, frozen=True, kw_only=True):
    """Another owns the unit from a day on, today unless it is named; what is owed stays with the unit (变更业主)."""

    owner: Name
    since: date | None = None


class ReviseArea(Command, frozen=True, kw_only=True):
    """The unit was measured anew; charges of months before ``from_month`` stay as they are (变更面积)."""

    area_m2: AreaM2
    from_month: Month
    reason: Words


class SetStandingItem(Command, frozen=True, kw_only=True):
    """Charge an item of the price list regularly from a month on (设定常规收费): ``quantity`` where it is fixed."""

    item: Code
    basis: Basis
    quantity: Quantity | None = None
    from_month: Month


class EndStandingItem(Command, frozen=True, kw_only=True):
    """Charge an item no longer from a month on (终止常规收费)."""

    item: Code
    from_month: Month
    reason: Words


class ChargeFee(Command, frozen=True, kw_only=True):
    """Charge a period for an item of the price list (计费): its price is that of the period's first day."""

    item: Code
    first_month: Month
    last_month: Month
    quantity: Quantity


class ChargeService(Command, frozen=True, kw_only=True):
    """Charge a special service or a repair for the day on which it was done (特约服务计费), as often as it is."""

    item: Code
    quantity: Quantity
    done_on: date
    reference: Name


class ChargePeriod(Command, frozen=True, kw_only=True):
    """Charge a period's standing items with one notice (期末计费), at prices that its closing has fixed.

    ``serial`` is the notice's number within the period, should there be one.
    """

    period_id: UUID
    first_month: Month
    last_month: Month
    serial: Number
    prices: Annotated[tuple[PeriodPrice, ...], msgspec.Meta(max_length=2_400)]
    due_on: date
    rule_version: Annotated[int, msgspec.Meta(ge=1)]
    notice: Literal["charge_then_reminder", "reminder_to_unpaid"]
    closed_by: UUID


class ReceiveFee(Command, frozen=True, kw_only=True):
    """Book a payment: part, all or more than is owed; it pays what was due first (收费)."""

    amount_fen: Fen
    reference: Name
    means: Means = "cash"


class BookBankPayment(Command, frozen=True, kw_only=True):
    """Book what the bank's statement says a unit paid (银行到账入账); a row stands in one unit's account at a time."""

    amount_fen: Fen
    bank_reference: Name
    paid_on: date
    payer: Annotated[str, msgspec.Meta(max_length=120)] = ""


class RecordReading(Command, frozen=True, kw_only=True):
    """What the meter of an item showed at the end of a month (登记抄表), or at last ``replaced`` by another one.

    Recorded again for a month that was not charged yet, it corrects; the first reading of a meter is where use begins.
    """

    item: Code
    month: Month
    value: Reading
    meter: MeterName = ""
    replaced: Replacement | None = None


class ReverseFeeEntry(Command, frozen=True, kw_only=True):
    """Take a charge, a late fee or a payment back as a whole (冲销).

    Of a payment out of the bank's statement, and of no other, ``cause`` says why: after a ``mistake`` or the
    ``wrong_unit`` the row may be booked again, after a ``bank_return`` there is no money any more to book.
    """

    number: Number
    reason: Words
    cause: TakenBackFor | None = None


class LapsePayment(Command, frozen=True, kw_only=True):
    """The time of a reminder has come, and the notice that begins with the charge is not paid (催缴)."""

    charge: Number
    level: Annotated[int, msgspec.Meta(ge=1, le=10)]
