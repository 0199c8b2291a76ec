"""Accounts → their project's book → its repair fund: money is noted where it is collected, by what it pays (R13).

What an event of an account settles says which charges are paid; what comes in beyond that is paid in advance.
"""

from collections.abc import Mapping
from uuid import UUID

from domain.fee_account import FeeAccountState
from domain.fee_account import events as a
from domain.fee_account.state import FeeEntry
from domain.fee_book import FeeBookState
from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.parts import MoneyKind, Move, Source
from domain.kernel import Cause, Command, Dispatch, Reaction, derived_id
from domain.repair_fund.messages import NoteCollected


def book_id(project: UUID) -> UUID:
    """The stream of a project's fee book."""
    return derived_id(project, "fee_book")


def begin_book(event: a.FeeAccountOpened, _: Cause) -> tuple[Dispatch, ...]:
    """The first account of a project begins its book."""
    return _to_book(event.project_id, c.BeginBook(project_id=event.project_id))


def note_receipt(event: a.FeeReceived, cause: Cause, state: FeeAccountState) -> tuple[Dispatch, ...]:
    """A payment, by what it pays."""
    note = c.NoteReceipt(
        project_id=state.project_id,
        source=_source(cause, state, event.number),
        collector=event.received_by,
        means=event.means,
        banked=event.bank_reference is not None,
        amount_fen=event.amount_fen,
        received_on=event.received_on,
        moves=_moves(event, state.entries, event.amount_fen),
    )
    return _to_book(state.project_id, note)


def note_reversal(event: a.FeeEntryReversed, cause: Cause, state: FeeAccountState) -> tuple[Dispatch, ...]:
    """A payment that was taken back; a charge that was may set free what had paid it."""
    entry = state.entries[event.reverses]
    if entry.charge:
        return _settlement(event, cause, state, event.number)
    amount_fen = -entry.effect_fen
    note = c.NoteReversal(
        project_id=state.project_id,
        source=_source(cause, state, event.reverses),
        collector=entry.booked_by,
        means=entry.means or "cash",
        banked=entry.bank_reference is not None,
        amount_fen=amount_fen,
        moves=_moves(event, state.entries, -amount_fen),
    )
    return _to_book(state.project_id, note)


def note_settlement(
    event: a.FeeCharged | a.PeriodCharged | a.FeeReminded, cause: Cause, state: FeeAccountState
) -> tuple[Dispatch, ...]:
    """A charge that is paid by what had been paid in advance."""
    if isinstance(event, a.FeeCharged):
        return _settlement(event, cause, state, event.number)
    if isinstance(event, a.FeeReminded):
        return _settlement(event, cause, state, event.charge)
    return _settlement(event, cause, state, event.lines[0].number) if event.lines else ()


def fund_repairs(
    event: e.ReceiptNoted | e.ReceiptTakenBack | e.SettlementMoved, _: Cause, state: FeeBookState
) -> tuple[Dispatch, ...]:
    """Money for repairs is the fund's from the moment it is paid; what goes back goes back there, too."""
    note = NoteCollected(
        project_id=state.project_id,
        amount_fen=_for_repairs(event),
        unit=event.source.unit,
        reference=f"{event.source.account}:{event.source.entry}",
        collector=None if isinstance(event, e.SettlementMoved) else event.collector,
    )
    return (Dispatch("repair_fund", derived_id(state.project_id, "repair_fund"), note),)


def _for_repairs(event: e.ReceiptNoted | e.ReceiptTakenBack | e.SettlementMoved) -> int:
    return sum(move.amount_fen for move in event.moves if move.kind == "repair")


AnySettling = a.FeeCharged | a.PeriodCharged | a.FeeReceived | a.FeeEntryReversed | a.FeeReminded


def _settlement(event: AnySettling, cause: Cause, state: FeeAccountState, entry: int) -> tuple[Dispatch, ...]:
    moves = _moves(event, state.entries, 0)
    if not moves:
        return ()
    note = c.NoteSettlement(project_id=state.project_id, source=_source(cause, state, entry), moves=moves)
    return _to_book(state.project_id, note)


def _moves(event: AnySettling, entries: Mapping[int, FeeEntry], cash_fen: int) -> tuple[Move, ...]:
    """Where money went, by kind and item; what pays no charge is paid in advance. Together they are ``cash_fen``."""
    found: dict[tuple[MoneyKind, str], int] = {}
    left_fen = cash_fen
    for one in event.settles:
        place = _place(entries[one.charge])
        found[place] = found.get(place, 0) + one.amount_fen
        left_fen -= one.amount_fen
    if left_fen:
        found["advance", ""] = left_fen
    moves = [Move(kind=kind, item=item, amount_fen=amount_fen) for (kind, item), amount_fen in found.items()]
    return tuple(move for move in moves if move.amount_fen)


def _place(entry: FeeEntry) -> tuple[MoneyKind, str]:
    """A late fee is the company's own, whatever it is asked for on."""
    if not entry.item or entry.kind is None:
        return "late_fee", ""
    return entry.kind, entry.item


def _source(cause: Cause, state: FeeAccountState, entry: int) -> Source:
    place = f"{state.building} {state.unit}".strip()
    return Source(account=cause.stream_id, entry=entry, unit=place[:120])


def _to_book(project: UUID, command: Command) -> tuple[Dispatch, ...]:
    return (Dispatch("fee_book", book_id(project), command),)


REACTIONS = (
    Reaction(name="begin_fee_book", events=(a.FeeAccountOpened,), react=begin_book),
    Reaction(name="note_receipt", events=(a.FeeReceived,), react=note_receipt, with_state=True),
    Reaction(name="note_reversal", events=(a.FeeEntryReversed,), react=note_reversal, with_state=True),
    Reaction(
        name="note_settlement",
        events=(a.FeeCharged, a.PeriodCharged, a.FeeReminded),
        react=note_settlement,
        with_state=True,
        when=lambda event: bool(event.settles),
    ),
    Reaction(
        name="fund_repairs",
        events=(e.ReceiptNoted, e.ReceiptTakenBack, e.SettlementMoved),
        react=fund_repairs,
        with_state=True,
        when=lambda event: _for_repairs(event) != 0,
    ),
)
