"""What is asked of a penalty ledger."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command
from domain.money import MAX_AMOUNT_FEN

SubjectKind = Literal["person", "unit"]
EntryKind = Literal["fine", "sanction", "effect"]
Overlap = Literal["heavier", "both"]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
ClauseId = Annotated[str, msgspec.Meta(min_length=2, max_length=30, pattern=r"^R[0-9]+(\.[0-9]+)*$")]
Period = Annotated[str, msgspec.Meta(min_length=4, max_length=7, pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$")]
ReadingTaken = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
FineFen = Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT_FEN)]


class CauseRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stored event that something rests on: its stream, and its place there."""

    stream_id: UUID
    version: Version


Causes = Annotated[tuple[CauseRef, ...], msgspec.Meta(min_length=1, max_length=20)]


class IssueEntry(Command, frozen=True, kw_only=True):
    """Enter a fine, a sanction or an effect against a subject (记入台账). The same ``entry_key`` again changes nothing.

    ``amount_fen`` is a fine's, ``form`` a sanction's, ``effect`` an effect's. ``period`` is the month or year that is
    affected. ``act`` names what was done, so that two clauses drawn by one act are seen; ``overlap`` is the reading
    of R11.overlap they are booked by. ``joint_role`` says in which role somebody is jointly liable, and
    ``principal_key`` for which entry.
    """

    subject_kind: SubjectKind
    subject: Subject
    entry_key: Key
    kind: EntryKind
    amount_fen: FineFen | None = None
    form: Word | None = None
    effect: Word | None = None
    period: Period | None = None
    clause: ClauseId
    rule_version: Version
    reading: ReadingTaken | None = None
    overlap: Overlap | None = None
    causes: Causes
    act: Key
    joint_role: Word | None = None
    principal_key: Key | None = None


class ReverseEntry(Command, frozen=True, kw_only=True):
    """Take an entry back, its ground being gone (冲回). Again, it changes nothing."""

    entry_key: Key
    reason: Reason
    causes: Causes


class ContestEntry(Command, frozen=True, kw_only=True):
    """Object to a fine (申诉); a person does so for himself."""

    entry_key: Key
    reason: Reason


class DecideContest(Command, frozen=True, kw_only=True):
    """Decide an objection: the entry is ``upheld``, or it is reversed (申诉裁定)."""

    entry_key: Key
    upheld: bool
    reason: Reason


class WaiveEntry(Command, frozen=True, kw_only=True):
    """Forgive what is still owed of a fine (免除)."""

    entry_key: Key
    reason: Reason


class SettleEntry(Command, frozen=True, kw_only=True):
    """Book that an entry was paid or carried out, or that a reversed payment was paid back (结清)."""

    entry_key: Key
    reference: Reference
