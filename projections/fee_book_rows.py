"""The rows of the projection "fee_books", and which of them a batch of events has to read first."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.fee_book import events as e
from projections.kernel import Connection, Folded
from projections.tables import Rows, Table


class BookRow(msgspec.Struct):
    """A project's book and the period whose accounts it owes; the columns of ``fee_books``."""

    book_id: UUID
    project_id: UUID
    opened_position: int
    owed_first_month: str | None = None
    owed_last_month: str | None = None
    owed_by: date | None = None
    published_until: str | None = None


class HeldRow(msgspec.Struct, kw_only=True):
    """A receipt not handed over yet; the columns of ``fee_receipts_held``."""

    book_id: UUID
    number: int
    position: int
    project_id: UUID
    account_id: UUID
    entry: int
    unit: str
    collector: UUID
    means: str
    amount_fen: int
    received_on: date
    hand_over_by: datetime | None = None
    level: int = 0


class HandoverRow(msgspec.Struct, kw_only=True):
    """A hand-over; the columns of ``fee_handovers``."""

    book_id: UUID
    handover: int
    position: int
    project_id: UUID
    collector: UUID
    handed_over_on: date
    entries: int
    due_cash_fen: int
    due_transfer_fen: int
    due_card_fen: int
    counted_cash_fen: int
    counted_transfer_fen: int
    counted_card_fen: int
    received_cash_fen: int | None = None
    received_transfer_fen: int | None = None
    received_card_fen: int | None = None
    status: str = "submitted"
    note: str | None = None
    reason: str | None = None
    how: str | None = None
    closed_on: date | None = None


class SupplierRow(msgspec.Struct):
    """What was collected of an item for others, and passed on; the columns of ``fee_suppliers``."""

    book_id: UUID
    item: str
    project_id: UUID
    supplier: str | None = None
    collected_fen: int = 0
    passed_on_fen: int = 0


class StatementRow(msgspec.Struct):
    """A published statement, of a book or of a repair fund; the columns of ``fee_statements``."""

    stream_id: UUID
    first_month: str
    last_month: str
    project_id: UUID
    what: str
    position: int
    version: int
    published_on: datetime
    figures: str


class FundRow(msgspec.Struct):
    """A repair fund; the columns of ``repair_funds``."""

    fund_id: UUID
    project_id: UUID
    name: str
    opened_position: int
    balance_fen: int = 0


class BookingRow(msgspec.Struct, kw_only=True):
    """A booking of a repair fund; the columns of ``repair_fund_bookings``."""

    fund_id: UUID
    number: int
    position: int
    version: int
    booked_on: date
    what: str
    effect_fen: int
    balance_after_fen: int
    purpose: str | None = None
    work: str | None = None
    payee: str | None = None
    unit: str | None = None
    reference: str | None = None
    reverses: int | None = None
    booked_by: UUID | None = None


BOOKS = Table("fee_books", BookRow, ("book_id",))
HELD = Table("fee_receipts_held", HeldRow, ("book_id", "number"))
HANDOVERS = Table("fee_handovers", HandoverRow, ("book_id", "handover"))
SUPPLIERS = Table("fee_suppliers", SupplierRow, ("book_id", "item"))
STATEMENTS = Table("fee_statements", StatementRow, ("stream_id", "first_month"))
FUNDS = Table("repair_funds", FundRow, ("fund_id",))
BOOKINGS = Table("repair_fund_bookings", BookingRow, ("fund_id", "number"))


class BookWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.books = Rows(BOOKS)
        self.held = Rows(HELD)
        self.handovers = Rows(HANDOVERS)
        self.suppliers = Rows(SUPPLIERS)
        self.statements = Rows(STATEMENTS)
        self.funds = Rows(FUNDS)
        self.bookings = Rows(BOOKINGS)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read books and funds of the batch, and the receipts and hand-overs that it is about."""
        streams = {each.stream_id for each in batch}
        await self.books.load(connection, tenant, build, book_id=streams)
        await self.funds.load(connection, tenant, build, fund_id=streams)
        await self.suppliers.load(connection, tenant, build, book_id=streams)
        late, handovers, accounts = set(), set(), set()
        for each in batch:
            match each.event:
                case e.HandoverOverdue():
                    late |= {(each.stream_id, number) for number in each.event.entries}
                case e.HandoverConfirmed() | e.DifferenceRecorded() | e.DifferenceSettled():
                    handovers.add((each.stream_id, each.event.handover))
                case e.ReceiptTakenBack():
                    accounts.add(each.event.source.account)
        await self.held.load_keys(connection, tenant, build, late)
        await self.held.load(connection, tenant, build, account_id=accounts)
        await self.handovers.load_keys(connection, tenant, build, handovers)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        for rows in (self.books, self.held, self.handovers, self.suppliers, self.statements, self.funds, self.bookings):
            await rows.write(connection, tenant, build)
