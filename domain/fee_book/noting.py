"""What units pay and what of it is taken back, as their accounts tell the project's book (R13.4.1, R13.4.2.7)."""

from datetime import date

from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.evolve import evolve
from domain.fee_book.guards import rules_if_any, value
from domain.fee_book.parts import Move
from domain.fee_book.state import FeeBookState
from domain.kernel import Context, Event
from domain.periods import month_of
from domain.statement_periods import block_of, period_owed

AnyNoting = c.BeginBook | c.NoteReceipt | c.NoteReversal | c.NoteSettlement


def begin(state: FeeBookState | None, command: c.BeginBook, context: Context) -> tuple[Event, ...]:
    """Begin the book, where it has not been begun."""
    return _opening(state, command, context)


def receipt(state: FeeBookState | None, command: c.NoteReceipt, context: Context) -> tuple[Event, ...]:
    """Note a payment, and when its collector owes it to finance."""
    _must_come_to(command.moves, command.amount_fen)
    found = rules_if_any(context)
    opening = _opening(state, command, context)
    book = _book(state, opening)
    hand_over_by = None
    if found is not None and not command.banked:
        last = context.calendar.add_days(command.received_on, found.values.handover_days)
        hand_over_by = context.calendar.end_of_day(last)
    return (
        *opening,
        e.ReceiptNoted(
            number=book.last_entry + 1,
            source=command.source,
            collector=command.collector,
            means=command.means,
            banked=command.banked,
            amount_fen=command.amount_fen,
            received_on=command.received_on,
            booked_on=_open_day(book, command.received_on, context),
            moves=command.moves,
            hand_over_by=hand_over_by,
            rule_version=None if found is None else found.version,
        ),
    )


def reversal(state: FeeBookState | None, command: c.NoteReversal, context: Context) -> tuple[Event, ...]:
    """Note that a payment was taken back: it need not be handed over, or stands against the next hand-over."""
    _must_come_to(command.moves, -command.amount_fen)
    opening = _opening(state, command, context)
    book = _book(state, opening)
    handed_over = not command.banked and not any(
        receipt.amount_fen > 0 for receipts in book.held_of(command.source).values() for receipt in receipts.values()
    )
    return (
        *opening,
        e.ReceiptTakenBack(
            number=book.last_entry + 1,
            source=command.source,
            collector=command.collector,
            means=command.means,
            banked=command.banked,
            amount_fen=command.amount_fen,
            handed_over=handed_over,
            booked_on=_open_day(book, context.today, context),
            moves=command.moves,
        ),
    )


def settlement(state: FeeBookState | None, command: c.NoteSettlement, context: Context) -> tuple[Event, ...]:
    """Note what pays another charge than before."""
    _must_come_to(command.moves, 0)
    opening = _opening(state, command, context)
    book = _book(state, opening)
    return (
        *opening,
        e.SettlementMoved(
            number=book.last_entry + 1,
            source=command.source,
            booked_on=_open_day(book, context.today, context),
            moves=command.moves,
        ),
    )


def _opening(state: FeeBookState | None, command: AnyNoting, context: Context) -> tuple[Event, ...]:
    if state is not None:
        return ()
    found, owed = rules_if_any(context), None
    if found is not None:
        first = block_of(month_of(context.today), found.values.statement_months)
        owed = period_owed(context, found.values, first)
    return (
        e.BookOpened(
            project_id=command.project_id,
            opened_on=context.today,
            owed=owed,
            rule_version=None if found is None else found.version,
        ),
    )


def _book(state: FeeBookState | None, opening: tuple[Event, ...]) -> FeeBookState:
    for event in opening:
        state = evolve(state, event)
    assert state is not None
    return state


def _open_day(book: FeeBookState, day: date, context: Context) -> date:
    """The day itself, or the nearest on which anything can be booked: not in a published period, nor yet to come."""
    return min(max(day, book.open_from), max(context.today, book.open_from))


def _must_come_to(moves: tuple[Move, ...], amount_fen: int) -> None:
    if sum(move.amount_fen for move in moves) != amount_fen:
        raise value("moves_differ", "各项合计与金额不符", "The moves do not come to the amount.", "moves", "R13.4.2.7")
