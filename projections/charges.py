"""Folds the accounts of units: every entry, each charge with what is and was unpaid, and what periods brought in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.fee_account import events as e
from domain.kernel import Event
from projections.fee_charge_rows import (
    CHARGES,
    COLLECTION,
    ENTRIES,
    NO_MONTH,
    UNITS,
    UNPAID,
    ChargeRow,
    ChargeWork,
    CollectionRow,
    EntryRow,
    UnitRow,
    UnpaidRow,
)
from projections.kernel import Connection, Folded, Projection

Work = ChargeWork


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = ChargeWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _opened(work: Work, folded: Folded, event: e.FeeAccountOpened) -> None:
    work.units.put(UnitRow(folded.stream_id, event.project_id, event.building, event.unit))


def _charged(work: Work, folded: Folded, event: e.FeeCharged) -> None:
    _charge(
        work,
        folded,
        event.number,
        balance_after_fen=event.balance_after_fen,
        amount_fen=event.amount_fen,
        kind=event.kind,
        item=event.item,
        months=(event.first_month, event.last_month),
        due_on=event.due_on,
        reference=event.reference,
    )
    _settle(work, folded, event)


def _period_charged(work: Work, folded: Folded, event: e.PeriodCharged) -> None:
    balance_fen = event.balance_after_fen - event.amount_fen
    for line in event.lines:
        balance_fen += line.amount_fen
        _charge(
            work,
            folded,
            line.number,
            balance_after_fen=balance_fen,
            amount_fen=line.amount_fen,
            kind=line.kind,
            item=line.item,
            months=(line.first_month, line.last_month),
            due_on=event.due_on,
        )
    _settle(work, folded, event)


def _reminded(work: Work, folded: Folded, event: e.FeeReminded) -> None:
    if event.late_fee_number is not None:
        _charge(
            work,
            folded,
            event.late_fee_number,
            balance_after_fen=event.balance_after_fen,
            amount_fen=event.late_fee_fen,
            kind="late_fee",
            item="",
            months=(NO_MONTH, NO_MONTH),
            due_on=event.due_on or folded.recorded_at.date(),
        )
    _settle(work, folded, event)


def _charge(  # noqa: PLR0913 - what a charge says
    work: Work,
    folded: Folded,
    number: int,
    *,
    balance_after_fen: int,
    amount_fen: int,
    kind: str,
    item: str,
    months: tuple[str, str],
    due_on: date,
    reference: str = "",
) -> None:
    unit = work.units.change(folded.stream_id)
    unit.balance_fen = balance_after_fen
    charge = ChargeRow(
        account_id=folded.stream_id,
        number=number,
        project_id=unit.project_id,
        building=unit.building,
        kind=kind,
        item=item,
        first_month=months[0],
        last_month=months[1],
        due_on=due_on,
        amount_fen=amount_fen,
        unpaid_fen=amount_fen,
        unpaid_since=folded.recorded_at,
    )
    work.charges.put(charge)
    _collected(work, charge).charged_fen += amount_fen
    entry = EntryRow(
        account_id=folded.stream_id,
        number=number,
        position=folded.position,
        booked_at=folded.recorded_at,
        what="late_fee" if kind == "late_fee" else "charge",
        kind=kind,
        item=item,
        first_month=months[0] or None,
        last_month=months[1] or None,
        effect_fen=amount_fen,
        balance_after_fen=balance_after_fen,
        reference=reference,
        due_on=due_on,
    )
    work.entries.put(entry)


def _received(work: Work, folded: Folded, event: e.FeeReceived) -> None:
    entry = EntryRow(
        account_id=folded.stream_id,
        number=event.number,
        position=folded.position,
        booked_at=folded.recorded_at,
        what="payment",
        effect_fen=-event.amount_fen,
        balance_after_fen=event.balance_after_fen,
        means=event.means,
        reference=event.reference,
        paid_on=event.received_on,
    )
    work.entries.put(entry)
    _settle(work, folded, event)


def _reversed(work: Work, folded: Folded, event: e.FeeEntryReversed) -> None:
    charge = work.charges.find(folded.stream_id, event.reverses)
    if charge is not None:
        charge = work.charges.change(folded.stream_id, event.reverses)
        charge.reversed = True
        _collected(work, charge).charged_fen -= charge.amount_fen
        _unpaid(work, folded, charge)
    entry = EntryRow(
        account_id=folded.stream_id,
        number=event.number,
        position=folded.position,
        booked_at=folded.recorded_at,
        what="reversal",
        effect_fen=event.effect_fen,
        balance_after_fen=event.balance_after_fen,
        reference=event.reason,
        reverses=event.reverses,
    )
    work.entries.put(entry)
    _settle(work, folded, event)


def _settle(work: Work, folded: Folded, event: Any) -> None:
    """Take over what is paid of each charge now."""
    work.units.change(folded.stream_id).balance_fen = event.balance_after_fen
    for one in event.settles:
        charge = work.charges.change(folded.stream_id, one.charge)
        charge.paid_fen += one.amount_fen
        _collected(work, charge).paid_fen += one.amount_fen
        _unpaid(work, folded, charge)


def _unpaid(work: Work, folded: Folded, charge: ChargeRow) -> None:
    """Another amount is unpaid from this moment on; what was unpaid until now is kept for questions about then."""
    unpaid_fen = 0 if charge.reversed else charge.amount_fen - charge.paid_fen
    if unpaid_fen == charge.unpaid_fen:
        return
    if charge.unpaid_fen and folded.recorded_at > charge.unpaid_since:
        work.unpaid.put(
            UnpaidRow(
                charge.account_id,
                charge.number,
                charge.unpaid_since,
                folded.recorded_at,
                charge.project_id,
                charge.building,
                charge.kind,
                charge.due_on,
                charge.unpaid_fen,
            )
        )
    charge.unpaid_fen, charge.unpaid_since = unpaid_fen, folded.recorded_at


def _collected(work: Work, charge: ChargeRow) -> CollectionRow:
    if work.collection.find(*charge.place) is None:
        work.collection.put(CollectionRow(*charge.place))
    return work.collection.change(*charge.place)


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    e.FeeAccountOpened: _opened,
    e.FeeCharged: _charged,
    e.PeriodCharged: _period_charged,
    e.FeeReminded: _reminded,
    e.FeeReceived: _received,
    e.FeeEntryReversed: _reversed,
}

FEE_CHARGES = Projection(
    name="fee_charges",
    schema_version=1,
    events=tuple(_STEPS),
    tables=tuple(table.name for table in (UNITS, ENTRIES, CHARGES, UNPAID, COLLECTION)),
    fold=fold,
)
