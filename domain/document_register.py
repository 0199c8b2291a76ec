"""The register of a kind of document for a year (文书登记簿): it hands out numbers, one after another, none twice.

Numbers follow the register's own stream, so that they have no gaps; it is asked in the order of the tenant's ledger.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.documents import KINDS
from domain.documents.sheet import Kind
from domain.kernel import Command, CommandSpec, Context, Decider, Event, Refusal, State, Text
from domain.office import KindName, Numbering

Year = Annotated[int, msgspec.Meta(ge=2000, le=9999)]
Position = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class AssignNumber(Command, frozen=True, kw_only=True):
    """Give a document the next number of its kind and year (编文号); ``drawn_at`` is where it was drawn up."""

    kind: KindName
    year: Year
    document_id: UUID
    drawn_at: Position


class NumberAssigned(Event, frozen=True, kw_only=True, tag="document_register.number_assigned"):
    """A document has this number; ``reference`` is how it is printed under the numbering of that day."""

    kind: str
    year: int
    document_id: UUID
    drawn_at: int
    number: int
    reference: str


class AssignBlock(Command, frozen=True, kw_only=True):
    """Give what was made in bulk the next numbers, one each and all at once (成批编号)."""

    kind: KindName
    year: Year
    subject_id: UUID
    count: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    drawn_at: Position


class BlockAssigned(Event, frozen=True, kw_only=True, tag="document_register.block_assigned"):
    """The papers of a subject have the numbers from ``first`` to ``last``, printed with this word and pattern."""

    kind: str
    year: int
    subject_id: UUID
    drawn_at: int
    first: int
    last: int
    agency: str
    code: str
    pattern: str


class DocumentRegisterState(State, frozen=True, kw_only=True):
    """The last number that was given, and to what was drawn up where."""

    kind: str
    year: int
    last: int
    drawn_at: int


def assign(state: DocumentRegisterState | None, command: AssignNumber, context: Context) -> tuple[Event, ...]:
    """The next number. What was drawn up no later than the last that has one has one, too: asked again, nothing."""
    kind = _kind(state, command)
    if state is not None and command.drawn_at <= state.drawn_at:
        return ()
    number = 1 if state is None else state.last + 1
    numbering = context.office.numbering
    return (
        NumberAssigned(
            kind=command.kind,
            year=command.year,
            document_id=command.document_id,
            drawn_at=command.drawn_at,
            number=number,
            reference=numbering.reference(_code(kind, numbering), command.year, number),
        ),
    )


def assign_block(state: DocumentRegisterState | None, command: AssignBlock, context: Context) -> tuple[Event, ...]:
    """The next numbers, as many as were made; asked again, nothing."""
    kind = _kind(state, command)
    if state is not None and command.drawn_at <= state.drawn_at:
        return ()
    first = 1 if state is None else state.last + 1
    numbering = context.office.numbering
    return (
        BlockAssigned(
            kind=command.kind,
            year=command.year,
            subject_id=command.subject_id,
            drawn_at=command.drawn_at,
            first=first,
            last=first + command.count - 1,
            agency=numbering.agency,
            code=_code(kind, numbering),
            pattern=numbering.pattern,
        ),
    )


def _kind(state: DocumentRegisterState | None, command: AssignNumber | AssignBlock) -> Kind:
    kind = KINDS.get(command.kind)
    if kind is None or (state is not None and (state.kind, state.year) != (command.kind, command.year)):
        raise Refusal(
            "other_register",
            zh="该文书不在本登记簿编号",
            en="This register does not number such documents.",
            kind="value",
            field="kind",
        )
    return kind


def _code(kind: Kind, numbering: Numbering) -> str:
    # the word that a kind of a later release ships with may be in use already: it stays with the kind that has it
    shipped = kind.title.zh if kind.code in numbering.codes.values() else kind.code
    return numbering.codes.get(kind.name, shipped)


def evolve(state: DocumentRegisterState | None, event: Event) -> DocumentRegisterState:
    """Fold one event."""
    if not isinstance(event, NumberAssigned | BlockAssigned):
        raise TypeError(f"a register of documents knows no {type(event).__name__}")
    last = event.number if isinstance(event, NumberAssigned) else event.last
    if state is None:
        return DocumentRegisterState(
            status="open", kind=event.kind, year=event.year, last=last, drawn_at=event.drawn_at
        )
    return replace(state, last=last, drawn_at=event.drawn_at)


DOCUMENT_REGISTER = Decider(
    noun="document_register",
    plural="document-registers",
    title=Text(zh="文书登记簿", en="register of documents"),
    state=DocumentRegisterState,
    statuses=("open",),
    commands=(
        CommandSpec(
            command=AssignNumber,
            handler=assign,
            permission="document_register.assign_number",
            summary=Text(zh="编文号", en="Give the next number"),
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=AssignBlock,
            handler=assign_block,
            permission="document_register.assign_block",
            summary=Text(zh="成批编号", en="Give the next numbers in bulk"),
            opens=True,
            audience="internal",
        ),
    ),
    events=(NumberAssigned, BlockAssigned),
    evolve=evolve,
)
