"""Import of units, meter readings and bank statements into a project's accounts, and the templates for them (R13)."""

import asyncio
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from domain.fee_account import FEE_ACCOUNT
from domain.kernel import Text
from services.api.bodies import json_response
from services.api.import_templates import XLSX
from services.api.imports import (
    MAX_AT_ONCE,
    MAX_PER_TENANT,
    MULTIPART_FRAME_BYTES,
    ImportFault,
    fault,
    flag,
    locale,
    upload,
)
from services.api.imports_openapi import FeeImportOperation, TemplateOperation
from services.api.limits import InFlightLimit
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, credential, reading
from services.imports.columns import Layout
from services.imports.fee_columns import FEE_LAYOUTS
from services.imports.fee_importing import import_fees
from services.imports.fee_report import FeeImportReport
from services.imports.fee_templates import fee_template
from services.imports.tables import Format

_MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv", "xlsx": XLSX}
_SHOWN_ITEM = "water"


class FeeImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did or, as a dry run, would do.

    Of ``rows`` with data, ``new`` are fit to be booked, ``skipped`` are booked already; ``booked`` were booked. A unit
    is booked in that its account is begun.
    ``unmatched`` rows belong to no account: each says what to do, and the file may be sent again then. ``warnings``
    are to be looked at, ``errors`` keep the whole file out.
    """

    kind: str
    project_id: UUID
    dry_run: bool
    rows: int
    new: int
    skipped: int
    ignored: int
    booked: int
    errors: list[ImportFault]
    warnings: list[ImportFault]
    unmatched: list[ImportFault]


def fee_import_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    held: InFlightLimit[UUID] = InFlightLimit(MAX_PER_TENANT)
    turns = asyncio.Semaphore(MAX_AT_ONCE)
    return [
        route
        for layout in FEE_LAYOUTS.values()
        for route in (
            _import(desk, layout, held, turns),
            *(_template(desk, layout, file_format) for file_format in _MEDIA_TYPES),
        )
    ]


def _import(desk: Desk, layout: Layout, held: InFlightLimit[UUID], turns: asyncio.Semaphore) -> HTTPRouteHandler:
    async def send(request: HttpRequest) -> Response[FeeImportAnswer]:
        token = credential(request)
        tenant = token.ids[0]
        project, dry_run = _project(request), flag(request, "dry_run")
        with desk.admitted(request, tenant), held.holding(tenant):
            sent = await upload(request, desk.settings.max_import_bytes)
            async with turns:
                report = await import_fees(
                    desk.runtime,
                    tenant,
                    desk.runtime.authority.authorise(token),
                    project,
                    layout.kind,
                    sent.content,
                    sent.name,
                    dry_run=dry_run,
                    correlation=request.scope["state"]["correlation"],
                )
        return _answer(report, locale(request))

    send.__name__ = send.__qualname__ = f"import_{layout.kind}"
    send.__doc__ = (
        f"Imports a file, or tells what an import would do. Permission: {_permissions(layout)}.\n\n"
        "All that is fit is booked in one transaction or nothing is; rows that are booked already are skipped, so a "
        "file may be sent again. Errors are listed by row and column: 200 for a dry run, else 422 with the list."
    )
    return post(
        f"/v1/fee-accounts/import-{layout.kind.replace('_', '-')}",
        status_code=200,
        request_max_body_size=desk.settings.max_import_bytes + MULTIPART_FRAME_BYTES,
        tags=[FEE_ACCOUNT.plural],
        summary=f"导入{layout.title.zh} · Import {layout.title.en.lower()}",
        operation_class=FeeImportOperation,
    )(send)


def _permissions(layout: Layout) -> str:
    return ", ".join(f"`{FEE_ACCOUNT.noun}.{name}`" for name in (layout.command_name, *layout.with_commands))


def _template(desk: Desk, layout: Layout, file_format: Format) -> HTTPRouteHandler:
    name = f"{layout.kind.replace('_', '-')}.{file_format}"

    async def send(request: HttpRequest) -> Response[bytes]:
        async with reading(desk, request, "fee_account.read") as reader:
            today = reader.config.calendar.local_date(desk.runtime.clock())
        content = await asyncio.to_thread(fee_template, layout, file_format, today, _SHOWN_ITEM)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=_MEDIA_TYPES[file_format], headers=headers)

    send.__name__ = send.__qualname__ = f"template_of_{layout.kind}_{file_format}"
    send.__doc__ = (
        "A file to fill in; its example row is ignored on import. Amounts are yuan with at most two decimals. "
        "Permission: `fee_account.read`."
    )
    return get(
        f"/v1/fee-accounts/import-templates/{name}",
        media_type=_MEDIA_TYPES[file_format],
        tags=[FEE_ACCOUNT.plural],
        summary=f"{layout.title.zh}模板 · Template for {layout.title.en.lower()}, {file_format.upper()}",
        operation_class=TemplateOperation,
    )(send)


def _project(request: HttpRequest) -> UUID:
    sent = request.query_params.getall("project_id", [])
    try:
        (text,) = sent
        return UUID(text)
    except ValueError:
        text_ = Text("project_id 须为项目标识（UUID）", "project_id takes the project's id, a UUID, once.")
        raise Problem(400, "bad_parameter", text_, field="/project_id") from None


def _answer(report: FeeImportReport, spoken: str) -> Response[FeeImportAnswer]:
    view = FeeImportAnswer(
        kind=report.kind,
        project_id=report.project_id,
        dry_run=report.dry_run,
        rows=report.rows,
        new=report.new,
        skipped=report.skipped,
        ignored=report.ignored,
        booked=report.booked,
        errors=[fault(each, spoken) for each in report.errors],
        warnings=[fault(each, spoken) for each in report.warnings],
        unmatched=[fault(each, spoken) for each in report.unmatched],
    )
    if report.errors and not report.dry_run:
        text = Text("文件有错误，未导入任何内容", "The file has errors; nothing was imported.")
        details = {field: getattr(view, field) for field in view.__struct_fields__}
        raise Problem(422, "import_has_errors", text, details=details)
    headers = {"Kaohe-Position": str(report.position)} if report.position else {}
    return json_response(view, headers=headers)
