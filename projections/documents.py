"""The documents of a tenant: listed in the order of their numbers, and found by the code that stands on the paper."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.document import messages as m
from domain.documents import KINDS, kind_of
from domain.fee_account.events import FeeEntryReversed
from domain.kernel import Event, Text
from projections.asking import Question
from projections.kernel import Connection, Folded, Projection
from projections.labels import DOCUMENT_STATUSES, ClauseRef, clause_ref
from projections.tables import Rows, Table
from projections.taken_back import TakenBack, rests_on, status_of, take_back, taken_back, written


class DocumentRow(msgspec.Struct):
    """A document as it stands."""

    document_id: UUID
    drawn_position: int
    kind: str
    subject_noun: str
    subject_id: UUID
    organisation: str
    clause: str
    rule_version: int | None
    issued_on: date
    replaces: UUID | None
    status: str = "drawn"
    issued_position: int | None = None
    year: int | None = None
    number: int | None = None
    reference: str | None = None
    verification: str | None = None
    digest: str | None = None
    replaced_by: UUID | None = None
    rests_on: str = ""
    gone: str = ""
    taken_back_on: date | None = None


DOCUMENTS_TABLE = Table("documents", DocumentRow, ("document_id",))
_Work = Rows[DocumentRow]


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    rows = Rows(DOCUMENTS_TABLE)
    await rows.load(connection, tenant, build, document_id={folded.stream_id for folded in batch})
    await rows.load(connection, tenant, build, subject_id={each.stream_id for each in batch if _takes_back(each.event)})
    for folded in batch:
        _STEPS[type(folded.event)](rows, folded, folded.event)
    await rows.write(connection, tenant, build)


def _drawn(rows: _Work, folded: Folded, event: m.DocumentDrawn) -> None:
    rows.put(
        DocumentRow(
            document_id=folded.stream_id,
            drawn_position=folded.position,
            kind=kind_of(event.contents).name,
            subject_noun=event.subject_noun,
            subject_id=event.subject_id,
            organisation=event.organisation,
            clause=event.clause,
            rule_version=event.rule_version,
            issued_on=event.issued_on,
            replaces=event.replaces,
            rests_on=written(event.rests_on),
        )
    )


def _issued(rows: _Work, folded: Folded, event: m.DocumentIssued) -> None:
    row = rows.change(folded.stream_id)
    row.status = "issued" if row.status == "drawn" else row.status
    row.issued_position, row.year, row.number = folded.position, event.year, event.number
    row.reference, row.verification, row.digest = event.reference, event.verification, event.digest


def _voided(rows: _Work, folded: Folded, _: m.DocumentVoided) -> None:
    rows.change(folded.stream_id).status = "voided"


def _superseded(rows: _Work, folded: Folded, event: m.DocumentSuperseded) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.replaced_by = "superseded", event.replaced_by


def _entry_reversed(rows: _Work, folded: Folded, event: FeeEntryReversed) -> None:
    """The papers about an account that ask for the entry; of an account these are few."""
    day = event.reversed_on or folded.recorded_at.date()
    asking = [row for row in rows.known() if row.subject_id == folded.stream_id and rests_on(row, event.reverses)]
    for row in asking:
        take_back(rows.change(row.document_id), event.reverses, day)


def _takes_back(event: Event) -> bool:
    return isinstance(event, FeeEntryReversed)


_STEPS: Mapping[type[Event], Callable[[_Work, Folded, Any], None]] = {
    m.DocumentDrawn: _drawn,
    m.DocumentIssued: _issued,
    m.DocumentVoided: _voided,
    m.DocumentSuperseded: _superseded,
    FeeEntryReversed: _entry_reversed,
}

DOCUMENTS = Projection(
    name="documents", schema_version=2, events=tuple(_STEPS), tables=(DOCUMENTS_TABLE.name,), fold=fold
)
PROJECTION = DOCUMENTS.name


class DocumentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A document in a list. ``position`` is where it was issued; lists are in that order.

    ``taken_back`` where what it asks for, or a part of it, is asked for no more; the paper is as genuine as before.
    """

    document_id: UUID
    position: int
    kind: str
    kind_label: Text
    number: int
    year: int
    reference: str
    subject_noun: str
    subject_id: UUID
    organisation: str
    clause: ClauseRef
    rule_version: int | None
    issued_on: date
    status: str
    status_label: Text
    digest: str
    replaces: UUID | None
    replaced_by: UUID | None
    taken_back: TakenBack | None


class DocumentsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; ``kinds`` are those that the reader may see, none where that is all."""

    kinds: tuple[str, ...] | None = None
    kind: str | None = None
    year: int | None = None
    subject: UUID | None = None
    after: int | None = None


def question(tenant: UUID, asked: DocumentsAsked) -> Question:
    """The statement, in the order of issue."""
    return (
        Question("documents", tenant)
        .where("d.kind = {}", asked.kind)
        .where("d.kind = any ({})", None if asked.kinds is None else list(asked.kinds))
        .where("d.year = {}", asked.year)
        .where("d.subject_id = {}", asked.subject)
        .where("d.issued_position > {}", asked.after)
        .then("order by d.issued_position")
    )


def code_question(tenant: UUID, verification: str) -> Question:
    """The statement that finds a document by the random part of its code."""
    return Question("documents", tenant).where("d.verification = {}", verification)


async def documents(connection: Connection, tenant: UUID, asked: DocumentsAsked, limit: int) -> list[DocumentEntry]:
    """The documents asked for that have a number."""
    return [_entry(row) for row in await question(tenant, asked).rows(connection, limit)]


async def by_code(connection: Connection, tenant: UUID, verification: str) -> DocumentEntry | None:
    """The document on whose paper a code stands."""
    rows = await code_question(tenant, verification).rows(connection, 1)
    return _entry(rows[0]) if rows else None


async def by_id(connection: Connection, tenant: UUID, document: UUID) -> DocumentEntry | None:
    """A document that has a number."""
    rows = await Question("documents", tenant).where("d.document_id = {}", document).rows(connection, 1)
    return _entry(rows[0]) if rows else None


async def reference(connection: Connection, tenant: UUID, document: UUID | None) -> str | None:
    """The number of a document as it is printed, once it has one."""
    if document is None:
        return None
    found = await by_id(connection, tenant, document)
    return None if found is None else found.reference


def _entry(row: Any) -> DocumentEntry:
    shown = dict(row)
    del shown["verification"]
    taken = taken_back(shown.pop("rests_on"), shown.pop("gone"), shown.pop("taken_back_on"))
    shown["status"] = status_of(shown["status"], taken)
    return DocumentEntry(
        taken_back=taken,
        kind_label=KINDS[shown["kind"]].title,
        status_label=DOCUMENT_STATUSES[shown["status"]],
        clause=clause_ref(shown.pop("clause")),
        **shown,
    )
