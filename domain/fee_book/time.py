"""What a fee book still owes: receipts to be handed over, accounts to be published."""

from uuid import UUID

from domain.fee_book import commands as c
from domain.fee_book.state import FeeBookState, OpenReceipt
from domain.kernel import Deadline


def deadlines(state: FeeBookState) -> tuple[Deadline, ...]:
    """For each collector the receipt that is owed first, and the period whose accounts are owed."""
    owed: list[Deadline] = []
    for collector, (number, receipt) in _first_due(state).items():
        assert receipt.hand_over_by is not None
        key = f"handover:{collector}:{number}:{receipt.level}"
        owed.append(Deadline(key, receipt.hand_over_by, c.LapseHandover(collector=collector)))
    period = state.owed
    if period is not None and period.due_at is not None:
        lapse = c.LapsePublication(first_month=period.first_month)
        owed.append(Deadline(f"publish:{period.first_month}:{period.level}", period.due_at, lapse))
    return tuple(owed)


def _first_due(state: FeeBookState) -> dict[UUID, tuple[int, OpenReceipt]]:
    first: dict[UUID, tuple[int, OpenReceipt]] = {}
    for number, receipt in state.receipts.items():
        if receipt.hand_over_by is None or receipt.amount_fen < 0:
            continue
        known = first.get(receipt.collector)
        due_at = None if known is None else known[1].hand_over_by
        if due_at is None or receipt.hand_over_by < due_at:
            first[receipt.collector] = (number, receipt)
    return first
