"""Import of findings and ballots from files, and the templates for them."""

import asyncio
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.assessment import ASSESSMENT
from domain.kernel import Text
from services.api.bodies import json_response
from services.api.import_templates import XLSX, template_routes
from services.api.imports_openapi import ImportOperation
from services.api.limits import InFlightLimit
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, credential, if_match, key_use, path_id
from services.imports import ImportReport, import_file
from services.imports.columns import LAYOUTS, Layout
from services.imports.report import RowError
from services.imports.tables import Format

MULTIPART = "multipart/form-data"
MULTIPART_FRAME_BYTES = 65_536
MAX_PER_TENANT = 2
"""Files of one tenant that one process holds at the same time; one more is told to try again."""
MAX_AT_ONCE = 4
"""Files of all tenants that one process works on at the same time; the others wait."""

_SUFFIXES: dict[str, Format] = {"text/csv": "csv", XLSX: "xlsx"}


class ImportFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong at a row and column of the file; ``message`` is ``zh`` or ``en``, as the reader asked."""

    row: int | None
    column: str | None
    field: str | None
    code: str
    message: str
    zh: str
    en: str
    value: str | None
    clause: str | None


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did or, as a dry run, would do.

    Of ``rows`` with data, ``new`` are fit to be added, ``skipped`` stand there already; ``added`` were added.
    ``ignored`` rows are the template's example. ``errors`` lists the first 500 of ``error_count``.
    """

    assessment_id: UUID
    kind: Literal["findings", "ballots"]
    dry_run: bool
    rows: int
    new: int
    skipped: int
    ignored: int
    added: int
    error_count: int
    errors: list[ImportFault]
    version: int


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent. ``name`` ends in what it is."""

    name: str
    content: bytes


def import_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    held: InFlightLimit[UUID] = InFlightLimit(MAX_PER_TENANT)
    turns = asyncio.Semaphore(MAX_AT_ONCE)
    return [
        route
        for layout in LAYOUTS.values()
        for route in (_import(desk, layout, held, turns), *template_routes(desk, layout))
    ]


def _import(desk: Desk, layout: Layout, held: InFlightLimit[UUID], turns: asyncio.Semaphore) -> HTTPRouteHandler:
    async def send(request: HttpRequest, assessment_id: FromPath[str]) -> Response[ImportAnswer]:
        token = credential(request)
        tenant = token.ids[0]
        dry_run = flag(request, "dry_run")
        with desk.admitted(request, tenant), held.holding(tenant):
            sent = await upload(request, desk.settings.max_import_bytes)
            async with turns:
                report = await import_file(
                    desk.runtime,
                    tenant,
                    desk.runtime.authority.authorise(token),
                    path_id(assessment_id),
                    layout.kind,
                    sent.content,
                    sent.name,
                    dry_run,
                    key=key_use(request, sent.content),
                    if_match=if_match(request),
                    correlation=request.scope["state"]["correlation"],
                )
        return _answer(report, locale(request))

    send.__name__ = send.__qualname__ = f"import_{layout.kind}"
    send.__doc__ = (
        f"Imports a file, or tells what an import would do. Permission: `assessment.{layout.command_name}`.\n\n"
        "All rows are added or none; rows that stand there already are skipped, so a file may be sent again. "
        "Anything wrong is listed by row and column: 200 for a dry run, else 422 with the list in `details`."
    )
    return post(
        f"/v1/assessments/{{assessment_id:str}}/import-{layout.kind}",
        status_code=200,
        request_max_body_size=desk.settings.max_import_bytes + MULTIPART_FRAME_BYTES,
        tags=[ASSESSMENT.plural],
        summary=f"导入{layout.title.zh} · Import {layout.title.en.lower()}",
        operation_class=ImportOperation,
    )(send)


async def upload(request: HttpRequest, most: int) -> Upload:
    """The file of a request: the body itself, or the one file of a form. Raises `Problem` 400, 413, 415."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        sent = await _form_file(request)
    elif media_type in _SUFFIXES:
        sent = Upload(f"body.{_SUFFIXES[media_type]}", await request.body())
    else:
        raise _unsupported()
    if len(sent.content) > most:
        raise Problem(
            413,
            "body_too_large",
            Text(f"文件超过 {most} 字节", f"The file is larger than {most} bytes."),
            details={"most": most},
        )
    return sent


async def _form_file(request: HttpRequest) -> Upload:
    try:
        form = await request.form()
    except (UnicodeDecodeError, LookupError, ValueError):
        raise ClientException from None  # a part that is not in the encoding it names
    files: list[Any] = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
    if len(files) != 1:
        raise Problem(400, "one_file", Text("请上传一个文件", "Send exactly one file."))
    file: UploadFile = files[0]
    content = await file.read()
    await file.close()
    suffix = _SUFFIXES.get(file.content_type.partition(";")[0].strip().lower())
    name = file.filename.lower()
    if name.endswith((".csv", ".xlsx")):
        return Upload(name, content)
    if suffix is None:
        raise _unsupported()
    return Upload(f"body.{suffix}", content)


def _unsupported() -> Problem:
    text = Text("请上传 CSV 或 XLSX 文件", f"Send text/csv, {XLSX}, or one such file as {MULTIPART}.")
    return Problem(415, "unsupported_media_type", text)


def _answer(report: ImportReport, spoken: str) -> Response[ImportAnswer]:
    view = ImportAnswer(
        assessment_id=report.assessment_id,
        kind="ballots" if report.kind == "ballots" else "findings",
        dry_run=report.dry_run,
        rows=report.rows,
        new=report.new,
        skipped=report.skipped,
        ignored=report.ignored,
        added=report.added,
        error_count=report.error_count,
        errors=[fault(error, spoken) for error in report.errors],
        version=report.version,
    )
    if report.errors and not report.dry_run:
        text = Text(
            f"文件有 {report.error_count} 处错误，未导入任何内容",
            f"The file has {report.error_count} errors; nothing was imported.",
        )
        details = {field: getattr(view, field) for field in view.__struct_fields__}
        raise Problem(422, "import_has_errors", text, details=details)
    headers = {"ETag": f'"{report.version}"'}
    if report.position:
        headers["Kaohe-Position"] = str(report.position)
    if report.replayed:
        headers["Idempotency-Replayed"] = "true"
    return json_response(view, headers=headers)


def fault(error: RowError, spoken: str) -> ImportFault:
    """What is wrong, as it is answered to a reader of a language."""
    return ImportFault(
        row=error.row,
        column=error.column,
        field=error.field,
        code=error.code,
        message=error.message(spoken),
        zh=error.zh,
        en=error.en,
        value=error.value,
        clause=error.clause,
    )


def flag(request: HttpRequest, name: str) -> bool:
    """A query parameter that is true or false. Raises `Problem` 400."""
    asked = request.query_params.get(name, "false")
    if asked not in ("true", "false"):
        text = Text(f"{name} 须为 true 或 false", f"{name} is true or false.")
        raise Problem(400, "bad_parameter", text, field=f"/{name}")
    return bool(asked == "true")


def locale(request: HttpRequest) -> str:
    """The reader's language: ``?lang=``, else the first of ``Accept-Language`` that we speak, else Chinese."""
    accepted = request.headers.get("accept-language", "")
    asked = [request.query_params.get("lang", ""), *accepted.split(",")]
    spoken = (one.strip().lower()[:2] for one in asked)
    return next((one for one in spoken if one in ("zh", "en")), "zh")
