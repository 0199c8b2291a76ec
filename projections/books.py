"""Folds projects' books and repair funds: what collectors hold, hand-overs, suppliers, what was published."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from domain.fee_book import events as e
from domain.fee_book.parts import Amounts
from domain.kernel import Event
from domain.repair_fund import messages as f
from domain.statement_periods import PeriodOwed
from projections.fee_book_rows import (
    BOOKINGS,
    BOOKS,
    FUNDS,
    HANDOVERS,
    HELD,
    STATEMENTS,
    SUPPLIERS,
    BookingRow,
    BookRow,
    BookWork,
    FundRow,
    HandoverRow,
    HeldRow,
    StatementRow,
    SupplierRow,
)
from projections.kernel import Connection, Folded, Projection

Work = BookWork


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = BookWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _opened(work: Work, folded: Folded, event: e.BookOpened) -> None:
    row = BookRow(folded.stream_id, event.project_id, folded.position)
    _owe(row, event.owed)
    work.books.put(row)


def _owe(row: BookRow, owed: PeriodOwed | None) -> None:
    row.owed_first_month = None if owed is None else owed.first_month
    row.owed_last_month = None if owed is None else owed.last_month
    row.owed_by = None if owed is None else owed.due_on


def _receipt(work: Work, folded: Folded, event: e.ReceiptNoted) -> None:
    _moved(work, folded, event)
    if not event.banked:
        row = _held(work, folded, event, event.amount_fen)
        row.received_on, row.hand_over_by = event.received_on, event.hand_over_by
        work.held.put(row)


def _taken_back(work: Work, folded: Folded, event: e.ReceiptTakenBack) -> None:
    _moved(work, folded, event)
    if event.handed_over:
        work.held.put(_held(work, folded, event, -event.amount_fen))
        return
    place = (folded.stream_id, event.source.account, event.source.entry)
    for row in [row for row in work.held.known() if (row.book_id, row.account_id, row.entry) == place]:
        work.held.drop(row.book_id, row.number)


def _held(work: Work, folded: Folded, event: e.ReceiptNoted | e.ReceiptTakenBack, amount_fen: int) -> HeldRow:
    return HeldRow(
        book_id=folded.stream_id,
        number=event.number,
        position=folded.position,
        project_id=work.books.change(folded.stream_id).project_id,
        account_id=event.source.account,
        entry=event.source.entry,
        unit=event.source.unit,
        collector=event.collector,
        means=event.means,
        amount_fen=amount_fen,
        received_on=event.booked_on,
    )


def _moved(work: Work, folded: Folded, event: e.ReceiptNoted | e.ReceiptTakenBack | e.SettlementMoved) -> None:
    for move in event.moves:
        if move.kind == "agency":
            _supplier(work, folded, move.item).collected_fen += move.amount_fen


def _supplier(work: Work, folded: Folded, item: str) -> SupplierRow:
    if work.suppliers.find(folded.stream_id, item) is None:
        project = work.books.change(folded.stream_id).project_id
        work.suppliers.put(SupplierRow(folded.stream_id, item, project))
    return work.suppliers.change(folded.stream_id, item)


def _handed_over(work: Work, folded: Folded, event: e.HandedOver) -> None:
    for number in event.entries:
        work.held.drop(folded.stream_id, number)
    work.handovers.put(
        HandoverRow(
            book_id=folded.stream_id,
            handover=event.handover,
            position=folded.position,
            project_id=work.books.change(folded.stream_id).project_id,
            collector=event.collector,
            handed_over_on=event.handed_over_on,
            entries=len(event.entries),
            due_cash_fen=event.due.cash_fen,
            due_transfer_fen=event.due.transfer_fen,
            due_card_fen=event.due.card_fen,
            counted_cash_fen=event.counted.cash_fen,
            counted_transfer_fen=event.counted.transfer_fen,
            counted_card_fen=event.counted.card_fen,
            note=event.note,
        )
    )


def _confirmed(work: Work, folded: Folded, event: e.HandoverConfirmed) -> None:
    row = work.handovers.change(folded.stream_id, event.handover)
    _receive(row, event.received)
    row.status, row.closed_on = "confirmed", event.confirmed_on


def _differs(work: Work, folded: Folded, event: e.DifferenceRecorded) -> None:
    row = work.handovers.change(folded.stream_id, event.handover)
    _receive(row, event.received)
    row.status, row.reason = "difference", event.reason


def _receive(row: HandoverRow, received: Amounts) -> None:
    row.received_cash_fen = received.cash_fen
    row.received_transfer_fen = received.transfer_fen
    row.received_card_fen = received.card_fen


def _settled(work: Work, folded: Folded, event: e.DifferenceSettled) -> None:
    row = work.handovers.change(folded.stream_id, event.handover)
    row.status, row.how, row.closed_on = "settled", event.how, event.settled_on


def _overdue(work: Work, folded: Folded, event: e.HandoverOverdue) -> None:
    for number in event.entries:
        row = work.held.change(folded.stream_id, number)
        row.level, row.hand_over_by = event.level, event.next_at


def _appointed(work: Work, folded: Folded, event: e.SupplierAppointed) -> None:
    _supplier(work, folded, event.item).supplier = event.supplier


def _passed_on(work: Work, folded: Folded, event: e.PassedOn) -> None:
    _supplier(work, folded, event.item).passed_on_fen += event.amount_fen


def _reversed(work: Work, folded: Folded, event: e.BookEntryReversed) -> None:
    if event.what == "pass_on":
        _supplier(work, folded, event.code).passed_on_fen -= event.amount_fen


def _published(work: Work, folded: Folded, event: e.AccountsPublished) -> None:
    row = work.books.change(folded.stream_id)
    row.published_until = event.last_month
    _owe(row, event.next_owed)
    _statement(work, folded, event, row.project_id, "accounts")


def _statement(
    work: Work, folded: Folded, event: e.AccountsPublished | f.FundStatementPublished, project: UUID, what: str
) -> None:
    work.statements.put(
        StatementRow(
            folded.stream_id,
            event.first_month,
            event.last_month,
            project,
            what,
            folded.position,
            folded.version,
            folded.recorded_at,
            msgspec.json.encode(event, order="sorted").decode(),
        )
    )


def _fund_opened(work: Work, folded: Folded, event: f.FundOpened) -> None:
    work.funds.put(FundRow(folded.stream_id, event.project_id, event.name, folded.position))


def _paid_in(work: Work, folded: Folded, event: f.ContributionReceived) -> None:
    what = "collected" if event.collected else "contribution"
    _book(work, folded, event, what, event.amount_fen).unit = event.unit


def _paid_back(work: Work, folded: Folded, event: f.ContributionTakenBack) -> None:
    _book(work, folded, event, "taken_back", -event.amount_fen).unit = event.unit


def _spent(work: Work, folded: Folded, event: f.FundSpent) -> None:
    row = _book(work, folded, event, "spent", -event.amount_fen)
    row.purpose, row.work, row.payee = event.purpose, event.work, event.payee


def _fund_reversed(work: Work, folded: Folded, event: f.BookingReversed) -> None:
    row = _book(work, folded, event, "reversal", event.effect_fen)
    row.reverses, row.reference = event.reverses, event.reason


def _book(work: Work, folded: Folded, event: Any, what: str, effect_fen: int) -> BookingRow:
    work.funds.change(folded.stream_id).balance_fen = event.balance_after_fen
    row = BookingRow(
        fund_id=folded.stream_id,
        number=event.number,
        position=folded.position,
        version=folded.version,
        booked_on=event.booked_on,
        what=what,
        effect_fen=effect_fen,
        balance_after_fen=event.balance_after_fen,
        reference=getattr(event, "reference", None),
        booked_by=event.booked_by,
    )
    work.bookings.put(row)
    return row


def _fund_published(work: Work, folded: Folded, event: f.FundStatementPublished) -> None:
    _statement(work, folded, event, work.funds.change(folded.stream_id).project_id, "fund")


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    e.BookOpened: _opened,
    e.ReceiptNoted: _receipt,
    e.ReceiptTakenBack: _taken_back,
    e.SettlementMoved: _moved,
    e.HandedOver: _handed_over,
    e.HandoverConfirmed: _confirmed,
    e.DifferenceRecorded: _differs,
    e.DifferenceSettled: _settled,
    e.HandoverOverdue: _overdue,
    e.SupplierAppointed: _appointed,
    e.PassedOn: _passed_on,
    e.BookEntryReversed: _reversed,
    e.AccountsPublished: _published,
    f.FundOpened: _fund_opened,
    f.ContributionReceived: _paid_in,
    f.ContributionTakenBack: _paid_back,
    f.FundSpent: _spent,
    f.BookingReversed: _fund_reversed,
    f.FundStatementPublished: _fund_published,
}

FEE_BOOKS = Projection(
    name="fee_books",
    schema_version=1,
    events=tuple(_STEPS),
    tables=tuple(table.name for table in (BOOKS, HELD, HANDOVERS, SUPPLIERS, STATEMENTS, FUNDS, BOOKINGS)),
    fold=fold,
)
