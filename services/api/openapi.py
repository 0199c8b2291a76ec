"""The complete OpenAPI document: Litestar's for the hand-written routes, the catalogue's for the generated ones."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig

from domain.catalogue import DECIDERS
from domain.kernel import CommandSpec, Decider
from services.api.commands import command_path, generated
from services.api.openapi_parts import (
    BEARER,
    command_parameters,
    error_responses,
    named_parameters,
    problem_schema,
    read_parameters,
)
from services.api.reads import HistoryPage
from services.runtime.runtime import CommandResponse

OPENAPI = OpenAPIConfig(
    title="Kaohe 考核",
    version="1",
    description=(
        "组织在其上运行各项服务规章的多租户服务。 Organisations run their service regulations here. "
        "Errors are problem+json (RFC 9457); money is integer fen; scores are decimal strings; instants carry offsets."
    ),
    use_handler_docstrings=True,
    render_plugins=(),
)
_REF = "#/components/schemas/{name}"


def openapi_routes(documented: Callable[[], list[HTTPRouteHandler]]) -> list[HTTPRouteHandler]:
    """The document's own route; ``documented`` makes the routes that it describes."""

    @cache
    def rendered() -> bytes:
        return render(document(documented()))

    @get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response[bytes]:
        return Response(await asyncio.to_thread(rendered), media_type="application/vnd.oai.openapi+json")

    return [openapi]


def render(value: dict[str, Any]) -> bytes:
    """The document as it is committed: stable order, indented, a line end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def document(routes: list[HTTPRouteHandler]) -> dict[str, Any]:
    """The complete document.

    Hand-written handlers read bodies and parameters themselves, so each says in its ``opt`` what it reads: ``body``
    is a type, ``query`` and ``headers`` name parameters, ``public`` means that no credential is asked for.
    """
    whole = Litestar(route_handlers=routes, openapi_config=OPENAPI, logging_config=None).openapi_schema.to_schema()
    paths, schemas = whole["paths"], whole.setdefault("components", {}).setdefault("schemas", {})
    documented = (*_documented_types(), *(route.opt["body"] for route in routes if "body" in route.opt))
    shared, components = msgspec.json.schema_components(documented, ref_template=_REF)
    references = dict(zip(documented, shared, strict=True))
    schemas.update(components)
    schemas["Problem"] = problem_schema()
    for decider in DECIDERS:
        for spec in decider.commands:
            if generated(spec):
                _item(paths, command_path(decider, spec))["post"] = _command(decider, spec, references)
        base = f"/v1/{decider.plural}/{{stream_id}}"
        _item(paths, base)["get"] = _read(decider, references[decider.state])
        _item(paths, f"{base}/history")["get"] = _history(decider, references[HistoryPage])
    for route in routes:
        _said_by_the_route(paths, route, references)
    _problems_everywhere(paths)
    whole["components"]["securitySchemes"] = BEARER
    whole["security"] = [{"bearer": []}]
    return whole


def _documented_types() -> tuple[Any, ...]:
    commands = [s.command for d in DECIDERS for s in d.commands if generated(s)]
    return (*commands, *(d.state for d in DECIDERS), CommandResponse, HistoryPage)


def _item(paths: dict[str, Any], path: str) -> dict[str, Any]:
    found: dict[str, Any] = paths.setdefault(path.replace(":str", ""), {})
    return found


def _said_by_the_route(paths: dict[str, Any], route: HTTPRouteHandler, references: dict[Any, Any]) -> None:
    if not route.resolve_include_in_schema() or not route.opt:
        return
    for path in route.paths:
        operations = _item(paths, path)
        for method in (name.lower() for name in route.http_methods if name.lower() in operations):
            operation = operations[method]
            named = (*route.opt.get("query", ()), *route.opt.get("headers", ()))
            if named:
                operation["parameters"] = [*operation.get("parameters", ()), *named_parameters(*named)]
            if "body" in route.opt:
                operation["requestBody"] = _json_of(references[route.opt["body"]])
            if route.opt.get("public"):
                operation["security"] = []


def _json_of(schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _command(decider: Decider[Any], spec: CommandSpec, references: dict[Any, Any]) -> dict[str, Any]:
    clause = f"{spec.clause}. " if spec.clause else ""
    return {
        "operationId": f"{decider.noun}.{spec.name}",
        "tags": [decider.plural],
        "summary": f"{spec.summary.zh} · {spec.summary.en}",
        "description": f"{clause}Permission: `{spec.permission}`.",
        "parameters": command_parameters(acts=not spec.creates),
        "requestBody": _json_of(references[spec.command]),
        "responses": {
            "201" if spec.creates else "200": {
                "description": "The events that were appended.",
                "headers": {
                    "ETag": {"schema": {"type": "string"}, "description": "The stream's version."},
                    "Kaohe-Position": {"schema": {"type": "integer"}, "description": "The tenant's position."},
                },
                "content": {"application/json": {"schema": references[CommandResponse]}},
            },
        },
    }


def _read(decider: Decider[Any], state: Any) -> dict[str, Any]:
    return {
        "operationId": f"{decider.noun}.read",
        "tags": [decider.plural],
        "summary": f"查看{decider.title.zh} · Read a {decider.title.en}",
        "description": f"The state now or as of a moment. Permission: {_reads(decider)}.",
        "parameters": read_parameters("as_of"),
        "responses": {
            "200": {
                "description": "The state after the stream's event `version`.",
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "The stream's version."}},
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["id", "version", "state"],
                            "properties": {
                                "id": {"type": "string", "format": "uuid"},
                                "version": {"type": "integer"},
                                "state": state,
                            },
                        }
                    }
                },
            }
        },
    }


def _reads(decider: Decider[Any]) -> str:
    """The permission to read a noun, in words."""
    return f"`{decider.noun}.read`" if decider.about is None else "to read what it is about"


def _history(decider: Decider[Any], page: Any) -> dict[str, Any]:
    return {
        "operationId": f"{decider.noun}.history",
        "tags": [decider.plural],
        "summary": f"{decider.title.zh}的历史 · History of a {decider.title.en}",
        "description": (
            "Every event with who, when, under which clause and rules, and what it changed in the state."
            f" The reading is noted in the access log. Permission: {_reads(decider)}."
        ),
        "parameters": read_parameters("as_of", "cursor", "limit"),
        "responses": {
            "200": {"description": "A page, oldest first.", "content": {"application/json": {"schema": page}}}
        },
    }


def _problems_everywhere(paths: dict[str, Any]) -> None:
    """Every operation can answer with a problem; Litestar's own error schemas are not what we send."""
    for item in paths.values():
        for operation in item.values():
            if isinstance(operation, dict) and "responses" in operation:
                kept = {code: r for code, r in operation["responses"].items() if code.startswith("2")}
                operation["responses"] = {**kept, **error_responses()}
