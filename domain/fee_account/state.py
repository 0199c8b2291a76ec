"""Where the account of a unit stands: its entries, what is paid of each charge, the reminder that comes next."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from domain.fee_account import commands as c
from domain.fee_account.parts import AreaTerm, MeterReading, NextReminder, Ownership, Term
from domain.kernel import Deadline, Reservation, State, derived_id
from domain.rules.r13 import FeeKind, How
from domain.rules.r13_accounts import Means, TakenBackFor

BANK_ROW = "bank_row"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Held from before any payment there is."""


class FeeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A charge (``effect_fen`` above zero), a payment or a reversal; a late fee is a charge without an item.

    ``once`` marks a service or repair, of which a month may hold several. A payment out of the bank's statement holds
    its row, also once it is taken back, unless ``row_freed``.
    """

    effect_fen: int
    charge: bool
    reversed: bool = False
    rule_version: int | None = None
    booked_by: UUID
    kind: FeeKind | None = None
    item: str = ""
    label: str = ""
    first_month: str = ""
    last_month: str = ""
    due_on: date | None = None
    paid_fen: int = 0
    means: Means | None = None
    bank_reference: str | None = None
    taken_back_for: TakenBackFor | None = None
    row_freed: bool = False
    once: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is a charge that was not taken back."""
        return self.charge and not self.reversed

    def holds(self, bank_reference: str) -> bool:
        """Whether it keeps a row of the bank from being booked."""
        return self.bank_reference == bank_reference and not self.row_freed

    def covers(self, item: str, first_month: str, last_month: str) -> bool:
        """Whether it is a standing charge of an item for any of these months."""
        same = self.stands and not self.once and self.item == item
        return same and self.first_month <= last_month and first_month <= self.last_month


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """Charges that are told of, and reminded of, together; the first of them names the bill."""

    charges: tuple[int, ...]
    period_id: UUID | None = None
    reminder: NextReminder | None
    rule_version: int
    level: int = 0
    """Of the last reminder that was given; 0 before the first."""
    how: How = "notice"


class FeeAccountState(State, frozen=True, kw_only=True):
    """One account (收费账户) of a unit. ``balance_fen`` above zero is owed, below zero the owner's credit.

    ``periods`` holds the notice's number for each period that was charged.
    """

    project_id: UUID
    unit: str
    owner: str
    building: str = ""
    owners: tuple[Ownership, ...] = ()
    areas: tuple[AreaTerm, ...] = ()
    standing: dict[str, tuple[Term, ...]] = msgspec.field(default_factory=dict)
    readings: dict[str, tuple[MeterReading, ...]] = msgspec.field(default_factory=dict)
    balance_fen: int = 0
    entries: dict[int, FeeEntry] = msgspec.field(default_factory=dict)
    bills: dict[int, Bill] = msgspec.field(default_factory=dict)
    periods: dict[UUID, int | None] = msgspec.field(default_factory=dict)

    def unpaid(self) -> dict[int, int]:
        """What is unpaid of each charge."""
        return {
            number: entry.effect_fen - entry.paid_fen
            for number, entry in self.entries.items()
            if entry.stands and entry.paid_fen < entry.effect_fen
        }

    def disowned(self, bank_reference: str) -> bool:
        """Whether a row of the bank was booked here last as another unit's, and taken back as such."""
        booked = [entry for entry in self.entries.values() if entry.bank_reference == bank_reference]
        return bool(booked) and booked[-1].taken_back_for == "wrong_unit"

    @property
    def credit_fen(self) -> int:
        """What was paid and pays no charge yet."""
        return received_fen(self.entries) - sum(one.paid_fen for one in self.entries.values() if one.stands)

    def charged_fen(self, period: UUID) -> int:
        """What a period has charged, whatever became of it."""
        return sum(
            self.entries[number].effect_fen
            for bill in self.bills.values()
            if bill.period_id == period
            for number in bill.charges
            if self.entries[number].item
        )

    def area_in(self, month: str) -> Decimal | None:
        """The unit's area in a month, where it is known."""
        return next((term.area_m2 for term in reversed(self.areas) if term.from_month <= month), None)

    def term_in(self, item: str, month: str) -> Term | None:
        """How an item is charged in a month, if it is charged regularly."""
        terms = self.standing.get(item, ())
        found = next((term for term in reversed(terms) if term.from_month <= month), None)
        return None if found is None or found.basis is None else found


def received_fen(entries: Mapping[int, FeeEntry]) -> int:
    """The payments that stand, together."""
    return -sum(one.effect_fen for one in entries.values() if not one.charge and not one.reversed)


def coverage(entries: Mapping[int, FeeEntry]) -> dict[int, int]:
    """How much is paid of each charge: the payments that stand pay what is due first, then what was charged first."""
    left_fen, found = received_fen(entries), {}
    standing = [(entry.due_on or date.min, number) for number, entry in entries.items() if entry.stands]
    for _, number in sorted(standing):
        found[number] = min(left_fen, entries[number].effect_fen)
        left_fen -= found[number]
    return found


def bank_row_id(bank_reference: str) -> UUID:
    """What a row of a bank's statement is held as, by the one unit that booked it and has not freed it."""
    return derived_id("bank_row", bank_reference)


def reservations(state: FeeAccountState) -> tuple[Reservation, ...]:
    """Each row of a bank's statement that was booked here and not freed, so that no other account books it as well."""
    return tuple(
        Reservation(
            key=f"bank:{number}",
            kind=BANK_ROW,
            resource_id=bank_row_id(entry.bank_reference),
            starts_at=BEGINNING,
            ends_at=None,
            clause="R13.4.2.7",
        )
        for number, entry in state.entries.items()
        if entry.bank_reference is not None and not entry.row_freed
    )


def deadlines(state: FeeAccountState) -> tuple[Deadline, ...]:
    """The next reminder of each bill that is not paid."""
    unpaid = state.unpaid()
    return tuple(
        Deadline(
            f"reminder:{first}:{bill.reminder.level}",
            bill.reminder.due_at,
            c.LapsePayment(charge=first, level=bill.reminder.level),
        )
        for first, bill in state.bills.items()
        if bill.reminder is not None and any(number in unpaid for number in bill.charges)
    )
