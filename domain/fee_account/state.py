"""Where the account of a unit stands: its entries, what is unpaid of each charge, the reminder that comes next."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.fee_account import messages as m
from domain.kernel import Deadline, Event, State


class FeeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A charge (``effect_fen`` above zero), a payment or a reversal; late fees are added to their charge."""

    effect_fen: int
    charge: bool
    reversed: bool = False
    rule_version: int | None = None
    booked_by: UUID
    reminder: m.NextReminder | None = None
    item: str = ""
    first_month: str = ""
    last_month: str = ""


class FeeAccountState(State, frozen=True, kw_only=True):
    """One account (收费账户) of a unit. ``balance_fen`` above zero is owed, below zero the owner's credit."""

    project_id: UUID
    unit: str
    owner: str
    balance_fen: int = 0
    entries: dict[int, FeeEntry] = msgspec.field(default_factory=dict)

    def unpaid(self) -> dict[int, int]:
        """What is unpaid of each charge: payments pay what was charged first."""
        paid_fen = -sum(one.effect_fen for one in self.entries.values() if not one.charge and not one.reversed)
        found = {}
        for number, entry in self.entries.items():
            if entry.charge and not entry.reversed:
                covered_fen = min(paid_fen, entry.effect_fen)
                paid_fen -= covered_fen
                if covered_fen < entry.effect_fen:
                    found[number] = entry.effect_fen - covered_fen
        return found


def deadlines(state: FeeAccountState) -> tuple[Deadline, ...]:
    """The next reminder of each charge that is not paid."""
    return tuple(
        Deadline(
            f"reminder:{number}:{following.level}",
            following.due_at,
            m.LapsePayment(charge=number, level=following.level),
        )
        for number in state.unpaid()
        for following in [state.entries[number].reminder]
        if following is not None
    )


def evolve(state: FeeAccountState | None, event: Event) -> FeeAccountState:
    """Fold one event into the account."""
    if isinstance(event, m.FeeAccountOpened):
        return FeeAccountState(status="open", project_id=event.project_id, unit=event.unit, owner=event.owner)
    if state is None:
        raise TypeError(f"a fee account does not begin with {type(event).__name__}")
    step = _STEPS.get(type(event))
    if step is None:
        raise TypeError(f"a fee account knows no {type(event).__name__}")
    return step(state, event)


def _charged(state: FeeAccountState, event: m.FeeCharged) -> FeeAccountState:
    entry = FeeEntry(
        effect_fen=event.amount_fen,
        charge=True,
        rule_version=event.rule_version,
        booked_by=event.charged_by,
        reminder=event.next_reminder,
        item=event.item,
        first_month=event.first_month,
        last_month=event.last_month,
    )
    return _with(state, event, event.number, entry)


def _received(state: FeeAccountState, event: m.FeeReceived) -> FeeAccountState:
    entry = FeeEntry(effect_fen=-event.amount_fen, charge=False, booked_by=event.received_by)
    return _with(state, event, event.number, entry)


def _reversed(state: FeeAccountState, event: m.FeeEntryReversed) -> FeeAccountState:
    taken_back = _with(state, event, event.reverses, replace(state.entries[event.reverses], reversed=True))
    # the reversal stands in the account beside what it takes back, and like it counts for nothing
    entry = FeeEntry(effect_fen=event.effect_fen, charge=False, reversed=True, booked_by=event.reversed_by)
    return _with(taken_back, event, event.number, entry)


def _reminded(state: FeeAccountState, event: m.FeeReminded) -> FeeAccountState:
    entry = state.entries[event.charge]
    later = replace(entry, effect_fen=entry.effect_fen + event.late_fee_fen, reminder=event.next_reminder)
    return _with(state, event, event.charge, later)


def _with(state: FeeAccountState, event: Any, number: int, entry: FeeEntry) -> FeeAccountState:
    return replace(state, balance_fen=event.balance_after_fen, entries={**state.entries, number: entry})


_STEPS: Mapping[type[Event], Callable[[FeeAccountState, Any], FeeAccountState]] = {
    m.OwnerChanged: lambda s, event: replace(s, owner=event.owner),
    m.FeeCharged: _charged,
    m.FeeReceived: _received,
    m.FeeEntryReversed: _reversed,
    m.FeeReminded: _reminded,
}
