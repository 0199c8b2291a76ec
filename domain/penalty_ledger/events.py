"""What happened in a penalty ledger. Amounts are fen and never negative, but for a settlement that pays back."""

from datetime import date
from uuid import UUID

from domain.kernel import Event
from domain.penalty_ledger.commands import CauseRef, EntryKind, Overlap, SubjectKind


class LedgerOpened(Event, frozen=True, kw_only=True, tag="penalty_ledger.opened"):
    """The subject has a ledger."""

    subject_kind: SubjectKind
    subject: str


class EntryIssued(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_issued"):
    """An entry with all it rests on; see `IssueEntry` for the fields."""

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


class EntryDisplaced(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_displaced"):
    """A heavier fine for the same act stands in this one's place; ``amount_fen`` is no longer owed."""

    entry_key: str
    by_key: str
    amount_fen: int
    act: str
    readings: dict[str, str]
    rule_version: int
    clause: str


class EntryReinstated(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_reinstated"):
    """The fine that displaced this one is gone, so it is owed again."""

    entry_key: str
    after_key: str
    amount_fen: int


class EntryReversed(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_reversed"):
    """An entry's ground is gone. Of ``amount_fen``, ``refund_fen`` had been paid and goes back."""

    entry_key: str
    amount_fen: int
    refund_fen: int
    reason: str
    causes: tuple[CauseRef, ...]


class EntryContested(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_contested"):
    """The subject objects."""

    entry_key: str
    reason: str
    contested_by: UUID | None
    contested_on: date


class ContestDecided(Event, frozen=True, kw_only=True, tag="penalty_ledger.contest_decided"):
    """An objection was decided; where the entry was not upheld, its reversal follows."""

    entry_key: str
    upheld: bool
    reason: str
    decided_by: UUID
    decided_on: date


class EntryWaived(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_waived"):
    """What was still owed is forgiven."""

    entry_key: str
    amount_fen: int
    reason: str
    waived_by: UUID


class EntrySettled(Event, frozen=True, kw_only=True, tag="penalty_ledger.entry_settled"):
    """An entry was paid or carried out. ``amount_fen`` is negative where a payment goes back to the subject."""

    entry_key: str
    amount_fen: int
    reference: str
    settled_on: date
