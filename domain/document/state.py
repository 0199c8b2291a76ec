"""Where a document stands."""

import hashlib
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.document import messages as m
from domain.documents import AnyContents, kind_of
from domain.folding import Evolve, folding
from domain.kernel import State


class DocumentState(State, frozen=True, kw_only=True):
    """A document (文书). What it says never changes; it is issued, and may become void or be superseded."""

    subject_noun: str
    subject_id: UUID
    cause_version: int
    contents: AnyContents
    clause: str
    rule_version: int | None
    readings: dict[str, str]
    organisation: str
    issued_on: date
    replaces: UUID | None = None
    number: int | None = None
    year: int | None = None
    reference: str | None = None
    verification: str | None = None
    digest: str | None = None
    void_reason: str | None = None
    replaced_by: UUID | None = None
    rests_on: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return kind_of(self.contents).name


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """All that the paper says."""

    organisation: str
    reference: str
    issued_on: date
    subject_noun: str
    subject_id: UUID
    contents: AnyContents
    clause: str
    rule_version: int | None
    readings: dict[str, str]
    replaces: UUID | None


def digest_of(state: DocumentState, reference: str) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON (keys sorted, no blanks) of what the paper says."""
    said = _Said(
        organisation=state.organisation,
        reference=reference,
        issued_on=state.issued_on,
        subject_noun=state.subject_noun,
        subject_id=state.subject_id,
        contents=state.contents,
        clause=state.clause,
        rule_version=state.rule_version,
        readings=state.readings,
        replaces=state.replaces,
    )
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def _drawn(event: m.DocumentDrawn) -> DocumentState:
    return DocumentState(
        status="drawn",
        subject_noun=event.subject_noun,
        subject_id=event.subject_id,
        cause_version=event.cause_version,
        contents=event.contents,
        clause=event.clause,
        rule_version=event.rule_version,
        readings=event.readings,
        organisation=event.organisation,
        issued_on=event.issued_on,
        replaces=event.replaces,
        rests_on=event.rests_on,
    )


def _numbered(state: DocumentState, event: m.DocumentIssued) -> DocumentState:
    return replace(
        state,
        status="issued" if state.status == "drawn" else state.status,
        number=event.number,
        year=event.year,
        reference=event.reference,
        verification=event.verification,
        digest=event.digest,
    )


evolve: Evolve[DocumentState] = folding(
    "a document",
    begins={m.DocumentDrawn: _drawn},
    steps={
        m.DocumentIssued: _numbered,
        m.DocumentVoided: lambda state, event: replace(state, status="voided", void_reason=event.reason),
        m.DocumentSuperseded: lambda state, event: replace(state, status="superseded", replaced_by=event.replaced_by),
    },
)
