"""The body guard: what a body must be before anything looks at its meaning.

Well-formed UTF-8 JSON of bounded depth, without NUL and lone surrogates, with finite numbers and zoned instants;
unknown fields and wrong types are refused by the command's own type. Each refusal says where.
"""

import re
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec

from domain.kernel import Text
from services.api.problems import Problem

MAX_DEPTH = 40
MAX_DECIMAL_EXPONENT = 30
_JSON_TYPES = (b"application/json", b"application/vnd.kaohe+json")
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_POINTER = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+|\.\.\.)\]")

T = TypeVar("T")


def require_json(content_type: bytes) -> None:
    """Refuse a body that does not say it is JSON in UTF-8 (415)."""
    media_type, _, parameters = content_type.partition(b";")
    charset = parameters.strip().lower().removeprefix(b"charset=").strip(b'"')
    if media_type.strip().lower() not in _JSON_TYPES or charset not in (b"", b"utf-8"):
        raise Problem(
            415, "unsupported_media_type", Text("请使用 application/json (UTF-8)", "Send application/json in UTF-8.")
        )


def decode(raw: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """The value of a body. Raises `Problem` 400 for what is no JSON, 422 for what does not fit."""
    _require_shallow(raw)
    if b"\\u0000" in raw and _ESCAPED_NUL.search(raw):
        raise _bad("nul_character", "文本中不能含有空字符", "Text must not contain NUL.")
    try:
        value = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None
    except UnicodeDecodeError:
        raise _bad("malformed_utf8", "不是有效的 UTF-8", "The body is not valid UTF-8.") from None
    except (msgspec.DecodeError, RecursionError, ValueError):
        raise _bad("malformed_json", "不是有效的 JSON", "The body is not valid JSON.") from None
    kind: Any = type(value)
    check = value_check(kind)
    if check is not None:
        check(value)
    return value


def _require_shallow(raw: bytes) -> None:
    """Bound the nesting before the parser recurses."""
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", raw)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise _bad("too_deep", f"嵌套超过 {MAX_DEPTH} 层", f"The body nests more than {MAX_DEPTH} levels.")


def _bad(code: str, zh: str, en: str) -> Problem:
    return Problem(400, code, Text(zh, en))


def _invalid(error: msgspec.ValidationError) -> Problem:
    message = str(error)
    found = _POINTER.search(message)
    pointer = ""
    if found:
        steps = _STEP.finditer(found["path"])
        pointer = "".join(f"/{step['name'] or step['index']}" for step in steps)
        message = message[: found.start()]
    unknown = re.search(r"unknown field `(?P<name>[^`]*)`", message)
    missing = re.search(r"missing required field `(?P<name>[^`]*)`", message)
    named = unknown or missing
    if named:
        pointer = f"{pointer}/{named['name']}"
    code = "unknown_field" if unknown else "missing_field" if missing else "invalid_value"
    return Problem(
        422, code, Text(f"字段不符合要求：{pointer or '/'}", f"{message} (at {pointer or '/'})"), field=pointer or "/"
    )


@cache
def value_check(value_type: Hashable) -> Callable[[Any], None] | None:
    """The check of decimals and instants inside a type, or none where it holds neither."""
    schema = repr(msgspec.inspect.type_info(value_type))
    if "DecimalType" not in schema and "DateTimeType" not in schema and "AnyType" not in schema:
        return None
    return _check_values


def _check_values(value: object) -> None:
    for path, leaf in _leaves(value, ""):
        if isinstance(leaf, Decimal):
            if not leaf.is_finite() or abs(leaf.adjusted()) > MAX_DECIMAL_EXPONENT:
                raise Problem(422, "invalid_value", Text("数值必须有限", "The number must be finite."), field=path)
        elif leaf.tzinfo is None:
            raise Problem(
                422,
                "naive_time",
                Text("时间必须带时区偏移", "The instant needs an offset, such as +08:00."),
                field=path,
            )


def _leaves(value: object, path: str) -> Iterator[tuple[str, Decimal | datetime]]:
    if isinstance(value, Decimal | datetime):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _leaves(getattr(value, field), f"{path}/{field}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}/{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}/{index}")
