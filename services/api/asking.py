"""What every query does besides its own question: permission, parameters, the position it answers from, pages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get
from litestar.datastructures import ResponseHeader
from litestar.handlers import HTTPRouteHandler

from infra.database import Connection
from projections.asking import position_of
from services.api.bodies import json_response
from services.api.pages import encode_cursor, limit_of
from services.api.parameters import QueryParameter, documented, refuse_others
from services.api.requests import Desk, HttpRequest, Reader, reading

T = TypeVar("T")

Position = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Microseconds = Annotated[int, msgspec.Meta(ge=0, le=10**17)]
"""An instant in a cursor, counted from 1970: a number cannot be a date that the database does not have."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_POSITION_HEADER = ResponseHeader(
    name="Kaohe-Position",
    description="The position of the tenant's order that this answer has come to, at least.",
    documentation_only=True,
)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A question being answered in a tenant transaction: ``limit`` rows a page, as of ``position`` at least."""

    reader: Reader
    zone: ZoneInfo
    now: datetime
    limit: int
    position: int

    @property
    def tenant(self) -> UUID:
        """Whose rows are read."""
        return self.reader.tenant

    @property
    def connection(self) -> Connection:
        """The transaction."""
        return self.reader.connection

    def answer(self, value: T) -> Response[T]:
        """The answer, with the position that it has come to."""
        return json_response(value, headers={"Kaohe-Position": str(self.position)})

    def cut(self, rows: Sequence[T], key: Callable[[T], Any]) -> tuple[list[T], str | None]:
        """Of one row more than the page holds: the page, and the cursor of the next if there is one."""
        shown = list(rows[: self.limit])
        return shown, encode_cursor(key(shown[-1])) if len(rows) > self.limit else None


def query(
    path: str, tag: str, summary: str, parameters: Iterable[QueryParameter[Any]] = ()
) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """A GET route that documents its parameters and its position."""
    return get(
        path,
        tags=[tag],
        summary=summary,
        operation_class=documented(*parameters),
        response_headers=[_POSITION_HEADER],
    )


@asynccontextmanager
async def asking(  # noqa: PLR0913 - what a question is asked with
    desk: Desk,
    request: HttpRequest,
    permission: str | None,
    parameters: Iterable[QueryParameter[Any]] = (),
    *,
    projections: tuple[str, ...] = (),
    read_only: bool = True,
) -> AsyncIterator[Asking]:
    """Admit the question. The position is read before the rows, so that the answer has come at least so far.

    Without ``projections`` the answer comes from streams, which are never behind. An answer that is to be noted in the
    access log needs a transaction that is not ``read_only``.
    """
    async with reading(desk, request, permission, read_only=read_only) as reader:
        refuse_others(request, parameters)
        yield Asking(
            reader=reader,
            zone=ZoneInfo(reader.config.calendar.timezone),
            now=desk.runtime.clock(),
            limit=limit_of(request),
            position=await _position(reader, projections),
        )


async def _position(reader: Reader, projections: tuple[str, ...]) -> int:
    if projections:
        return await position_of(reader.connection, reader.tenant, *projections)
    position: int = await reader.connection.fetchval("select position from ledger where tenant_id = $1", reader.tenant)
    return position


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day of the tenant's."""
    return datetime.combine(day, time(), zone)


def to_microseconds(instant: datetime) -> int:
    """An instant as it stands in a cursor."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(count: int) -> datetime:
    """The instant of a cursor."""
    return _EPOCH + timedelta(microseconds=count)
