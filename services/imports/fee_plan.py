"""Decides an import of readings or bank rows in memory, account by account; what is decided is what is appended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.fee_account import FEE_ACCOUNT, FeeAccountState
from domain.fee_account.commands import BookBankPayment, RecordReading
from domain.fee_account.events import ReadingRecorded
from domain.fee_account.parts import Replacement
from domain.fee_account.state import bank_row_id
from domain.kernel import Command, Context, Event, Refusal, Text
from domain.money import MAX_AMOUNT_FEN
from services.imports.columns import Layout
from services.imports.fee_columns import BankRow, ReadingRow
from services.imports.fee_matching import DISOWNED, Matches, Unmatched
from services.imports.report import RowError
from services.imports.rows import ReadRow, Sheet
from services.runtime.deciding import at_turn


class Booking(msgspec.Struct, frozen=True):
    """What an account is asked first by the file, and every event that its rows cause there."""

    command: Command
    events: tuple[Event, ...]


class FeePlan(msgspec.Struct):
    """What is booked where, and what is to be said of rows."""

    bookings: dict[UUID, Booking] = msgspec.field(default_factory=dict)
    new: int = 0
    skipped: int = 0
    errors: list[RowError] = msgspec.field(default_factory=list)
    warnings: list[RowError] = msgspec.field(default_factory=list)
    unmatched: list[RowError] = msgspec.field(default_factory=list)


def plan_of(layout: Layout, sheet: Sheet, matches: Matches, held: Mapping[UUID, UUID], context: Context) -> FeePlan:
    """Decide each row on what those before it caused. ``held`` says which account holds which row of the bank."""
    plan = FeePlan(errors=list(sheet.errors))
    states: dict[UUID, Any] = {account: known.state for account, known in matches.states.items()}
    seen: dict[tuple[Any, ...], ReadRow] = {}
    for row in sheet.rows:
        if isinstance(row.command, BankRow) and _is_known(plan, layout, sheet, row, row.command, held, states):
            continue
        account = matches.of(row.command)  # type: ignore[arg-type]
        if isinstance(account, Unmatched):
            _unmatched(plan, layout, sheet, row, account)
            continue
        if isinstance(row.command, BankRow) and states[account].disowned(row.command.bank_reference):
            _unmatched(plan, layout, sheet, row, DISOWNED)
            continue
        first = seen.setdefault(_place(account, row), row)
        if first is not row:
            _repeated(plan, layout, sheet, row, first)
            continue
        _decide(plan, layout, sheet, row, account, states, context)
    plan.errors.sort(key=lambda error: error.row or 0)
    return plan


def _decide(  # noqa: PLR0913, PLR0917 - a row and all that it is decided on
    plan: FeePlan, layout: Layout, sheet: Sheet, row: ReadRow, account: UUID, states: dict[UUID, Any], context: Context
) -> None:
    command = _command(row.command)
    here = at_turn(replace(context, stream_id=account), row.number)
    try:
        events = FEE_ACCOUNT.decide(states[account], command, here)
    except Refusal as refusal:
        field = {"replaced": "old_last"}.get(refusal.field or "", refusal.field)
        plan.errors.append(
            sheet.error(
                row, layout, field, code=refusal.code, zh=refusal.text.zh, en=refusal.text.en, clause=refusal.clause
            )
        )
        return
    if not events:
        plan.skipped += 1
        return
    states[account] = FEE_ACCOUNT.fold(states[account], events)
    before = plan.bookings.get(account)
    plan.bookings[account] = (
        Booking(command, events) if before is None else replace(before, events=before.events + events)
    )
    plan.new += 1
    plan.warnings += [
        _doubt(layout, sheet, row, one) for one in events if isinstance(one, ReadingRecorded) and one.doubtful
    ]


def _command(row: Command) -> Command:
    if isinstance(row, BankRow):
        return BookBankPayment(
            amount_fen=row.amount_fen, bank_reference=row.bank_reference, paid_on=row.paid_on, payer=row.payer[:120]
        )
    assert isinstance(row, ReadingRow)
    replaced = None
    if row.old_last is not None and row.new_first is not None:
        replaced = Replacement(old_last=row.old_last, new_first=row.new_first)
    return RecordReading(item=row.item, month=row.month, value=row.value, meter=row.meter, replaced=replaced)


def _is_known(  # noqa: PLR0913, PLR0917 - a row and all that may be known of it
    plan: FeePlan,
    layout: Layout,
    sheet: Sheet,
    row: ReadRow,
    bank: BankRow,
    held: Mapping[UUID, UUID],
    states: Mapping[UUID, Any],
) -> bool:
    """Whether a row of the bank is not to be booked: it went out, or has been booked, whoever's it is."""
    if not 0 < bank.amount_fen <= MAX_AMOUNT_FEN:
        text = Text("不是收款，未入账", "This is no money that came in; it is not booked.")
        plan.unmatched.append(sheet.error(row, layout, "amount_fen", code="not_incoming", zh=text.zh, en=text.en))
        return True
    holder = held.get(bank_row_id(bank.bank_reference))
    if holder is None:
        return False
    state = states.get(holder)
    booked = () if not isinstance(state, FeeAccountState) else state.entries.values()
    amounts = [-entry.effect_fen for entry in booked if entry.holds(bank.bank_reference)]
    if amounts and amounts[0] != bank.amount_fen:
        text = Text("该流水已入账，但金额不同", "This row was booked with another amount.")
        plan.errors.append(sheet.error(row, layout, "amount_fen", code="reference_taken", zh=text.zh, en=text.en))
    else:
        plan.skipped += 1
    return True


def _place(account: UUID, row: ReadRow) -> tuple[Any, ...]:
    """What no two rows of a file may both be about."""
    said = row.command
    if isinstance(said, ReadingRow):
        return account, said.item, said.meter, said.month
    return account, row.reference


def _repeated(plan: FeePlan, layout: Layout, sheet: Sheet, row: ReadRow, first: ReadRow) -> None:
    if isinstance(row.command, ReadingRow) and isinstance(first.command, ReadingRow):
        mine, theirs = (replace(one, row_ref=None, building="") for one in (row.command, first.command))
        if mine == theirs:
            plan.skipped += 1
            return
    zh, en = f"与第 {first.number} 行重复", f"Row {first.number} says another thing of the same meter and month."
    plan.errors.append(sheet.error(row, layout, "value", code="row_repeated", zh=zh, en=en))


def _unmatched(plan: FeePlan, layout: Layout, sheet: Sheet, row: ReadRow, why: Unmatched) -> None:
    told = sheet.error(row, layout, why.field, code=why.code, zh=why.text.zh, en=why.text.en)
    # a statement holds strangers' payments, too; of a reading nobody else is the owner
    (plan.unmatched if isinstance(row.command, BankRow) else plan.errors).append(told)


def _doubt(layout: Layout, sheet: Sheet, row: ReadRow, event: ReadingRecorded) -> RowError:
    zh = f"用量 {event.used} 明显高于上期，请复核"
    return sheet.error(
        row, layout, "value", code="doubtful_use", zh=zh, en=f"A use of {event.used} is far above the one before."
    )
