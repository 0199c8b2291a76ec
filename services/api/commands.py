"""The one generated thing: a route for every command that people may send, out of the catalogue.

``POST /v1/<nouns>`` creates, ``POST /v1/<nouns>/{id}/<command>`` acts.
"""

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Receive, Scope, Send

from domain.catalogue import DECIDERS
from domain.kernel import Command, CommandSpec, Decider
from services.api.body import decode, require_json
from services.api.requests import (
    Desk,
    HttpRequest,
    credential,
    header,
    if_match,
    key_use,
    path_id,
    raw_body,
    wait_for_position,
)
from services.runtime.commands import CommandRequest, CommandResult


def command_path(decider: Decider[Any], spec: CommandSpec) -> str:
    """The address of a command."""
    if creates_collection(decider, spec):
        return f"/v1/{decider.plural}"
    name = spec.name.replace("_", "-")
    return f"/v1/{decider.plural}/{name}" if spec.creates else f"/v1/{decider.plural}/{{stream_id:str}}/{name}"


def creates_collection(decider: Decider[Any], spec: CommandSpec) -> bool:
    """Whether a command is the one way for people to create its noun."""
    return spec.creates and sum(s.creates and s.audience == "member" for s in decider.commands) == 1


def command_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """A route handler for each command that members may send."""
    return [_route(desk, decider, spec) for decider in DECIDERS for spec in decider.commands if generated(spec)]


def generated(spec: CommandSpec) -> bool:
    """Whether members send the command by a route of this module."""
    return spec.audience == "member" and not spec.own_route


def _route(desk: Desk, decider: Decider[Any], spec: CommandSpec) -> HTTPRouteHandler:
    decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(spec.command)

    async def send(request: HttpRequest, stream: UUID | None) -> Sent:
        token = credential(request)
        tenant = token.ids[0]
        with desk.admitted(request, tenant):
            raw = await raw_body(request, desk.settings.max_body_bytes)
            require_json((header(request, b"content-type") or "").encode())
            command = decode(raw, decoder)
            await wait_for_position(desk.runtime, request, tenant)
            result = await desk.runtime.bus.execute(
                CommandRequest(
                    tenant=tenant,
                    decider=decider,
                    stream=stream or new_stream(tenant, spec, command),
                    command=command,
                    authorise=desk.runtime.authority.authorise(token),
                    if_match=if_match(request),
                    key=key_use(request, raw),
                    correlation=request.scope["state"]["correlation"],
                )
            )
        return Sent(decider, spec, result)

    handler: Callable[..., Awaitable[Sent]]
    if spec.creates:

        async def create(request: HttpRequest) -> Sent:
            return await send(request, None)

        handler = create
    else:

        async def act(request: HttpRequest, stream_id: FromPath[str]) -> Sent:
            return await send(request, path_id(stream_id))

        handler = act
    handler.__name__ = handler.__qualname__ = f"{decider.noun}_{spec.name}"
    return post(command_path(decider, spec), include_in_schema=False)(handler)


def new_stream(tenant: UUID, spec: CommandSpec, command: Command) -> UUID:
    """The id of a stream about to be created: what the command determines, else a new one in time order."""
    if spec.stream_id is not None:
        return spec.stream_id(tenant, command)
    milliseconds, drawn = time.time_ns() // 1_000_000, int.from_bytes(secrets.token_bytes(10), "big")
    value = (milliseconds << 80) | drawn & ~(0xF << 76 | 0b11 << 62) | 0x7 << 76 | 0b10 << 62
    return UUID(int=value)


class _Identified(msgspec.Struct):
    id: UUID


def answer(decider: Decider[Any], spec: CommandSpec, result: CommandResult) -> Response[bytes]:
    """The response of a command: body, version, position, and where a created stream is."""
    headers = _headers(decider, spec, result)
    return Response(result.body, status_code=result.status, media_type="application/json", headers=headers)


def _headers(decider: Decider[Any], spec: CommandSpec, result: CommandResult) -> dict[str, str]:
    headers = {"etag": f'"{result.version}"'}
    if result.position:
        headers["kaohe-position"] = str(result.position)
    if result.replayed:
        headers["idempotency-replayed"] = "true"
    if spec.creates:
        stream = msgspec.json.decode(result.body, type=_Identified).id if result.replayed else result.stream
        headers["location"] = f"/v1/{decider.plural}/{stream}"
    return headers


class Sent:
    """The same response as `answer`'s, written as it is: the framework's conversions cost as much as a decision."""

    __slots__ = ("_body", "_headers", "_status")

    def __init__(self, decider: Decider[Any], spec: CommandSpec, result: CommandResult) -> None:
        self._status = result.status
        self._body = result.body
        self._headers = [(name.encode(), value.encode()) for name, value in _headers(decider, spec, result).items()]
        self._headers.append((b"content-type", b"application/json"))
        self._headers.append((b"content-length", b"%d" % len(result.body)))

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
