"""Typed JSON in and out for the hand-written routes."""

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

import msgspec
from litestar import Response

from infra.wire import canonical
from services.api.body import decode, require_json
from services.api.requests import HttpRequest, header

T = TypeVar("T")


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object: the address says it all."""


async def json_body(request: HttpRequest, body_type: type[T]) -> T:
    """The request's body as ``body_type``, guarded."""
    raw = await request.body()
    require_json((header(request, b"content-type") or "").encode())
    return decode(raw, decoder_of(body_type))


def decoder_of(body_type: type[T]) -> "msgspec.json.Decoder[T]":
    """The decoder of a type, made once."""
    kind: Any = body_type
    decoder: msgspec.json.Decoder[T] = _decoder(kind)
    return decoder


@cache
def _decoder(body_type: Hashable) -> Any:
    return msgspec.json.Decoder(body_type)


def json_response(value: T, status: int = 200, headers: dict[str, str] | None = None) -> Response[T]:
    """A JSON response; the type parameter tells the documentation what is inside."""
    response: Response[Any] = Response(
        canonical(value), status_code=status, media_type="application/json", headers=headers
    )
    return response
