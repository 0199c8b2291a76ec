"""Parts of the OpenAPI document that every operation shares."""

from typing import Any

BEARER: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A session token from POST /v1/sessions, or an API key.",
    }
}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "stream_id": {"in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    "Idempotency-Key": {
        "in": "header",
        "description": "Kept 72 h: the same request under the same key is done once and answered alike.",
        "schema": {"type": "string", "maxLength": 128},
    },
    "If-Match": {
        "in": "header",
        "description": 'The version you have seen, such as `"3"`.',
        "schema": {"type": "string"},
    },
    "Kaohe-Receipt": {
        "in": "header",
        "required": True,
        "description": "The receipt of an anonymous report. It belongs in no address.",
        "schema": {"type": "string", "maxLength": 300},
    },
    "Kaohe-Min-Position": {
        "in": "header",
        "description": "Wait until processing has passed this position (a Kaohe-Position you were given).",
        "schema": {"type": "integer", "minimum": 0},
    },
    "as_of": {
        "in": "query",
        "description": "An instant with offset, or a position: the state as it stood then.",
        "schema": {"type": "string"},
    },
    "cursor": {"in": "query", "description": "The `next` of the page before.", "schema": {"type": "string"}},
    "limit": {"in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
}
_ERRORS = {
    "400": "The request can't be read: malformed JSON, UTF-8, nesting, header or parameter.",
    "401": "No valid credential.",
    "403": "A permission is lacking, or the organisation is suspended.",
    "404": "There is no such thing, for you.",
    "405": "The address does not take this method.",
    "409": "A rule or the state does not allow it; `clause` names the rule.",
    "412": "If-Match named another version.",
    "413": "The body is too large.",
    "415": "The body is not application/json in UTF-8.",
    "422": "A value does not fit; `field` points at it.",
    "429": "Too many requests; Retry-After says when.",
    "500": "Something went wrong here.",
    "503": "Busy or away; Retry-After says when. The same Idempotency-Key finds out what became of it.",
}


def _named(name: str) -> dict[str, Any]:
    return {"name": name, **_PARAMETERS[name]}


def named_parameters(*names: str) -> list[dict[str, Any]]:
    """Parameters by their names."""
    return [_named(name) for name in names]


def command_parameters(*, acts: bool) -> list[dict[str, Any]]:
    """The parameters of a command; ``acts`` on an existing stream."""
    headers = [_named("Idempotency-Key"), _named("If-Match"), _named("Kaohe-Min-Position")]
    return [_named("stream_id"), *headers] if acts else headers


def read_parameters(*names: str) -> list[dict[str, Any]]:
    """The parameters of a read of one stream."""
    return [_named("stream_id"), *(_named(name) for name in names), _named("Kaohe-Min-Position")]


def error_responses() -> dict[str, Any]:
    """The problem answers."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": text, "content": content} for code, text in _ERRORS.items()}


def problem_schema() -> dict[str, Any]:
    """The problem document (RFC 9457) with our own members."""
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "detail_en", "correlation_id"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": {**text, "description": "Stable and machine-readable."},
            "detail": {**text, "description": "中文说明"},
            "detail_en": text,
            "instance": text,
            "correlation_id": text,
            "clause": {**text, "description": "The clause of the regulation that refused."},
            "field": {**text, "description": "JSON pointer or name of the field that does not fit."},
            "details": {"type": "object"},
        },
    }
