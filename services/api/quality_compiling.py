"""Compiling a report: the service lays a period's figures before the domain, people do not state them (R15.5.1.3.2)."""

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from domain.quality_report import QUALITY_REPORT, report_id
from services.api.bodies import decoder_of
from services.api.body import decode, require_json
from services.api.commands import answer
from services.api.requests import Desk, HttpRequest, credential, header, if_match, key_use, opened, raw_body
from services.planning.reporting import SPEC, CompileBody, compiling
from services.runtime.commands import CommandRequest


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
                command = await compiling(reader.connection, reader.tenant, reader.config, body)
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
