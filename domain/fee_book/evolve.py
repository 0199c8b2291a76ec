"""Folds the events of a fee book."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.fee_book import events as e
from domain.fee_book.holding import Holding, OpenReceipt
from domain.fee_book.parts import Move
from domain.fee_book.state import Agency, FeeBookState, Handover, MonthTotals, Spent, added
from domain.folding import Evolve, folding
from domain.periods import month_of


def _opened(event: e.BookOpened) -> FeeBookState:
    return FeeBookState(
        status="open",
        project_id=event.project_id,
        opened_month=month_of(event.opened_on),
        owed=event.owed,
    )


def _named(state: FeeBookState, event: e.BookNamed) -> FeeBookState:
    return replace(state, name=event.name)


def _receipt(state: FeeBookState, event: e.ReceiptNoted) -> FeeBookState:
    noted = _moved(state, event.number, event.booked_on, event.moves)
    if event.banked:
        return noted
    receipt = OpenReceipt(
        source=event.source,
        means=event.means,
        amount_fen=event.amount_fen,
        received_on=event.received_on,
        hand_over_by=event.hand_over_by,
    )
    return _joined(noted, event.collector, event.number, receipt)


def _taken_back(state: FeeBookState, event: e.ReceiptTakenBack) -> FeeBookState:
    noted = _moved(state, event.number, event.booked_on, event.moves)
    if event.banked:
        return noted
    if not event.handed_over:
        for collector, receipts in noted.held_of(event.source).items():
            noted = _held(noted, collector, dict.fromkeys(receipts))
        return noted
    against = OpenReceipt(
        source=event.source,
        means=event.means,
        amount_fen=-event.amount_fen,
        received_on=event.booked_on,
        hand_over_by=None,
    )
    return _joined(noted, event.collector, event.number, against)


def _joined(state: FeeBookState, collector: UUID, number: int, receipt: OpenReceipt) -> FeeBookState:
    holding = state.held.get(collector, Holding()).joined(number, receipt)
    return replace(state, held={**state.held, collector: holding})


def _held(state: FeeBookState, collector: UUID, changes: Mapping[int, OpenReceipt | None]) -> FeeBookState:
    """Other receipts in the hands of a collector; whoever holds none is not kept."""
    holding = state.held[collector].changed(changes)
    held = {**state.held, collector: holding}
    return replace(state, held={each: known for each, known in held.items() if known.blocks})


def _settlement(state: FeeBookState, event: e.SettlementMoved) -> FeeBookState:
    return _moved(state, event.number, event.booked_on, event.moves)


def _moved(state: FeeBookState, number: int, booked_on: date, moves: tuple[Move, ...]) -> FeeBookState:
    """Add moves to their month, and those of agency items to what their suppliers are owed."""
    name = month_of(booked_on)
    month = state.months.get(name, MonthTotals())
    agency = state.agency
    for move in moves:
        if move.kind == "agency":
            month = replace(month, collected_fen=added(month.collected_fen, move.item, move.amount_fen))
            known = agency.get(move.item, Agency())
            agency = {**agency, move.item: replace(known, collected_fen=known.collected_fen + move.amount_fen)}
        elif move.kind == "repair":
            month = replace(month, repair_fen=month.repair_fen + move.amount_fen)
        elif move.kind == "advance":
            month = replace(month, advance_fen=month.advance_fen + move.amount_fen)
        else:
            month = replace(month, income_fen=added(month.income_fen, move.kind, move.amount_fen))
    month = replace(month, entries=month.entries + 1)
    return replace(state, last_entry=number, months={**state.months, name: month}, agency=agency)


def _handed_over(state: FeeBookState, event: e.HandedOver) -> FeeBookState:
    handover = Handover(
        collector=event.collector,
        entries=event.entries,
        due=event.due,
        counted=event.counted,
        note=event.note,
        handed_over_on=event.handed_over_on,
    )
    return replace(
        _held(state, event.collector, dict.fromkeys(event.entries)),
        last_handover=event.handover,
        handovers={**state.handovers, event.handover: handover},
    )


def _difference(state: FeeBookState, event: e.DifferenceRecorded) -> FeeBookState:
    handover = replace(
        state.handovers[event.handover], status="difference", difference=event.difference, reason=event.reason
    )
    return replace(state, handovers={**state.handovers, event.handover: handover})


def _closed(state: FeeBookState, event: e.HandoverConfirmed | e.DifferenceSettled) -> FeeBookState:
    return replace(
        state, handovers={number: each for number, each in state.handovers.items() if number != event.handover}
    )


def _overdue(state: FeeBookState, event: e.HandoverOverdue) -> FeeBookState:
    held = state.held_by(event.collector)
    late = {number: replace(held[number], level=event.level, hand_over_by=event.next_at) for number in event.entries}
    return _held(state, event.collector, late)


def _supplier(state: FeeBookState, event: e.SupplierAppointed) -> FeeBookState:
    known = state.agency.get(event.item, Agency())
    return replace(state, agency={**state.agency, event.item: replace(known, supplier=event.supplier)})


def _passed_on(state: FeeBookState, event: e.PassedOn) -> FeeBookState:
    spent = Spent(what="pass_on", code=event.item, amount_fen=event.amount_fen, booked_by=event.booked_by)
    return replace(_spent(state, event, spent), spendings={**state.spendings, event.number: spent})


def _expenditure(state: FeeBookState, event: e.ExpenditureRecorded) -> FeeBookState:
    spent = Spent(what="expenditure", code=event.category, amount_fen=event.amount_fen, booked_by=event.booked_by)
    return replace(_spent(state, event, spent), spendings={**state.spendings, event.number: spent})


def _reversed(state: FeeBookState, event: e.BookEntryReversed) -> FeeBookState:
    old = state.spendings[event.reverses]
    booked = _spent(state, event, replace(old, amount_fen=-old.amount_fen))
    return replace(booked, spendings={**booked.spendings, event.reverses: replace(old, reversed=True)})


def _spent(state: FeeBookState, event: Any, spent: Spent) -> FeeBookState:
    """Add what went out, or came back, to its month."""
    name = month_of(event.booked_on)
    month = state.months.get(name, MonthTotals())
    agency = state.agency
    if spent.what == "pass_on":
        known = agency[spent.code]
        agency = {**agency, spent.code: replace(known, passed_on_fen=known.passed_on_fen + spent.amount_fen)}
        month = replace(month, passed_on_fen=added(month.passed_on_fen, spent.code, spent.amount_fen))
    else:
        month = replace(month, spent_fen=added(month.spent_fen, spent.code, spent.amount_fen))
    month = replace(month, entries=month.entries + 1)
    return replace(state, last_entry=event.number, months={**state.months, name: month}, agency=agency)


def _published(state: FeeBookState, event: e.AccountsPublished) -> FeeBookState:
    closing = {line.item: line.closing_fen for line in event.agency}
    return replace(
        state,
        months={month: totals for month, totals in state.months.items() if month > event.last_month},
        agency={item: replace(each, opening_fen=closing[item]) for item, each in state.agency.items()},
        advance_opening_fen=event.advance_closing_fen,
        owed=event.next_owed,
        published_until=event.last_month,
    )


def _late(state: FeeBookState, event: e.PublicationOverdue) -> FeeBookState:
    assert state.owed is not None
    return replace(state, owed=replace(state.owed, level=event.level, due_at=event.next_at))


evolve: Evolve[FeeBookState] = folding(
    "a fee book",
    begins={e.BookOpened: _opened},
    steps={
        e.BookNamed: _named,
        e.ReceiptNoted: _receipt,
        e.ReceiptTakenBack: _taken_back,
        e.SettlementMoved: _settlement,
        e.HandedOver: _handed_over,
        e.HandoverConfirmed: _closed,
        e.DifferenceRecorded: _difference,
        e.DifferenceSettled: _closed,
        e.HandoverOverdue: _overdue,
        e.SupplierAppointed: _supplier,
        e.PassedOn: _passed_on,
        e.ExpenditureRecorded: _expenditure,
        e.BookEntryReversed: _reversed,
        e.AccountsPublished: _published,
        e.PublicationOverdue: _late,
    },
)
