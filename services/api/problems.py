"""Every error as RFC 9457 problem+json: a stable code, the clause where a rule refused, never an internal."""

import re
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from domain.kernel import Refusal, Text
from infra.blobs import BlobsUnavailable
from infra.database import BAD_INPUT, CONNECTION_LOST, NOTHING_DONE
from infra.recordings import StoreBusy, StoreUnavailable
from infra.wire import canonical
from services.runtime.commands import KeyReused, TooContended, VersionMismatch
from services.runtime.config import UnknownTenant
from services.runtime.principal import Forbidden, TenantSuspended, Unauthenticated

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_REFUSAL_STATUS = {
    "state": HTTPStatus.CONFLICT,
    "value": HTTPStatus.UNPROCESSABLE_ENTITY,
    "forbidden": HTTPStatus.FORBIDDEN,
}


class Problem(Exception):  # noqa: N818 - the standard's word
    """An answer other than success. ``errors`` lists field errors, each with a JSON pointer."""

    def __init__(  # noqa: PLR0913 - the members of a problem document
        self,
        status: int,
        code: str,
        text: Text,
        *,
        clause: str | None = None,
        field: str | None = None,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = int(status)
        self.code = code
        self.text = text
        self.clause = clause
        self.field = field
        self.details = dict(details or {})
        self.headers = dict(headers or {})


_HTTP = {
    400: ("bad_request", Text("请求无法解析", "The request can't be read.")),
    401: ("unauthenticated", Text("请先登录或提供有效的密钥", "Sign in, or send a valid key.")),
    403: ("forbidden", Text("没有权限", "This is not permitted.")),
    404: ("not_found", Text("没有这个地址或对象", "There is nothing at this address.")),
    405: ("method_not_allowed", Text("该地址不支持此方法", "This address does not take this method.")),
    406: ("not_acceptable", Text("无法以所要求的格式回答", "No answer in the format asked for.")),
    413: ("body_too_large", Text("请求内容过大", "The body is too large.")),
    415: ("unsupported_media_type", Text("请使用 application/json", "Send application/json.")),
    429: ("too_many_requests", Text("请求过多，请稍后再试", "Too many requests; try again in a moment.")),
}
_OWN: dict[type[Exception], tuple[int, str, Text]] = {
    Unauthenticated: (401, *_HTTP[401]),
    UnknownTenant: (401, *_HTTP[401]),
    TenantSuspended: (
        403,
        "tenant_suspended",
        Text("该组织已被平台暂停，数据完好", "The platform has suspended this organisation; nothing of it is lost."),
    ),
    KeyReused: (
        422,
        "idempotency_key_reused",
        Text("此幂等键已用于另一请求", "This idempotency key was used for another request; choose a new one."),
    ),
    TooContended: (
        503,
        "too_contended",
        Text("对象正被频繁修改，请重试", "The object keeps changing; nothing was done, try again."),
    ),
    StoreBusy: (503, "busy", Text("系统繁忙，请稍后再试", "Too much is waiting; try again in a moment.")),
    BlobsUnavailable: (
        503,
        "files_unavailable",
        Text("文件存储暂不可用，请稍后再试", "The store of files is away; try again in a moment."),
    ),
    StoreUnavailable: (
        503,
        "store_unavailable",
        Text(
            "数据库暂不可用；用同一幂等键重试可得知结果",
            "The database is away; the same idempotency key finds out what became of it.",
        ),
    ),
}


def to_problem(error: Exception) -> Problem:  # noqa: PLR0911 - a return a kind
    """The problem that an exception amounts to; anything unforeseen is a bare 500."""
    if type(error) in _OWN:
        status, code, text = _OWN[type(error)]
        return Problem(status, code, text, headers={"Retry-After": "1"} if status >= 500 else None)  # noqa: PLR2004
    match error:
        case Problem():
            return error
        case Refusal():
            status = HTTPStatus.NOT_FOUND if error.code == "not_found" else _REFUSAL_STATUS[error.kind]
            return Problem(
                status, error.code, error.text, clause=error.clause, field=_pointer(error.field), details=error.details
            )
        case Forbidden():
            code, text = _HTTP[403]
            return Problem(403, code, text, details={"permission": str(error)})
        case VersionMismatch():
            text = Text("对象已被修改，请重新读取", "The object has changed; read it again.")
            return Problem(412, "version_mismatch", text, details={"current_version": error.current})
        case HTTPException():
            code, text = _HTTP.get(
                error.status_code, (f"http_{error.status_code}", Text("请求失败", "The request failed."))
            )
            return Problem(error.status_code, code, text, headers=dict(error.headers or {}))
        case _ if isinstance(error, NOTHING_DONE):
            return to_problem(StoreBusy())
        case _ if isinstance(error, CONNECTION_LOST) and not isinstance(error, BAD_INPUT):
            return to_problem(StoreUnavailable())
        case _:
            return Problem(500, "internal", Text("内部错误，已记录", "Something went wrong here; it has been logged."))


def _pointer(field: str | None) -> str | None:
    """The JSON pointer of a field that the domain names with dots, and places in brackets."""
    if field is None:
        return None
    return "/" + re.sub(r"\[(\d+)\]", r"/\1", field.removeprefix("/")).replace(".", "/")


def render(problem: Problem, correlation: str, instance: str) -> Response[bytes]:
    """The response of a problem."""
    document: dict[str, Any] = {
        "type": f"urn:kaohe:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase if problem.status in HTTPStatus._value2member_map_ else "Error",
        "status": problem.status,
        "code": problem.code,
        "detail": problem.text.zh,
        "detail_en": problem.text.en,
        "instance": instance,
        "correlation_id": correlation,
    }
    if problem.clause:
        document["clause"] = problem.clause
    if problem.field:
        document["field"] = problem.field
    if problem.details:
        document["details"] = problem.details
    headers = dict(problem.headers)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(canonical(document), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The exception handler of the application."""
    problem = to_problem(error)
    correlation = request.scope["state"].get("correlation", "")
    if request.scope["state"].get("anonymous"):
        return _unobserved(request, error, problem, correlation)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", correlation_id=correlation, path=request.scope["path"], exc_info=error)
    elif problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        log.warning("request_turned_away", correlation_id=correlation, code=problem.code, error=repr(error)[:300])
    request.scope["state"]["problem"] = problem.code
    return render(problem, correlation, request.scope["path"])


def _unobserved(
    request: Request[Any, Any, Any], error: Exception, problem: Problem, correlation: str
) -> Response[bytes]:
    """The answer of the anonymous channel: a fault is logged by its kind and place, without what anybody sent.

    The address stands in the answer by its pattern, so that answers to wrong addresses are one and the same.
    """
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        log.error("anonymous_request_failed", code=problem.code, error=type(error).__name__, place=place)
    return render(problem, correlation, str(request.scope.get("path_template") or ""))
