"""What the commands and events of a fee account are made of: prices of a period, lines of a notice, standing items."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r13 import FeeKind, How

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Building = Annotated[str, msgspec.Meta(max_length=60)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Quantity = Annotated[Decimal, msgspec.Meta(description="More than nothing, at most a million, at most three decimals.")]
Reading = Annotated[Decimal, msgspec.Meta(description="What a meter shows: at least none, at most three decimals.")]
MeterName = Annotated[str, msgspec.Meta(max_length=60)]
Basis = Literal["area", "fixed", "metered"]
"""Per square metre of the unit and month, a fixed quantity a month, or what the meter says was used."""
LeftOutReason = Literal["no_reading", "not_on_the_list", "too_large"]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """How an item is charged from a month on; not at all where there is no ``basis``."""

    from_month: str
    basis: Basis | None
    quantity: Decimal | None = None


class AreaTerm(msgspec.Struct, frozen=True, kw_only=True):
    """The area of the unit from a month on, in square metres."""

    from_month: str
    area_m2: Decimal


class Ownership(msgspec.Struct, frozen=True, kw_only=True):
    """Who owns the unit from a day on; no day for whoever owned it when its account was begun."""

    owner: str
    since: str | None


class Replacement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another meter in a meter's place: what the old one showed at last, and the new one at first."""

    old_last: Reading
    new_first: Reading


class MeterReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a meter showed at the end of a month, and what was ``used`` since the reading before."""

    month: str
    value: Decimal
    used: Decimal
    meter: str = ""
    began: bool = False
    """Whether it is the meter's first, where use begins."""


class PeriodPrice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit of an item costs from a month of a period on, by the version of the rules that lists it."""

    item: Code
    kind: FeeKind
    from_month: Month
    price_fen: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""
    per: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ChargeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One charge of a notice: months of an item at one price. ``number`` is its entry in the account."""

    number: int
    kind: FeeKind
    item: str
    first_month: str
    last_month: str
    quantity: Decimal
    price_fen: int
    amount_fen: int
    label: str = ""
    per: str = ""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A standing item that a period could not charge, and why."""

    item: str
    reason: LeftOutReason


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """By how much what is paid of a charge grew, or, below zero, fell."""

    charge: int
    amount_fen: int


class UnpaidCharge(msgspec.Struct, frozen=True, kw_only=True):
    """What a reminder asks for: a charge, and what is unpaid of it."""

    charge: int
    item: str
    first_month: str
    last_month: str
    unpaid_fen: int
    label: str = ""


class NextReminder(msgspec.Struct, frozen=True, kw_only=True):
    """The reminder that follows while anything is unpaid."""

    level: int
    how: How
    due_at: datetime
