"""Template files to fill in, made from the items that an assessment uses."""

import asyncio
from collections.abc import Awaitable, Callable

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.assessment import ASSESSMENT, AssessmentState
from domain.kernel import Context, not_found
from domain.rules.r14 import R14Rules, version
from services.api.imports_openapi import TemplateOperation
from services.api.requests import Desk, HttpRequest, Reader, path_id, reading
from services.imports.columns import Layout
from services.imports.tables import Format
from services.imports.templates import template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv", "xlsx": XLSX}


def template_routes(desk: Desk, layout: Layout) -> list[HTTPRouteHandler]:
    """The routes of a layout's templates."""
    return [_template(desk, layout, file_format) for file_format in _MEDIA_TYPES]


def _template(desk: Desk, layout: Layout, file_format: Format) -> HTTPRouteHandler:
    name = f"{layout.kind}.{file_format}"

    async def send(request: HttpRequest, assessment_id: FromPath[str]) -> Response[bytes]:
        async with reading(desk, request, "assessment.read") as reader:
            found = await desk.runtime.states.read(
                reader.connection, reader.tenant, ASSESSMENT.noun, path_id(assessment_id)
            )
            if not isinstance(found.state, AssessmentState):
                raise not_found(ASSESSMENT.title)
            rules = _rules(desk, reader, found.state)
        content = await asyncio.to_thread(template, layout, file_format, rules, found.state.month)
        return Response(
            content,
            media_type=_MEDIA_TYPES[file_format],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    handler: Callable[..., Awaitable[Response[bytes]]] = send
    handler.__name__ = handler.__qualname__ = f"template_of_{layout.kind}_{file_format}"
    handler.__doc__ = (
        "A file to fill in, made from the items that the assessment uses; its example row is ignored on import. "
        "Permission: `assessment.read`."
    )
    return get(
        f"/v1/assessments/{{assessment_id:str}}/import-templates/{name}",
        media_type=_MEDIA_TYPES[file_format],
        tags=[ASSESSMENT.plural],
        summary=f"{layout.title.zh}模板 · Template for {layout.title.en.lower()}, {file_format.upper()}",
        operation_class=TemplateOperation,
    )(handler)


def _rules(desk: Desk, reader: Reader, state: AssessmentState) -> R14Rules:
    """The rule values that were fixed when the month was opened."""
    context = Context(
        actor=reader.principal.actor,
        now=desk.runtime.clock(),
        calendar=reader.config.calendar,
        rules=reader.config.rules,
    )
    return version(context, state.rule_version).values
