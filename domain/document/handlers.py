"""How a document answers."""

import hashlib

from domain.document import messages as m
from domain.document.state import DocumentState, digest_of
from domain.documents import kind_of
from domain.documents.sheet import named
from domain.kernel import Context, Event, Refusal

SECRET_BYTES = 10
"""The random part of a verification code: 80 bits."""


def draw(state: DocumentState | None, command: m.DrawDocument, context: Context) -> tuple[Event, ...]:
    """Freeze what the document says, under the names of today; what is drawn up already stays as it is."""
    if state is not None:
        return ()
    if kind_of(command.contents).subject != command.subject_noun:
        raise Refusal(
            "other_subject",
            zh="该类文书不针对此类事项",
            en="Documents of this kind are about something else.",
            kind="value",
            field="subject_noun",
        )
    return (
        m.DocumentDrawn(
            subject_noun=command.subject_noun,
            subject_id=command.subject_id,
            cause_version=command.cause_version,
            contents=named(command.contents, context.office.people),
            clause=command.clause,
            rule_version=command.rule_version,
            readings=command.readings,
            replaces=command.replaces,
            organisation=context.office.name,
            issued_on=context.today,
            rests_on=command.rests_on,
        ),
    )


def issue(state: DocumentState, command: m.IssueDocument, context: Context) -> tuple[Event, ...]:
    """Give the document its number, once; one that became void before keeps its number all the same."""
    if state.number is not None:
        return ()
    secret = hashlib.sha256(b"verification" + context.entropy).digest()[:SECRET_BYTES]
    return (
        m.DocumentIssued(
            kind=state.kind,
            number=command.number,
            year=command.year,
            reference=command.reference,
            verification=secret.hex(),
            digest=digest_of(state, command.reference),
            replaces=state.replaces,
        ),
    )


def void(state: DocumentState, command: m.VoidDocument, context: Context) -> tuple[Event, ...]:
    """Declare it void, unless it no longer counts anyway."""
    _must_count(state)
    return (m.DocumentVoided(reason=command.reason, voided_on=context.today, voided_by=context.actor.id),)


def supersede(state: DocumentState, command: m.SupersedeDocument, _: Context) -> tuple[Event, ...]:
    """Note the document that stands in its place; a void one stays void."""
    return () if state.status == "voided" else _superseded(state, command)


def _superseded(state: DocumentState, command: m.SupersedeDocument) -> tuple[Event, ...]:
    _must_count(state)
    return (m.DocumentSuperseded(replaced_by=command.replaced_by),)


def _must_count(state: DocumentState) -> None:
    if state.status == "voided":
        raise Refusal("document_voided", zh="文书已作废", en="The document is void already.")
    if state.status == "superseded":
        raise Refusal(
            "document_superseded",
            zh="文书已由另一份代替",
            en="Another document stands in its place.",
            details={"replaced_by": str(state.replaced_by)},
        )
