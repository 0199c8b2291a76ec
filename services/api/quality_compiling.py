"""Compiling a report: the service lays a period's figures before the domain, people do not state them (R15.5.1.3.2)."""

from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from domain.quality_report import QUALITY_REPORT, report_id
from domain.quality_report.commands import CompileReport, Kind
from domain.quality_terms import Period, every_of, senseless
from domain.rules.r15_duties import ANNUAL, REPORT
from domain.service_department.handlers import duty_id
from projections import quality_figures
from projections.asking import position_of
from services.api.bodies import decoder_of
from services.api.body import decode, require_json
from services.api.commands import answer
from services.api.requests import Desk, HttpRequest, Reader, credential, header, if_match, key_use, opened, raw_body
from services.runtime.commands import CommandRequest

SPEC = QUALITY_REPORT.spec(CompileReport)


class CompileBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which report: of a month (``2026-03``) or a year (``2026``)."""

    kind: Kind
    period: Period


def compiling_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    async def compile_report(request: HttpRequest) -> Response[bytes]:
        token = credential(request)
        tenant = token.ids[0]
        with desk.admitted(request, tenant):
            raw = await raw_body(request, desk.settings.max_body_bytes)
            require_json((header(request, b"content-type") or "").encode())
            body = decode(raw, decoder_of(CompileBody))
            async with opened(desk, request, token, SPEC.permission) as reader:
                command = await _prepared(reader, body)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=QUALITY_REPORT,
                    stream=report_id(tenant, body.kind, body.period),
                    command=command,
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    key=key_use(request, raw),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        return answer(QUALITY_REPORT, SPEC, result)

    compile_report.__name__ = compile_report.__qualname__ = f"quality_report_{SPEC.name}"
    compile_report.__doc__ = (
        "Compile the report of a period from its facts, or compile it anew while it is being written.\n\n"
        f"Permission: `{SPEC.permission}`."
    )
    return [
        post(
            "/v1/quality-reports/compile",
            opt={"body": CompileBody, "headers": ("If-Match", "Idempotency-Key")},
            tags=["quality-reports"],
            summary=f"{SPEC.summary.zh} · {SPEC.summary.en}",
        )(compile_report)
    ]


async def _prepared(reader: Reader, body: CompileBody) -> CompileReport:
    """The command with the figures as the read model has them; the position is read first, so they are no older."""
    if every_of(body.period) != ("month" if body.kind == "monthly" else "year"):
        raise senseless(
            "period_not_over", "期间与报告种类不符", "The period is not of the kind.", "period", SPEC.clause or ""
        )
    position = await position_of(reader.connection, reader.tenant, *quality_figures.SOURCES)
    zone = ZoneInfo(reader.config.calendar.timezone)
    found = await quality_figures.figures(reader.connection, reader.tenant, body.period, zone)
    compiles = await quality_figures.compiling_department(reader.connection, reader.tenant)
    kind = REPORT if body.kind == "monthly" else ANNUAL
    return CompileReport(
        kind=body.kind,
        period=body.period,
        figures=found,
        position=position,
        duty_id=None if compiles is None else duty_id(compiles, kind),
    )
