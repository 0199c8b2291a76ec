"""What a collector holds, kept in blocks: to note one more receipt costs the same however many are held.

States are never changed but made anew; a receipt that comes or goes makes anew its block alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from domain.fee_book.parts import Source
from domain.rules.r13_accounts import Means

BLOCK = 128
"""Numbers of entries that one block spans."""


class OpenReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt not handed over yet; below zero one taken back after it had been."""

    source: Source
    means: Means
    amount_fen: int
    received_on: date
    hand_over_by: datetime | None
    level: int = 0


class FirstDue(msgspec.Struct, frozen=True):
    """The receipt that is owed first: its entry, when, and how often that was told."""

    number: int
    due_at: datetime
    level: int


class Block(msgspec.Struct, frozen=True):
    """The receipts among `BLOCK` numbers of entries, and which of them is owed first."""

    receipts: dict[int, OpenReceipt] = msgspec.field(default_factory=dict)
    first: FirstDue | None = None


class Holding(msgspec.Struct, frozen=True):
    """What one collector has not handed over (未上交收款), in the order of booking, and which of it is owed first."""

    blocks: dict[int, Block] = msgspec.field(default_factory=dict)
    first: FirstDue | None = None

    def receipts(self) -> dict[int, OpenReceipt]:
        """Every receipt by the number of its entry."""
        return {number: receipt for block in self.blocks.values() for number, receipt in block.receipts.items()}

    def joined(self, number: int, receipt: OpenReceipt) -> "Holding":
        """With one more, whose number is above all others."""
        place, due = number // BLOCK, _due(number, receipt)
        block = self.blocks.get(place, Block())
        block = Block({**block.receipts, number: receipt}, _earlier(block.first, due))
        return Holding({**self.blocks, place: block}, _earlier(self.first, due))

    def changed(self, changes: Mapping[int, OpenReceipt | None]) -> "Holding":
        """With other receipts under numbers that it has; without those that are changed to nothing."""
        by_block: dict[int, dict[int, OpenReceipt | None]] = {}
        for number, change in changes.items():
            by_block.setdefault(number // BLOCK, {})[number] = change
        blocks = dict(self.blocks)
        for place, changed in by_block.items():
            there = {**blocks[place].receipts, **changed}
            kept = {number: receipt for number, receipt in there.items() if receipt is not None}
            if kept:
                blocks[place] = Block(kept, _first(_due(number, receipt) for number, receipt in kept.items()))
            else:
                del blocks[place]
        return Holding(blocks, _first(block.first for block in blocks.values()))


def _due(number: int, receipt: OpenReceipt) -> FirstDue | None:
    """When a receipt is owed; what was taken back is not, nor what was told of for the last time."""
    if receipt.hand_over_by is None or receipt.amount_fen < 0:
        return None
    return FirstDue(number, receipt.hand_over_by, receipt.level)


def _earlier(one: FirstDue | None, later: FirstDue | None) -> FirstDue | None:
    """Which is owed first; of two at once the one booked first."""
    if one is None or later is None:
        return later if one is None else one
    return later if later.due_at < one.due_at else one


def _first(each: Iterable[FirstDue | None]) -> FirstDue | None:
    first = None
    for due in each:
        first = _earlier(first, due)
    return first
