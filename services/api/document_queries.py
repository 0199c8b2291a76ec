"""Documents: their list, their page and PDF, and one drawn up when somebody asks for it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.catalogue import decider_of
from domain.document import DOCUMENT, DocumentState
from domain.document.messages import DrawDocument, VoidDocument
from domain.documents import KINDS
from domain.kernel import Refusal, Text, not_found
from domain.reactions.documents import FORMS
from domain.reactions.drawing import document_id, drawing
from projections import documents as listed
from services.api.asking import Position, asking, query
from services.api.bodies import json_body, json_response
from services.api.commands import answer
from services.api.noting import noted
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, YEAR, QueryParameter, choice_parameter, id_parameter
from services.api.problems import Problem
from services.api.reads import is_kept_from, must_be_readable
from services.api.requests import (
    Desk,
    HttpRequest,
    Reader,
    credential,
    if_match,
    key_use,
    opened,
    path_id,
    reading,
)
from services.documents.page import page_of
from services.documents.paper import Paper, paper_of, related
from services.documents.press import Press, PressBusy
from services.runtime.commands import CommandRequest
from services.runtime.principal import Forbidden
from services.runtime.runtime import CommandResponse

KIND = choice_parameter("kind", "Of this kind.", KINDS)
OF_YEAR = QueryParameter("year", "Numbered in this year.", YEAR.schema, YEAR.parse, YEAR.takes)
SUBJECT = id_parameter("subject_id", "About this stream alone.")
_LISTED: tuple[QueryParameter[Any], ...] = (KIND, OF_YEAR, SUBJECT, *PAGING)
CREATED = 201
DRAW = DOCUMENT.spec(DrawDocument)

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}


class DocumentPage(msgspec.Struct, frozen=True):
    """Documents in the order of their issue; ``next`` is the cursor of the page after this one."""

    items: list[listed.DocumentEntry]
    next: str | None


class DocumentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document of a kind about a stream as it stands now; ``replaces`` names the one that it corrects."""

    kind: str
    subject_id: UUID
    replaces: UUID | None = None


class DrawnDocument(msgspec.Struct, frozen=True):
    """The document that was asked for; its number follows within moments. ``already`` where it was there before."""

    id: UUID
    kind: str
    status: str
    reference: str | None
    already: bool


def document_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [_list_route(desk), _draw_route(desk), _void_route(desk), *_print_routes(desk, Press())]


def _list_route(desk: Desk) -> HTTPRouteHandler:
    @query("/v1/documents", "documents", "文书列表 · Documents", _LISTED)
    async def documents(request: HttpRequest) -> Response[DocumentPage]:
        """Documents with a number, of those kinds whose subjects the reader may read."""
        async with asking(desk, request, None, _LISTED, projections=(listed.PROJECTION,)) as asked:
            held = asked.reader.principal.permissions
            visible = tuple(name for name, kind in KINDS.items() if f"{kind.subject}.read" in held)
            found = await listed.documents(
                asked.connection,
                asked.tenant,
                listed.DocumentsAsked(
                    kinds=None if len(visible) == len(KINDS) else visible,
                    kind=KIND.of(request),
                    year=OF_YEAR.of(request),
                    subject=SUBJECT.of(request),
                    after=decode_cursor(request, Position),
                ),
                asked.limit + 1,
            )
            shown, after = asked.cut(found, lambda each: each.position)
            return asked.answer(DocumentPage(await _not_kept(desk, asked.reader, shown), after))

    return documents


async def _not_kept(desk: Desk, reader: Reader, entries: Sequence[listed.DocumentEntry]) -> list[listed.DocumentEntry]:
    """Those entries whose subjects are not kept from the reader; a page may so be shorter than it could be."""
    kept: dict[UUID, bool] = {}
    for entry in entries:
        subject = decider_of(entry.subject_noun)
        if entry.subject_id not in kept and subject.kept_from is not None:
            found = await desk.runtime.states.read(reader.connection, reader.tenant, subject.noun, entry.subject_id)
            kept[entry.subject_id] = is_kept_from(subject, found.state, reader)
    return [entry for entry in entries if not kept.get(entry.subject_id, False)]


def _draw_route(desk: Desk) -> HTTPRouteHandler:
    @post("/v1/documents", opt={"body": DocumentRequest}, tags=["documents"], summary="制作文书 · Draw a document up")
    async def draw(request: HttpRequest) -> Response[DrawnDocument]:
        """The subject as it stands, put on paper; asked again while it stands so, the same document.

        Permission: `document.draw_document`, and to read the subject.
        """
        token = credential(request)
        tenant, body = token.ids[0], await json_body(request, DocumentRequest)
        with desk.admitted(request, tenant):
            async with opened(desk, request, token, DRAW.permission) as reader:
                stream, command = await _drawing(desk, reader, body)
                known = await _document(desk, reader, stream)
                if known is None:
                    await _must_be_replaceable(desk, reader, body)
            if known is not None:
                return json_response(DrawnDocument(stream, body.kind, known.status, known.reference, already=True))
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=DOCUMENT,
                    stream=stream,
                    command=command,
                    authorise=desk.runtime.authority.authorise(token),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        if result.status != CREATED:  # somebody else asked for it at the same moment
            return json_response(DrawnDocument(stream, body.kind, "drawn", None, already=True))
        headers = {"Location": f"/v1/documents/{stream}", "Kaohe-Position": str(result.position)}
        return json_response(DrawnDocument(stream, body.kind, "drawn", None, already=False), CREATED, headers)

    return draw


def _void_route(desk: Desk) -> HTTPRouteHandler:
    @post(
        "/v1/documents/{stream_id:str}/void-document",
        status_code=200,
        opt={"body": VoidDocument, "headers": ("Idempotency-Key", "If-Match", "Kaohe-Min-Position")},
        tags=["documents"],
        summary="作废文书 · Declare a document void",
    )
    async def void(request: HttpRequest, stream_id: FromPath[str]) -> Response[CommandResponse]:
        """Its number stays used. Permission: `document.void_document`, and to read what the document is about."""
        token, stream = credential(request), path_id(stream_id)
        tenant, raw = token.ids[0], await request.body()
        command = await json_body(request, VoidDocument)
        spec = DOCUMENT.spec(VoidDocument)
        with desk.admitted(request, tenant):
            async with opened(desk, request, token, spec.permission) as reader:
                known = await _document(desk, reader, stream)
                if known is None:
                    raise not_found(DOCUMENT.title)
                await must_be_readable(desk, DOCUMENT, known, reader)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=DOCUMENT,
                    stream=stream,
                    command=command,
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    key=key_use(request, raw),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        answered: Response[Any] = answer(DOCUMENT, spec, result)
        return answered

    return void


async def _drawing(desk: Desk, reader: Reader, asked: DocumentRequest) -> tuple[UUID, DrawDocument]:
    """The stream of the document that was asked for, and the command that makes it. Raises `Refusal`, `Forbidden`."""
    if asked.kind not in FORMS:
        raise Refusal(
            "kind_not_on_demand",
            zh="该类文书不能按需制作",
            en="Documents of this kind are not made on demand.",
            kind="value",
            field="kind",
            details={"kinds": list(FORMS)},
        )
    kind = KINDS[asked.kind]
    if f"{kind.subject}.read" not in reader.principal.permissions:
        raise Forbidden(f"{kind.subject}.read")
    found = await desk.runtime.states.read(reader.connection, reader.tenant, kind.subject, asked.subject_id)
    if found.state is None:
        raise not_found(decider_of(kind.subject).title)
    await must_be_readable(desk, decider_of(kind.subject), found.state, reader)
    form = FORMS[asked.kind](found.state)
    if form is None:
        raise Refusal(
            "nothing_to_print",
            zh="事项尚未进行到可以制作该文书的阶段",
            en="There is nothing yet that this document could say.",
            clause=kind.clause,
        )
    stream = document_id(asked.kind, asked.subject_id, found.version, asked.replaces)
    return stream, drawing(form, asked.subject_id, found.version, replaces=asked.replaces)


async def _must_be_replaceable(desk: Desk, reader: Reader, asked: DocumentRequest) -> None:
    if asked.replaces is None:
        return
    old = await _document(desk, reader, asked.replaces)
    if old is None:
        raise not_found(DOCUMENT.title)
    if (old.kind, old.subject_id) != (asked.kind, asked.subject_id):
        raise Refusal(
            "other_document",
            zh="只能更正同一事项的同类文书",
            en="A document is replaced by one of its own kind about the same subject.",
            kind="value",
            field="replaces",
        )
    if old.status not in {"issued", "voided"}:
        raise Refusal(
            "not_replaceable",
            zh="该文书尚未编号或已被代替",
            en="The document has no number yet, or was replaced already.",
            details={"status": old.status},
        )


async def _document(desk: Desk, reader: Reader, stream: UUID) -> DocumentState | None:
    found = await desk.runtime.states.read(reader.connection, reader.tenant, DOCUMENT.noun, stream)
    return found.state if isinstance(found.state, DocumentState) else None


def _print_routes(desk: Desk, press: Press) -> list[HTTPRouteHandler]:
    @get(
        "/v1/documents/{stream_id:str}/html",
        media_type="text/html",
        tags=["documents"],
        summary="文书打印页 · A document's page",
    )
    async def page(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """The page for printing. Permission: to read what the document is about; noted in the access log."""
        paper = await _printed(desk, request, path_id(stream_id), "html")
        return Response(page_of(paper), media_type="text/html", headers=PAGE_HEADERS)

    @get(
        "/v1/documents/{stream_id:str}/pdf",
        media_type="application/pdf",
        tags=["documents"],
        summary="文书 PDF · A document as PDF",
    )
    async def pdf(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """The PDF. Permission: to read what the document is about; noted in the access log."""
        stream = path_id(stream_id)
        paper = await _printed(desk, request, stream, "pdf")
        try:
            made = await press.pdf(paper)
        except PressBusy:
            text = Text("排版任务较多，请稍后再试", "Too many documents are being set; try again in a moment.")
            raise Problem(503, "press_busy", text, headers={"Retry-After": "5"}) from None
        headers = {**PAGE_HEADERS, "Content-Disposition": f'inline; filename="{stream}.pdf"'}
        return Response(made, media_type="application/pdf", headers=headers)

    return [page, pdf]


async def _printed(desk: Desk, request: HttpRequest, stream: UUID, how: str) -> Paper:
    """The paper of a document that the request may read, noted as read."""
    async with reading(desk, request, None, read_only=False) as reader:
        found = await desk.runtime.states.read(reader.connection, reader.tenant, DOCUMENT.noun, stream)
        if not isinstance(found.state, DocumentState):
            raise not_found(DOCUMENT.title)
        await must_be_readable(desk, DOCUMENT, found.state, reader)
        if found.state.number is None:
            raise Refusal("not_numbered", zh="文书正在编号，请稍后再试", en="The document awaits its number.")
        await noted(desk, request, reader, "document", noun=DOCUMENT.noun, stream=stream, detail=how)
        references = await _references(desk, reader, related(found.state))
        entry = await listed.by_id(reader.connection, reader.tenant, stream)
        taken = None if entry is None else entry.taken_back
        return paper_of(reader.tenant, found.state, desk.settings.public_url, references, taken)


async def _references(desk: Desk, reader: Reader, documents: Iterable[UUID]) -> dict[UUID, str]:
    """The numbers of those documents that have one."""
    known = {each: await _document(desk, reader, each) for each in documents}
    return {each: state.reference for each, state in known.items() if state is not None and state.reference is not None}
