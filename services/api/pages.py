"""Keyset pagination: a page, and an opaque cursor that says after which row the next one begins."""

import base64
from typing import Any

import msgspec

from domain.kernel import Text
from services.api.problems import Problem
from services.api.requests import HttpRequest, whole_number

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR_LENGTH = 500


def limit_of(request: HttpRequest) -> int:
    """``?limit=``: 1 to 200 rows."""
    asked = request.query_params.get("limit")
    if asked is None:
        return DEFAULT_LIMIT
    limit = whole_number(asked)
    if limit is None or not 1 <= limit <= MAX_LIMIT:
        raise Problem(
            400,
            "bad_limit",
            Text(f"limit 须为 1 至 {MAX_LIMIT}", f"limit takes 1 to {MAX_LIMIT}."),
            field="/limit",
        )
    return limit


def encode_cursor(key: Any) -> str:
    """The cursor of a row's key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(request: HttpRequest, key_type: Any) -> Any:
    """The key of ``?cursor=`` as ``key_type`` says, or none for the first page.

    Raises `Problem` 400 for what we did not make.
    """
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return None
    bad = Problem(400, "bad_cursor", Text("cursor 无效", "The cursor is not one of ours."), field="/cursor")
    try:
        raw = base64.urlsafe_b64decode(cursor[:MAX_CURSOR_LENGTH] + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(raw, type=key_type)
    except (ValueError, msgspec.MsgspecError):
        raise bad from None
    if b"\\u0000" in raw:
        raise bad  # the database takes no NUL in a text
    return key
