"""What a fee period of a project is asked, and what happens to it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command, Event
from domain.money import MAX_AMOUNT_FEN
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.rules.r13 import FeeKind

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class OpenFeePeriod(Command, frozen=True, kw_only=True):
    """Open the period of a project that begins with a month (开立收费周期); how long it lasts, the rules say."""

    project_id: UUID
    name: Name
    first_month: Month


class DecidePrice(Command, frozen=True, kw_only=True):
    """Charge an item at the price of a later list, from a month of the period on (周期内调价决定).

    ``decision`` names the document that decides it, ``listed_on`` the day within the period whose list applies.
    """

    item: Code
    listed_on: date
    from_month: Month
    decision: Name
    reason: Words
    evidence: Evidence = ()


class CloseFeePeriod(Command, frozen=True, kw_only=True):
    """Close the period (期末结账): from now on each account of the project is charged, page by page."""


class CompleteClosing(Command, frozen=True, kw_only=True):
    """Every account has had its turn (结账完成): how many there were, were given a notice, and could not be charged."""

    accounts: Count
    notices: Count
    refused: Count
    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT_FEN)]


class NumberNotices(Command, frozen=True, kw_only=True):
    """The period's notices have their numbers in the register of the year (收费通知编号)."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=9999)]
    first: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    agency: Annotated[str, msgspec.Meta(max_length=20)]
    code: Annotated[str, msgspec.Meta(max_length=60)]
    pattern: Annotated[str, msgspec.Meta(max_length=60)]


class FeePeriodOpened(Event, frozen=True, kw_only=True, tag="fee_period.opened"):
    """A period is open; its months are the project's alone."""

    project_id: UUID
    name: str
    first_month: str
    last_month: str
    begins_at: datetime
    ends_at: datetime
    opened_by: UUID
    clause: str = "R13.4.2.1"
    rule_version: int


class PriceDecided(Event, frozen=True, kw_only=True, tag="fee_period.price_decided"):
    """Within the period an item has another price than on its first day, by a named decision."""

    item: str
    kind: FeeKind
    from_month: str
    price_fen: int
    first_price_fen: int
    label: str
    per: str
    listed_on: date
    decision: str
    reason: str
    evidence: Evidence
    decided_by: UUID
    clause: str = "R13.4.2.6"
    rule_version: int


class FixedPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit of an item costs from a month of the period on."""

    item: str
    kind: FeeKind
    from_month: str
    price_fen: int
    label: str
    per: str


class ClosingBegun(Event, frozen=True, kw_only=True, tag="fee_period.closing_begun"):
    """The period is being closed, at prices and with a day of payment that are the same for every account."""

    project_id: UUID
    first_month: str
    last_month: str
    prices: tuple[FixedPrice, ...]
    due_on: date
    notice: Literal["charge_then_reminder", "reminder_to_unpaid"]
    closed_by: UUID
    readings: dict[str, str]
    clause: str = "R13.4.2.1"
    rule_version: int


class FeePeriodClosed(Event, frozen=True, kw_only=True, tag="fee_period.closed"):
    """Every account that was there when the closing began has been charged, or owed nothing."""

    first_month: str
    last_month: str
    accounts: int
    notices: int
    refused: int
    amount_fen: int
    closed_on: date
    clause: str = "R13.4.2.1"


class NoticesNumbered(Event, frozen=True, kw_only=True, tag="fee_period.notices_numbered"):
    """The notice of serial n bears the number ``first + n - 1`` of the year's register, in this word and pattern."""

    year: int
    first: int
    agency: str
    code: str
    pattern: str
    clause: str = "R13.4.2.1"
