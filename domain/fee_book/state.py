"""Where a project's fee book stands: money not handed over, what is owed to suppliers, what each month came to."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from domain.fee_book.holding import Holding, OpenReceipt
from domain.fee_book.parts import Amounts, Source, is_of
from domain.kernel import State
from domain.periods import first_day, next_month
from domain.statement_periods import PeriodOwed


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over that finance has not confirmed, or whose difference is open."""

    collector: UUID
    entries: tuple[int, ...]
    due: Amounts
    counted: Amounts
    note: str | None
    handed_over_on: date
    status: Literal["submitted", "difference"] = "submitted"
    difference: Amounts | None = None
    reason: str | None = None


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """An item collected for others. What was collected less what was passed on is owed to the supplier."""

    supplier: str | None = None
    collected_fen: int = 0
    passed_on_fen: int = 0
    opening_fen: int = 0
    """What was owed when the last published period ended."""

    @property
    def owed_fen(self) -> int:
        """What the supplier is owed; below zero where payments were taken back after passing them on."""
        return self.collected_fen - self.passed_on_fen


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """An expenditure, or a payment to a supplier, and whether it was taken back."""

    what: Literal["expenditure", "pass_on"]
    code: str
    amount_fen: int
    booked_by: UUID
    reversed: bool = False


class MonthTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What the entries of a month come to, what was taken back taken off."""

    income_fen: dict[str, int] = msgspec.field(default_factory=dict)
    collected_fen: dict[str, int] = msgspec.field(default_factory=dict)
    passed_on_fen: dict[str, int] = msgspec.field(default_factory=dict)
    spent_fen: dict[str, int] = msgspec.field(default_factory=dict)
    repair_fen: int = 0
    advance_fen: int = 0
    entries: int = 0


class FeeBookState(State, frozen=True, kw_only=True):
    """The fee book (收支账簿) of a project. ``last_entry`` numbers entries, ``last_handover`` hand-overs."""

    project_id: UUID
    opened_month: str
    name: str = ""
    last_entry: int = 0
    last_handover: int = 0
    held: dict[UUID, Holding] = msgspec.field(default_factory=dict)
    """What each collector has not handed over."""
    handovers: dict[int, Handover] = msgspec.field(default_factory=dict)
    agency: dict[str, Agency] = msgspec.field(default_factory=dict)
    spendings: dict[int, Spent] = msgspec.field(default_factory=dict)
    months: dict[str, MonthTotals] = msgspec.field(default_factory=dict)
    advance_opening_fen: int = 0
    owed: PeriodOwed | None = None
    published_until: str | None = None

    @property
    def open_from(self) -> date:
        """The first day on which anything can still be booked."""
        return first_day(self.opened_month if self.published_until is None else next_month(self.published_until))

    @property
    def receipts(self) -> dict[int, OpenReceipt]:
        """All that has not been handed over, by the number of its entry, in the order of booking."""
        every = (item for holding in self.held.values() for item in holding.receipts().items())
        return dict(sorted(every, key=lambda item: item[0]))

    def held_by(self, collector: UUID) -> dict[int, OpenReceipt]:
        """What a collector has not handed over, in the order of booking."""
        holding = self.held.get(collector)
        return {} if holding is None else holding.receipts()

    def held_of(self, source: Source) -> dict[UUID, dict[int, OpenReceipt]]:
        """What is held of an entry of an account, by whom."""
        found: dict[UUID, dict[int, OpenReceipt]] = {}
        for collector, holding in self.held.items():
            for block in holding.blocks.values():
                for number, receipt in block.receipts.items():
                    if is_of(receipt.source, source):
                        found.setdefault(collector, {})[number] = receipt
        return found


def amounts_of(receipts: Iterable[OpenReceipt]) -> Amounts:
    """What receipts come to, by means of payment."""
    come_to = {"cash": 0, "transfer": 0, "card": 0}
    for receipt in receipts:
        come_to[receipt.means] += receipt.amount_fen
    return Amounts(**{f"{means}_fen": amount_fen for means, amount_fen in come_to.items()})


def added(amounts: dict[str, int], key: str, amount_fen: int) -> dict[str, int]:
    """The same amounts with one changed; what came to nothing is left out."""
    changed = {**amounts, key: amounts.get(key, 0) + amount_fen}
    return {each: amount for each, amount in changed.items() if amount}
