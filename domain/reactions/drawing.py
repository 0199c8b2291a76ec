"""How a reaction draws a document up: what it is to say, under which id."""

from typing import Any
from uuid import UUID

import msgspec

from domain.document.messages import DrawDocument
from domain.documents import AnyContents, kind_of
from domain.kernel import derived_id


class Form(msgspec.Struct, frozen=True):
    """What a document is to say about a subject as it stands, and the rules and entries of the subject it rests on."""

    contents: AnyContents
    rule_version: int | None
    entries: tuple[int, ...] = ()


def document_id(kind: str, subject: UUID, cause: object, replaces: UUID | None = None) -> UUID:
    """The stream of the document of a kind about a subject because of one thing that happened to it."""
    return derived_id("document", kind, subject, cause, replaces or "")


def drawing(
    form: Form, subject: UUID, version: int, *, clause: str | None = None, replaces: UUID | None = None, **more: Any
) -> DrawDocument:
    """The command that draws a form up."""
    kind = kind_of(form.contents)
    return DrawDocument(
        subject_noun=kind.subject,
        subject_id=subject,
        cause_version=version,
        contents=form.contents,
        clause=clause or kind.clause,
        rule_version=form.rule_version,
        replaces=replaces,
        rests_on=form.entries,
        **more,
    )
