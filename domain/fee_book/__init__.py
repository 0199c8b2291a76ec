"""The fee book of a project (收支账簿): money handed over, passed on, spent, and accounted for in public (R13)."""

from domain.fee_book import events as e
from domain.fee_book.evolve import evolve
from domain.fee_book.specs import ASKED, NOTED
from domain.fee_book.state import FeeBookState
from domain.fee_book.time import deadlines
from domain.kernel import Decider, Text

__all__ = ["FEE_BOOK", "FeeBookState"]

FEE_BOOK = Decider(
    noun="fee_book",
    plural="fee-books",
    title=Text(zh="收支账簿", en="fee book"),
    state=FeeBookState,
    statuses=("open",),
    commands=(*NOTED, *ASKED),
    events=(
        e.BookOpened,
        e.BookNamed,
        e.ReceiptNoted,
        e.ReceiptTakenBack,
        e.SettlementMoved,
        e.HandedOver,
        e.HandoverConfirmed,
        e.DifferenceRecorded,
        e.DifferenceSettled,
        e.HandoverOverdue,
        e.SupplierAppointed,
        e.PassedOn,
        e.ExpenditureRecorded,
        e.BookEntryReversed,
        e.AccountsPublished,
        e.PublicationOverdue,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
