"""Where a contract deposit stands: its entries, what they add up to, what is owed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from domain.contract_deposit.commands import Band, LapseTopUp
from domain.kernel import Deadline, State

EntryKind = Literal[
    "received",
    "penalty",
    "penalty_reversed",
    "reward",
    "reward_reversed",
    "shortfall_collected",
    "top_up",
    "refund",
    "forfeiture",
    "forfeiture_reversed",
    "release",
]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the account, with all it rests on; see `events.Posting` for its fields."""

    kind: EntryKind
    entry_id: str
    effect_fen: int
    balance_after_fen: int
    payout_fen: int
    uncollected_fen: int
    clause: str | None
    rule_version: int | None
    readings: dict[str, str]
    base_fen: int | None
    percent: Decimal | None
    month: str | None
    assessment_id: UUID | None
    revision: int | None
    source_version: int | None
    reverses: str | None
    collects: str | None
    reference: str | None


class SettledMonth(msgspec.Struct, frozen=True, kw_only=True):
    """What of a month is in the account: the revision taken over, and the entries that stand for it."""

    month: str
    revision: int
    band: Band
    standing: tuple[str, ...] = ()


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """A top-up still owed (待补足款)."""

    demand_id: str
    month: str
    remaining_fen: int
    due_on: date
    due_at: datetime
    rule_version: int
    overdue: bool = False


class ContractDepositState(State, frozen=True, kw_only=True):
    """One deposit (履约保证金). ``entries`` are in the order of their booking."""

    project_id: UUID
    contractor: str
    agreed_fen: int
    contract_from: date
    contract_to: date
    balance_fen: int = 0
    received_fen: int = 0
    """Paid towards the agreed amount, top-ups not included."""
    credited_fen: int = 0
    """Rewards that stand in the balance."""
    uncollected_fen: int = 0
    entries: tuple[Entry, ...] = ()
    months: dict[str, SettledMonth] = msgspec.field(default_factory=dict)
    demands: tuple[Demand, ...] = ()
    """Oldest first; only those with something left to pay."""
    forfeitures: tuple[str, ...] = ()
    """Entries that a restoration would reverse."""
    shortfalls: tuple[str, ...] = ()
    """Entries booked while forfeited that could not be collected."""
    references: tuple[str, ...] = ()

    @property
    def forfeited_fen(self) -> int:
        """What a restoration would bring back."""
        return -sum(self.entry(entry_id).effect_fen for entry_id in self.forfeitures)

    @property
    def demanded_fen(self) -> int:
        """What the contractor still owes in top-ups."""
        return sum(demand.remaining_fen for demand in self.demands)

    @property
    def shortage_fen(self) -> int:
        """What penalties took of the payments received and nobody replaced."""
        return max(0, self.received_fen - self.balance_fen)

    @property
    def refundable_fen(self) -> int:
        """What the account holds beyond the agreed amount and the rewards credited to it."""
        return max(0, self.balance_fen - self.agreed_fen - self.credited_fen)

    def entry(self, entry_id: str) -> Entry:
        """The entry of an id; `KeyError` when there is none."""
        for entry in self.entries:
            if entry.entry_id == entry_id:
                return entry
        raise KeyError(entry_id)


def deadlines(state: ContractDepositState) -> tuple[Deadline, ...]:
    """Top-ups owed while the account runs."""
    if state.status not in {"awaiting", "held"}:
        return ()
    return tuple(
        Deadline(f"top_up.{demand.demand_id}", demand.due_at, LapseTopUp(demand_id=demand.demand_id))
        for demand in state.demands
        if not demand.overdue
    )
