"""Where a subject's ledger stands: its entries, what they add up to, and which act drew two clauses."""

from datetime import date
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict, replace

from domain.folding import Evolve, folding
from domain.kernel import Event, State
from domain.penalty_ledger import events as e
from domain.penalty_ledger.commands import CauseRef, EntryKind, Overlap, SubjectKind

EntryStatus = Literal["issued", "contested", "upheld", "waived", "reversed", "settled"]
STANDING: frozenset[str] = frozenset({"issued", "contested", "upheld", "settled"})
"""The statuses of entries that count against the subject, unless displaced."""


class PenaltyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry (台账条目) as it stands. ``displaced_by`` names the heavier fine in whose favour it rests."""

    entry_key: str
    kind: EntryKind
    amount_fen: int
    form: str | None
    effect: str | None
    period: str | None
    clause: str
    rule_version: int
    reading: str | None
    overlap: Overlap | None
    causes: tuple[CauseRef, ...]
    act: str
    joint_role: str | None
    principal_key: str | None
    issued_on: date
    status: EntryStatus = "issued"
    contests: int = 0
    displaced_by: str | None = None
    displaced_fen: int = 0
    waived_fen: int = 0
    reversed_fen: int = 0
    settled_fen: int = 0

    @property
    def owed_fen(self) -> int:
        """What is still to pay; negative where a payment is to go back."""
        return self.amount_fen - self.displaced_fen - self.waived_fen - self.reversed_fen - self.settled_fen

    @property
    def stands(self) -> bool:
        """Whether it counts against the subject."""
        return self.status in STANDING and self.displaced_by is None


class LedgerTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger's fines add up to: owed = issued - displaced - waived - reversed - settled."""

    issued_fen: int
    displaced_fen: int
    waived_fen: int
    reversed_fen: int
    settled_fen: int
    owed_fen: int


class DoubleDraw(msgspec.Struct, frozen=True, kw_only=True):
    """One act that drew more than one clause, and the entries it led to."""

    act: str
    clauses: tuple[str, ...]
    entry_keys: tuple[str, ...]


class PenaltyLedgerState(State, frozen=True, kw_only=True):
    """The ledger of one person or unit (处罚台账): ``owing`` while money is to move, ``clear`` otherwise."""

    subject_kind: SubjectKind
    subject: str
    entries: dict[str, PenaltyEntry] = msgspec.field(default_factory=dict)
    references: tuple[str, ...] = ()


def totals(state: PenaltyLedgerState) -> LedgerTotals:
    """What the fines of a ledger add up to."""
    entries = state.entries.values()
    return LedgerTotals(
        issued_fen=sum(entry.amount_fen for entry in entries),
        displaced_fen=sum(entry.displaced_fen for entry in entries),
        waived_fen=sum(entry.waived_fen for entry in entries),
        reversed_fen=sum(entry.reversed_fen for entry in entries),
        settled_fen=sum(entry.settled_fen for entry in entries),
        owed_fen=sum(entry.owed_fen for entry in entries),
    )


def double_draws(state: PenaltyLedgerState) -> tuple[DoubleDraw, ...]:
    """Each act that drew several clauses, reversed entries left out, whichever reading they were booked by."""
    by_act: dict[str, list[PenaltyEntry]] = {}
    for entry in state.entries.values():
        if entry.status != "reversed":
            by_act.setdefault(entry.act, []).append(entry)
    return tuple(
        DoubleDraw(
            act=act,
            clauses=tuple(sorted({entry.clause for entry in entries})),
            entry_keys=tuple(entry.entry_key for entry in entries),
        )
        for act, entries in by_act.items()
        if len({entry.clause for entry in entries}) > 1
    )


def _began(event: e.LedgerOpened) -> PenaltyLedgerState:
    return PenaltyLedgerState(status="clear", subject_kind=event.subject_kind, subject=event.subject)


def _entry(state: PenaltyLedgerState, key: str, **changes: Any) -> PenaltyLedgerState:
    return replace(state, entries={**state.entries, key: replace(state.entries[key], **changes)})


def _issued(state: PenaltyLedgerState, event: e.EntryIssued) -> PenaltyLedgerState:
    return replace(state, entries={**state.entries, event.entry_key: PenaltyEntry(**asdict(event))})


def _displaced(state: PenaltyLedgerState, event: e.EntryDisplaced) -> PenaltyLedgerState:
    return _entry(state, event.entry_key, displaced_by=event.by_key, displaced_fen=event.amount_fen)


def _reinstated(state: PenaltyLedgerState, event: e.EntryReinstated) -> PenaltyLedgerState:
    back = _entry(state, event.entry_key, displaced_by=None, displaced_fen=0)
    entry = back.entries[event.entry_key]
    paid_back = entry.status == "settled" and entry.owed_fen > 0
    return _entry(back, event.entry_key, status="issued") if paid_back else back


def _reversed(state: PenaltyLedgerState, event: e.EntryReversed) -> PenaltyLedgerState:
    return _entry(
        state, event.entry_key, status="reversed", reversed_fen=event.amount_fen, displaced_by=None, displaced_fen=0
    )


def _contested(state: PenaltyLedgerState, event: e.EntryContested) -> PenaltyLedgerState:
    contests = state.entries[event.entry_key].contests + 1
    return _entry(state, event.entry_key, status="contested", contests=contests)


def _decided(state: PenaltyLedgerState, event: e.ContestDecided) -> PenaltyLedgerState:
    return _entry(state, event.entry_key, status="upheld") if event.upheld else state


def _waived(state: PenaltyLedgerState, event: e.EntryWaived) -> PenaltyLedgerState:
    return _entry(state, event.entry_key, status="waived", waived_fen=event.amount_fen)


def _settled(state: PenaltyLedgerState, event: e.EntrySettled) -> PenaltyLedgerState:
    entry = state.entries[event.entry_key]
    status = "reversed" if entry.status == "reversed" else "settled"
    settled = _entry(state, event.entry_key, status=status, settled_fen=entry.settled_fen + event.amount_fen)
    return replace(settled, references=(*state.references, event.reference))


_folded: Evolve[PenaltyLedgerState] = folding(
    "a penalty ledger",
    begins={e.LedgerOpened: _began},
    steps={
        e.EntryIssued: _issued,
        e.EntryDisplaced: _displaced,
        e.EntryReinstated: _reinstated,
        e.EntryReversed: _reversed,
        e.EntryContested: _contested,
        e.ContestDecided: _decided,
        e.EntryWaived: _waived,
        e.EntrySettled: _settled,
    },
)


def evolve(state: PenaltyLedgerState | None, event: Event) -> PenaltyLedgerState:
    """Fold one event; a ledger owes as long as one of its entries does."""
    after = _folded(state, event)
    owing = any(entry.owed_fen for entry in after.entries.values())
    return replace(after, status="owing" if owing else "clear")
