"""Folds what happened into an account."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from domain.fee_account import events as e
from domain.fee_account.parts import AreaTerm, MeterReading, Ownership, Settled, Term
from domain.fee_account.state import Bill, FeeAccountState, FeeEntry
from domain.folding import Evolve, folding

FIRST_MONTH = "2000-01"
"""What is known of a unit when its account is begun holds for every month before."""


def _opened(event: e.FeeAccountOpened) -> FeeAccountState:
    area = event.area_m2
    return FeeAccountState(
        status="open",
        project_id=event.project_id,
        unit=event.unit,
        building=event.building,
        owner=event.owner,
        owners=(Ownership(owner=event.owner, since=None),),
        areas=() if area is None else (AreaTerm(from_month=FIRST_MONTH, area_m2=area),),
    )


def _owner_changed(state: FeeAccountState, event: e.OwnerChanged) -> FeeAccountState:
    since = None if event.since is None else event.since.isoformat()
    return replace(state, owner=event.owner, owners=(*state.owners, Ownership(owner=event.owner, since=since)))


def _area_revised(state: FeeAccountState, event: e.AreaRevised) -> FeeAccountState:
    kept = [term for term in state.areas if term.from_month < event.from_month]
    return replace(state, areas=(*kept, AreaTerm(from_month=event.from_month, area_m2=event.area_m2)))


def _item_set(state: FeeAccountState, event: e.StandingItemSet) -> FeeAccountState:
    term = Term(from_month=event.from_month, basis=event.basis, quantity=event.quantity)
    return _with_term(state, event.item, term)


def _item_ended(state: FeeAccountState, event: e.StandingItemEnded) -> FeeAccountState:
    return _with_term(state, event.item, Term(from_month=event.from_month, basis=None))


def _with_term(state: FeeAccountState, item: str, term: Term) -> FeeAccountState:
    """What was set for that month or a later one gives way."""
    kept = [each for each in state.standing.get(item, ()) if each.from_month < term.from_month]
    return replace(state, standing={**state.standing, item: (*kept, term)})


def _charged(state: FeeAccountState, event: e.FeeCharged) -> FeeAccountState:
    entry = FeeEntry(
        effect_fen=event.amount_fen,
        charge=True,
        rule_version=event.rule_version,
        booked_by=event.charged_by,
        kind=event.kind,
        item=event.item,
        label=event.label,
        first_month=event.first_month,
        last_month=event.last_month,
        due_on=event.due_on,
        once=event.done_on is not None,
    )
    bill = Bill(charges=(event.number,), reminder=event.next_reminder, rule_version=event.rule_version)
    return _booked(state, event, {event.number: entry}, {event.number: bill})


def _period_charged(state: FeeAccountState, event: e.PeriodCharged) -> FeeAccountState:
    entries = {
        line.number: FeeEntry(
            effect_fen=line.amount_fen,
            charge=True,
            rule_version=event.rule_version,
            booked_by=event.charged_by,
            kind=line.kind,
            item=line.item,
            label=line.label,
            first_month=line.first_month,
            last_month=line.last_month,
            due_on=event.due_on,
        )
        for line in event.lines
    }
    bills = {}
    if entries:
        numbers = tuple(entries)
        bill = Bill(
            charges=numbers,
            period_id=event.period_id,
            reminder=event.next_reminder,
            rule_version=event.rule_version,
            level=int(event.form == "QR-7510-02"),
        )
        bills = {numbers[0]: bill}
    later = replace(state, periods={**state.periods, event.period_id: event.serial})
    return _booked(later, event, entries, bills)


def _received(state: FeeAccountState, event: e.FeeReceived) -> FeeAccountState:
    entry = FeeEntry(
        effect_fen=-event.amount_fen,
        charge=False,
        booked_by=event.received_by,
        means=event.means,
        bank_reference=event.bank_reference,
    )
    return _booked(state, event, {event.number: entry})


def _read(state: FeeAccountState, event: e.ReadingRecorded) -> FeeAccountState:
    reading = MeterReading(
        month=event.month, value=event.value, used=event.used, meter=event.meter, began=event.previous is None
    )
    known = state.readings.get(event.item, ())
    kept = [each for each in known if (each.meter, each.month) != (event.meter, event.month)]
    return replace(state, readings={**state.readings, event.item: (*kept, reading)})


def _reversed(state: FeeAccountState, event: e.FeeEntryReversed) -> FeeAccountState:
    # the reversal stands in the account beside what it takes back, and like it counts for nothing
    entry = FeeEntry(effect_fen=event.effect_fen, charge=False, reversed=True, booked_by=event.reversed_by)
    taken_back = replace(
        state.entries[event.reverses], reversed=True, taken_back_for=event.cause, row_freed=event.frees_row
    )
    return _booked(state, event, {event.reverses: taken_back, event.number: entry})


def _reminded(state: FeeAccountState, event: e.FeeReminded) -> FeeAccountState:
    bill, entries = state.bills[event.charge], {}
    if event.late_fee_number is not None:
        leading = state.entries[event.charge]
        entries[event.late_fee_number] = FeeEntry(
            effect_fen=event.late_fee_fen,
            charge=True,
            rule_version=event.rule_version,
            booked_by=leading.booked_by,
            kind=leading.kind,
            due_on=event.due_on,
        )
        bill = replace(bill, charges=(*bill.charges, event.late_fee_number))
    told = replace(bill, reminder=event.next_reminder, level=event.level, how=event.how)
    return _booked(state, event, entries, {event.charge: told})


def _booked(
    state: FeeAccountState, event: Any, entries: Mapping[int, FeeEntry], bills: Mapping[int, Bill] | None = None
) -> FeeAccountState:
    found = {**state.entries, **entries}
    _settle(found, event.settles)
    return replace(state, balance_fen=event.balance_after_fen, entries=found, bills={**state.bills, **(bills or {})})


def _settle(entries: dict[int, FeeEntry], settles: Iterable[Settled]) -> None:
    for one in settles:
        entry = entries[one.charge]
        entries[one.charge] = replace(entry, paid_fen=entry.paid_fen + one.amount_fen)


evolve: Evolve[FeeAccountState] = folding(
    "a fee account",
    begins={e.FeeAccountOpened: _opened},
    steps={
        e.OwnerChanged: _owner_changed,
        e.AreaRevised: _area_revised,
        e.StandingItemSet: _item_set,
        e.StandingItemEnded: _item_ended,
        e.FeeCharged: _charged,
        e.PeriodCharged: _period_charged,
        e.FeeReceived: _received,
        e.ReadingRecorded: _read,
        e.FeeEntryReversed: _reversed,
        e.FeeReminded: _reminded,
    },
)
