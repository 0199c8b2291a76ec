"""Query parameters of the hand-written queries: each declared once, for the document and for reading it.

A parameter that does not fit, is repeated or is unknown is a problem 400 that names it: a misspelt filter must not be
answered as if nothing had been filtered.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from litestar.openapi.spec import Operation, Parameter, Schema

from domain.kernel import Text
from services.api.pages import DEFAULT_LIMIT, MAX_LIMIT
from services.api.problems import Problem
from services.api.requests import HttpRequest

T = TypeVar("T")

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"20[0-9]{2}")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_REVISION = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class QueryParameter(Generic[T]):
    """One parameter: ``schema`` documents it, ``parse`` reads it or raises `ValueError`, ``takes`` tells what fits."""

    name: str
    description: str
    schema: Mapping[str, Any]
    parse: Callable[[str], T]
    takes: Text

    def of(self, request: HttpRequest) -> T | None:
        """Its value in a request, or none. Raises `Problem` 400."""
        sent = request.query_params.getall(self.name, [])
        if not sent:
            return None
        try:
            (text,) = sent
            return self.parse(text)
        except ValueError:
            text = Text(f"{self.name} 须为{self.takes.zh}", f"{self.name} takes {self.takes.en}, once.")
            raise Problem(400, "bad_parameter", text, field=f"/{self.name}") from None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


def _whole(pattern: re.Pattern[str]) -> Callable[[str], int]:
    match = _matching(pattern)
    return lambda text: int(match(text))


def _day(text: str) -> date:
    return date.fromisoformat(_matching(_DAY)(text))


def _unread(text: str) -> str:
    """Cursor and limit are read by `services.api.pages`."""
    return text


def id_parameter(name: str, description: str) -> QueryParameter[UUID]:
    """A parameter that holds an id."""
    return QueryParameter(name, description, {"type": "string", "format": "uuid"}, UUID, Text("标识（UUID）", "a UUID"))


def month_parameter(name: str, description: str) -> QueryParameter[str]:
    """A parameter that holds a month."""
    schema = {"type": "string", "pattern": f"^{_MONTH.pattern}$"}
    return QueryParameter(name, description, schema, _matching(_MONTH), Text("月份 YYYY-MM", "a month, YYYY-MM"))


def day_parameter(name: str, description: str) -> QueryParameter[date]:
    """A parameter that holds a date of the tenant."""
    return QueryParameter(
        name, description, {"type": "string", "format": "date"}, _day, Text("日期 YYYY-MM-DD", "a date, YYYY-MM-DD")
    )


def text_parameter(name: str, description: str, most: int) -> QueryParameter[str]:
    """A parameter that holds words of people's own, of at most so many characters."""
    return QueryParameter(
        name,
        description,
        {"type": "string", "min_length": 1, "max_length": most},
        _matching(re.compile(f"[^\\x00]{{1,{most}}}", re.DOTALL)),
        Text(f"1 至 {most} 个字符", f"1 to {most} characters"),
    )


def code_parameter(name: str, description: str) -> QueryParameter[str]:
    """A parameter that holds a code: lower case letters, digits and underscores."""
    schema = {"type": "string", "pattern": f"^{_CODE.pattern}$"}
    return QueryParameter(name, description, schema, _matching(_CODE), Text("代码（小写字母、数字、下划线）", "a code"))


def choice_parameter(name: str, description: str, options: Iterable[str]) -> QueryParameter[str]:
    """A parameter that holds one of a few words."""
    words = list(options)
    schema = {"type": "string", "enum": words}
    return QueryParameter(
        name,
        description,
        schema,
        _matching(re.compile("|".join(map(re.escape, words)))),
        Text("、".join(words) + " 之一", "one of " + ", ".join(words)),
    )


YEAR = QueryParameter(
    "year",
    "The calendar year; the tenant's current one unless named.",
    {"type": "integer", "minimum": 2000, "maximum": 2099},
    _whole(_YEAR),
    Text("年份 YYYY", "a year, YYYY"),
)
REVISION = QueryParameter(
    "revision",
    "The revision of the scorecard; the latest unless named.",
    {"type": "integer", "minimum": 1},
    _whole(_REVISION),
    Text("正整数", "a whole number from 1"),
)
CURSOR = QueryParameter(
    "cursor", "The `next` of the page before.", {"type": "string"}, _unread, Text("上一页的 next", "a page's `next`")
)
LIMIT = QueryParameter(
    "limit",
    "Rows a page.",
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    _unread,
    Text(f"1 至 {MAX_LIMIT}", f"1 to {MAX_LIMIT}"),
)
PAGING: tuple[QueryParameter[Any], ...] = (CURSOR, LIMIT)

_MIN_POSITION = Parameter(
    name="Kaohe-Min-Position",
    param_in="header",
    description="Wait until processing has passed this position (a Kaohe-Position you were given).",
    schema=Schema(type="integer", minimum=0),  # type: ignore[arg-type]
)


def documented(*parameters: QueryParameter[Any]) -> type[Operation]:
    """The kind of operation whose document lists these parameters."""
    listed = [
        Parameter(name=one.name, param_in="query", description=one.description, schema=_schema(one.schema))
        for one in parameters
    ]

    @dataclass
    class Documented(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *listed, _MIN_POSITION]

    return Documented


def _schema(described: Mapping[str, Any]) -> Schema:
    return Schema(**described)


def refuse_others(request: HttpRequest, parameters: Iterable[QueryParameter[Any]]) -> None:
    """Refuse a parameter that is none of these, and read each of these once for what does not fit."""
    known = {one.name: one for one in parameters}
    for name in request.query_params:
        if name not in known:
            text = Text(f"未知参数 {name[:60]}", f"There is no parameter {name[:60]}.")
            raise Problem(400, "unknown_parameter", text, field=f"/{name[:60]}")
    for one in known.values():
        one.of(request)
