"""What happens in the fee book of a project.

Entries that move money are numbered in one row. ``booked_on`` is their day in the accounts: never one of a period that
has been published, so that a published figure stays what its entries add up to.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.fee_book.parts import AgencyLine, Amounts, Move, SettledHow, Source
from domain.kernel import Event, Text
from domain.rules.r13_accounts import Means
from domain.statement_periods import PeriodOwed


class BookOpened(Event, frozen=True, kw_only=True, tag="fee_book.opened"):
    """A project has a fee book; ``owed`` is the first period whose accounts it publishes."""

    project_id: UUID
    opened_on: date
    owed: PeriodOwed | None
    clause: str = "R13.4.3"
    rule_version: int | None


class BookNamed(Event, frozen=True, kw_only=True, tag="fee_book.named"):
    """The project has a name, by which its accounts are published."""

    name: str
    previous: str
    clause: str = "R13.4.3"


class ReceiptNoted(Event, frozen=True, kw_only=True, tag="fee_book.receipt_noted"):
    """A unit paid; ``hand_over_by`` is when the collector owes it to finance, where he holds it."""

    number: int
    source: Source
    collector: UUID
    means: Means
    banked: bool
    amount_fen: int
    received_on: date
    booked_on: date
    moves: tuple[Move, ...]
    hand_over_by: datetime | None
    clause: str = "R13.4.2.7"
    rule_version: int | None


class ReceiptTakenBack(Event, frozen=True, kw_only=True, tag="fee_book.receipt_taken_back"):
    """A payment was taken back; one that was ``handed_over`` stands against the collector's next hand-over."""

    number: int
    source: Source
    collector: UUID
    means: Means
    banked: bool
    amount_fen: int
    handed_over: bool
    booked_on: date
    moves: tuple[Move, ...]
    clause: str = "R13.4.2.7"


class SettlementMoved(Event, frozen=True, kw_only=True, tag="fee_book.settlement_moved"):
    """What had been paid now pays another charge; the moves add up to nothing."""

    number: int
    source: Source
    booked_on: date
    moves: tuple[Move, ...]
    clause: str = "R13.4.3"


class HandedOver(Event, frozen=True, kw_only=True, tag="fee_book.handed_over"):
    """A collector handed over; ``due`` is what the entries come to, ``counted`` what he says it is."""

    handover: int
    collector: UUID
    entries: tuple[int, ...]
    due: Amounts
    counted: Amounts
    note: str | None
    handed_over_on: date
    clause: str = "R13.4.2.7"


class HandoverConfirmed(Event, frozen=True, kw_only=True, tag="fee_book.handover_confirmed"):
    """Finance received what was due."""

    handover: int
    collector: UUID
    received: Amounts
    confirmed_by: UUID
    confirmed_on: date
    clause: str = "R13.4.2.7"


class DifferenceRecorded(Event, frozen=True, kw_only=True, tag="fee_book.difference_recorded"):
    """Finance received something else; ``difference`` is received less due and stays open until it is settled."""

    handover: int
    collector: UUID
    received: Amounts
    difference: Amounts
    reason: str
    recorded_by: UUID
    recorded_on: date
    clause: str = "R13.4.2.7"


class DifferenceSettled(Event, frozen=True, kw_only=True, tag="fee_book.difference_settled"):
    """A difference is open no more."""

    handover: int
    collector: UUID
    difference: Amounts
    how: SettledHow
    reason: str
    evidence: Evidence
    settled_by: UUID
    settled_on: date
    clause: str = "R13.4.2.7"


class HandoverOverdue(Event, frozen=True, kw_only=True, tag="fee_book.handover_overdue"):
    """Receipts were not handed over in time, told for the ``level``-th time; ``next_at`` none after the last."""

    collector: UUID
    entries: tuple[int, ...]
    amount_fen: int
    oldest_on: date
    level: int
    next_at: datetime | None
    clause: str = "R13.4.2.7"
    rule_version: int


class SupplierAppointed(Event, frozen=True, kw_only=True, tag="fee_book.supplier_appointed"):
    """An item is collected for this supplier from now on; what was not passed on yet is owed to him, too."""

    item: str
    supplier: str
    previous: str | None
    clause: str = "R13.4.1"


class PassedOn(Event, frozen=True, kw_only=True, tag="fee_book.passed_on"):
    """A supplier was paid what had been collected for him; ``owed_after_fen`` is still owed."""

    number: int
    item: str
    supplier: str
    amount_fen: int
    first_month: str
    last_month: str
    reference: str
    evidence: Evidence
    booked_on: date
    owed_after_fen: int
    booked_by: UUID
    clause: str = "R13.4.1"


class ExpenditureRecorded(Event, frozen=True, kw_only=True, tag="fee_book.expenditure_recorded"):
    """The project was spent on."""

    number: int
    category: str
    amount_fen: int
    payee: str
    purpose: str
    reference: str
    evidence: Evidence
    booked_on: date
    booked_by: UUID
    clause: str = "R13.4.3"
    rule_version: int


class BookEntryReversed(Event, frozen=True, kw_only=True, tag="fee_book.entry_reversed"):
    """An expenditure (``code`` is its heading) or a payment to a supplier (its item) was taken back."""

    number: int
    reverses: int
    what: Literal["expenditure", "pass_on"]
    code: str
    amount_fen: int
    reason: str
    booked_on: date
    booked_by: UUID
    clause: str = "R13.4.3"


class AccountsPublished(Event, frozen=True, kw_only=True, tag="fee_book.accounts_published"):
    """Income and expenditure of a period: what its entries add up to, those booked on its days up to ``last_entry``.

    ``income_fen`` is by fee kind, ``spent_fen`` by heading; ``surplus_fen`` is their difference. Agency fees are
    others' money and stand apart, as does what was collected for repairs, which is the repair fund's, and what was
    paid ahead (``advance_*``), unless the rules count that as income when it comes.
    """

    project_id: UUID
    first_month: str
    last_month: str
    income_fen: dict[str, int]
    spent_fen: dict[str, int]
    surplus_fen: int
    agency: tuple[AgencyLine, ...]
    repair_fen: int
    advance_opening_fen: int
    advance_moved_fen: int
    advance_closing_fen: int
    entries: int
    last_entry: int
    due_on: date
    in_time: bool
    published_on: date
    published_by: UUID
    next_owed: PeriodOwed
    readings: dict[str, str]
    clause: str = "R13.4.3"
    rule_version: int
    name: str = ""
    names: dict[str, Text] = msgspec.field(default_factory=dict)
    """Headings and items by the names that the rules gave them then."""


class PublicationOverdue(Event, frozen=True, kw_only=True, tag="fee_book.publication_overdue"):
    """A period's accounts were not published in time, told for the ``level``-th time."""

    first_month: str
    last_month: str
    due_on: date
    level: int
    next_at: datetime | None
    clause: str = "R13.4.3"
    rule_version: int
