"""Evidence files: sent as the body itself, named by their digest from then on, downloaded by who may read the case."""

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import structlog
from litestar import Response, get, post
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from domain.catalogue import DECIDERS
from domain.evidence import evidence_fields
from domain.evidence_file import EVIDENCE_FILE, EvidenceFileState, StoreFile, file_id
from domain.kernel import Text, not_found
from infra.blobs import BlobMissing
from services.api.bodies import json_response
from services.api.files_openapi import DownloadOperation, UploadOperation
from services.api.limits import InFlightLimit
from services.api.noting import noted
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, Reader, credential, header, opened, reading, whole_number
from services.files.receiving import received, too_large
from services.files.sniffing import SUFFIXES
from services.files.storing import blobs_of, store
from services.runtime.commands import Authorise
from services.runtime.config import TenantConfig
from services.runtime.evidence import files_known
from services.runtime.principal import Forbidden, Principal
from services.runtime.tokens import Token

log = structlog.get_logger(__name__)

MAX_PER_TENANT = 4
"""Files of one tenant that one process receives at the same time; one more is told to try again."""
STORE = EVIDENCE_FILE.spec(StoreFile).permission
ATTACHING = frozenset(
    spec.permission for decider in DECIDERS for spec in decider.commands if evidence_fields(spec.command)
)
"""The permissions of commands that take files: whoever holds one may send files."""


class StoredFile(msgspec.Struct, frozen=True):
    """A stored content: its SHA-256 in hexadecimal, its size in bytes, and what it is by its content."""

    digest: str
    size: int
    media_type: str


def file_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    held: InFlightLimit[UUID] = InFlightLimit(MAX_PER_TENANT)

    @post("/v1/files", tags=["files"], summary="上传证据文件 · Store a file", operation_class=UploadOperation)
    async def upload(request: HttpRequest) -> Response[StoredFile]:
        """Stores the body, whatever its Content-Type says. The same content is one file, so sending it again is safe.

        Permission: that of any command which takes files.
        """
        token = credential(request)
        tenant = token.ids[0]
        with desk.admitted(request, tenant), held.holding(tenant):
            async with opened(desk, request, token, None) as reader:
                _must_attach(reader.principal)
            blobs_of(desk.runtime)
            _must_not_say_too_much(request, desk.settings.max_file_bytes)
            pieces = body_pieces(request)
            async with received(pieces, most=desk.settings.max_file_bytes, allowed=desk.settings.allowed_types) as file:
                position = await store(
                    desk.runtime, tenant, file, _as_storer(desk, token), request.scope["state"]["correlation"]
                )
        answer = StoredFile(file.digest, file.size, file.media_type)
        return json_response(answer, 201, {"Kaohe-Position": str(position), "Location": f"/v1/files/{file.digest}"})

    @get("/v1/files/{digest:str}", tags=["files"], summary="下载 · Download", operation_class=DownloadOperation)
    async def download(request: HttpRequest, digest: FromPath[str]) -> Stream:
        """The content, to be saved and not shown. Each download is logged.

        Permission: to read what the file is attached to; until it is attached, having sent it.
        """
        async with reading(desk, request, None, read_only=False) as reader:
            file = await _readable(desk, reader, digest)
            pieces = await _content(desk, reader.tenant, file)
            stream = file_id(reader.tenant, digest)
            await noted(desk, request, reader, "file", noun=EVIDENCE_FILE.noun, stream=stream, detail=digest)
        return Stream(_checked(pieces, digest), media_type=file.media_type, headers=_headers(file))

    return [upload, download]


async def body_pieces(request: HttpRequest) -> AsyncIterator[bytes]:
    """The body as it arrives."""
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise InternalServerException("the client went away before its request was read")
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _must_attach(principal: Principal) -> None:
    if not principal.permissions & ATTACHING:
        raise Forbidden(STORE)


def _must_not_say_too_much(request: HttpRequest, most: int) -> None:
    said = whole_number(header(request, b"content-length") or "")
    if said is not None and said > most:
        raise too_large(most)


def _as_storer(desk: Desk, token: Token) -> Authorise:
    """Whoever may attach files may store them; nothing else is granted for it."""

    async def authorise(config: TenantConfig) -> Principal:
        principal = await desk.runtime.authority.principal(token, config)
        _must_attach(principal)
        return msgspec.structs.replace(principal, permissions=frozenset({STORE}))

    return authorise


async def _readable(desk: Desk, reader: Reader, digest: str) -> EvidenceFileState:
    """The file, if the reader may have it. Raises `Refusal` ``not_found`` for any other, there or not.

    Once it is attached to something, having sent it is not enough.
    """
    known = await files_known(reader.connection, desk.runtime.states, reader.tenant, reader.principal, [digest])
    file = known.get(digest)
    if file is None or not (file.readable or (file.sent and not file.attached)):
        raise not_found(EVIDENCE_FILE.title)
    return file.state


async def _content(desk: Desk, tenant: UUID, file: EvidenceFileState) -> AsyncIterator[bytes]:
    try:
        return await blobs_of(desk.runtime).read(tenant, file.digest)
    except BlobMissing:
        log.exception("file_missing", tenant=str(tenant), digest=file.digest)
        text = Text("文件内容缺失，请联系管理员", "The content is missing from the store; tell the operators.")
        raise Problem(503, "file_missing", text) from None


async def _checked(pieces: AsyncIterator[bytes], digest: str) -> AsyncIterator[bytes]:
    """The content; the last piece is held back until the whole has been found to be what its digest says."""
    hashed, held = hashlib.sha256(), b""
    async for piece in pieces:
        hashed.update(piece)
        if held:
            yield held
        held = piece
    if hashed.hexdigest() != digest:
        log.error("file_corrupt", digest=digest)
        message = "a stored content is not what its digest says"
        raise RuntimeError(message)
    yield held


def _headers(file: EvidenceFileState) -> dict[str, str]:
    """What keeps a browser from showing it, guessing at it, or keeping it."""
    return {
        "Content-Disposition": f'attachment; filename="{file.digest[:16]}.{SUFFIXES[file.media_type]}"',
        "Content-Length": str(file.size),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "ETag": f'"{file.digest}"',
    }
