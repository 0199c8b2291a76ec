"""What a repair fund is asked, and what happens to it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.kernel import Command, Event, Text
from domain.money import MAX_AMOUNT_FEN, Fen
from domain.periods import Month
from domain.rules.r11_ladder import Code
from domain.statement_periods import PeriodOwed

Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class OpenFund(Command, frozen=True, kw_only=True):
    """Begin the repair fund of a project (设立修缮基金)."""

    project_id: UUID
    name: Reference


class ReceiveContribution(Command, frozen=True, kw_only=True):
    """Book what an owner has paid in for repairs (归集修缮费用)."""

    amount_fen: Fen
    unit: Reference
    reference: Reference


class SpendFund(Command, frozen=True, kw_only=True):
    """Spend on a repair (支用修缮基金); ``purpose`` is one of the rules' own, and there is no other way to spend."""

    amount_fen: Fen
    purpose: Code
    work: Words
    payee: Reference
    reference: Reference
    evidence: Evidence = ()


class ReverseBooking(Command, frozen=True, kw_only=True):
    """Take a booking back as a whole, by a booking of its own (冲销)."""

    number: Number
    reason: Words


class NoteCollected(Command, frozen=True, kw_only=True):
    """Book what a unit paid, or took back below zero, of charges for repairs (归集修缮分摊); it begins the fund."""

    project_id: UUID
    amount_fen: Annotated[int, msgspec.Meta(ge=-MAX_AMOUNT_FEN, le=MAX_AMOUNT_FEN)]
    unit: Annotated[str, msgspec.Meta(max_length=120)]
    reference: Reference
    collector: UUID | None = None


class PublishStatement(Command, frozen=True, kw_only=True):
    """Publish income and expenditure of a period that is over, named by its first month (公布收支)."""

    first_month: Month


class LapseStatement(Command, frozen=True, kw_only=True):
    """The time to publish a period of the fund has passed (公布逾期)."""

    first_month: Month


class FundOpened(Event, frozen=True, kw_only=True, tag="repair_fund.opened"):
    """A project has a repair fund; it is empty."""

    project_id: UUID
    name: str
    opened_on: date
    clause: str = "R13.4.2.8"
    owed: PeriodOwed | None = None
    """The first period whose statement it owes; none where no rules say so yet."""


class ContributionReceived(Event, frozen=True, kw_only=True, tag="repair_fund.contribution_received"):
    """An owner paid in."""

    number: int
    amount_fen: int
    unit: str
    reference: str
    booked_on: date
    balance_after_fen: int
    booked_by: UUID | None
    clause: str = "R13.4.1"
    rule_version: int
    collected: bool = False
    """Whether a charge for repairs was paid, so that it is taken back in the unit's account alone."""


class ContributionTakenBack(Event, frozen=True, kw_only=True, tag="repair_fund.contribution_taken_back"):
    """What a unit had paid of a charge for repairs was taken back; what was spent of it by then is owed to the fund."""

    number: int
    amount_fen: int
    unit: str
    reference: str
    booked_on: date
    balance_after_fen: int
    booked_by: UUID | None
    clause: str = "R13.4.1"
    rule_version: int


class FundSpent(Event, frozen=True, kw_only=True, tag="repair_fund.spent"):
    """A repair was paid for."""

    number: int
    amount_fen: int
    purpose: str
    work: str
    payee: str
    reference: str
    evidence: Evidence
    booked_on: date
    balance_after_fen: int
    booked_by: UUID
    clause: str = "R13.4.2.8"
    rule_version: int


class BookingReversed(Event, frozen=True, kw_only=True, tag="repair_fund.booking_reversed"):
    """A booking was taken back; ``effect_fen`` is what that did to the balance."""

    number: int
    reverses: int
    effect_fen: int
    reason: str
    booked_on: date
    balance_after_fen: int
    booked_by: UUID
    clause: str = "R13.4.2.8"


class FundStatementPublished(Event, frozen=True, kw_only=True, tag="repair_fund.statement_published"):
    """Income and expenditure of a period, derived from its bookings; what closes one period opens the next."""

    first_month: str
    last_month: str
    opening_fen: int
    received_fen: int
    spent_fen: dict[str, int]
    reversed_fen: int
    closing_fen: int
    bookings: int
    due_on: date
    in_time: bool
    published_by: UUID
    clause: str = "R13.4.3"
    rule_version: int
    names: dict[str, Text] = msgspec.field(default_factory=dict)
    """Purposes by the names that the rules gave them then."""
    next_owed: PeriodOwed | None = None


class FundStatementOverdue(Event, frozen=True, kw_only=True, tag="repair_fund.statement_overdue"):
    """A period of the fund was not published in time, told for the ``level``-th time."""

    first_month: str
    last_month: str
    due_on: date
    level: int
    next_at: datetime | None
    clause: str = "R13.4.3"
    rule_version: int
