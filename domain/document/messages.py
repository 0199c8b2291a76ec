"""What is asked of a document, and what happens to it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from domain.documents import AnyContents
from domain.kernel import Command, Event

Noun = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]
Clause = Annotated[str, msgspec.Meta(min_length=2, max_length=30, pattern=r"^R[0-9]+(\.[0-9]+)*$(?!\n)")]
RuleVersion = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
StreamVersion = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=9999)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
RestsOn = Annotated[tuple[Annotated[int, msgspec.Meta(ge=1, le=100_000)], ...], msgspec.Meta(max_length=5_000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class DrawDocument(Command, frozen=True, kw_only=True):
    """Draw a document up about something that happened to its subject (制作文书).

    The subject is a stream, the cause one of its events. People in the contents are known by id; their names are
    filled in now. ``replaces`` is the document that this one corrects; ``rests_on`` are the numbers of the subject's
    entries that it asks for, which may be taken back later.
    """

    subject_noun: Noun
    subject_id: UUID
    cause_version: StreamVersion
    contents: AnyContents
    clause: Clause
    rule_version: RuleVersion | None = None
    readings: dict[str, str] = msgspec.field(default_factory=dict)
    replaces: UUID | None = None
    rests_on: RestsOn = ()


class IssueDocument(Command, frozen=True, kw_only=True):
    """Issue the document under the number that its register gave (签发文书)."""

    number: Number
    year: Year
    reference: Reference


class VoidDocument(Command, frozen=True, kw_only=True):
    """Declare the document void; its number stays used (作废文书)."""

    reason: Reason


class SupersedeDocument(Command, frozen=True, kw_only=True):
    """Note that another document stands in this one's place (更正文书)."""

    replaced_by: UUID


class DocumentDrawn(Event, frozen=True, kw_only=True, tag="document.drawn"):
    """The document holds what it will always hold; it awaits its number. See `DrawDocument` for the fields."""

    subject_noun: str
    subject_id: UUID
    cause_version: int
    contents: AnyContents
    clause: str
    rule_version: int | None
    readings: dict[str, str]
    replaces: UUID | None
    organisation: str
    issued_on: date
    rests_on: tuple[int, ...] = ()


class DocumentIssued(Event, frozen=True, kw_only=True, tag="document.issued"):
    """The document has its number (文号).

    ``verification`` are 80 random bits in hexadecimal, by which whoever holds the paper can ask whether it is one of
    ours. ``digest`` is the SHA-256 of all that the paper says (`domain.document.state.digest_of`).
    """

    kind: str
    number: int
    year: int
    reference: str
    verification: str
    digest: str
    replaces: UUID | None


class DocumentVoided(Event, frozen=True, kw_only=True, tag="document.voided"):
    """The document no longer counts."""

    reason: str
    voided_on: date
    voided_by: UUID | None


class DocumentSuperseded(Event, frozen=True, kw_only=True, tag="document.superseded"):
    """Another document stands in its place."""

    replaced_by: UUID
