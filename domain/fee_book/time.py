"""What a fee book still owes: receipts to be handed over, accounts to be published."""

from domain.fee_book import commands as c
from domain.fee_book.state import FeeBookState
from domain.kernel import Deadline


def deadlines(state: FeeBookState) -> tuple[Deadline, ...]:
    """For each collector the receipt that is owed first, and the period whose accounts are owed."""
    owed: list[Deadline] = []
    for collector, holding in state.held.items():
        if (first := holding.first) is not None:
            key = f"handover:{collector}:{first.number}:{first.level}"
            owed.append(Deadline(key, first.due_at, c.LapseHandover(collector=collector)))
    period = state.owed
    if period is not None and period.due_at is not None:
        lapse = c.LapsePublication(first_month=period.first_month)
        owed.append(Deadline(f"publish:{period.first_month}:{period.level}", period.due_at, lapse))
    return tuple(owed)
