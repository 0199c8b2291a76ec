"""The access log over HTTP, for auditors; and the note that a handler makes of a reading."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from projections import access_log as log
from services.api.asking import Microseconds, asking, begin_of, from_microseconds, query, to_microseconds
from services.api.noting import noted
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    code_parameter,
    day_parameter,
    id_parameter,
)
from services.api.requests import Desk, HttpRequest

PERSON = id_parameter("person", "By this member alone.")
WHAT = choice_parameter("what", "Of this kind alone.", log.KINDS)
NOUN = code_parameter("noun", "Of this noun alone.")
STREAM = id_parameter("stream_id", "Of this stream alone.")
SINCE = day_parameter("from", "On this date or later.")
UNTIL = day_parameter("to", "On this date or earlier.")

_FILTERS: tuple[QueryParameter[Any], ...] = (PERSON, WHAT, NOUN, STREAM, SINCE, UNTIL)
_ASKED: tuple[QueryParameter[Any], ...] = (*_FILTERS, *PAGING)


class AccessPage(msgspec.Struct, frozen=True):
    """Readings, latest first; ``next`` is the cursor of the page after this one."""

    items: list[log.LoggedAccess]
    next: str | None


def access_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/access-log", "access-log", "访问记录 · Access log", _ASKED)
    async def access_log(request: HttpRequest) -> Response[AccessPage]:
        """Who read which history, earlier moment, personal data, file or document. `access_log.read`, itself noted."""
        async with asking(desk, request, "access_log.read", _ASKED, read_only=False) as asked:
            after = decode_cursor(request, tuple[Microseconds, UUID])
            since, until = SINCE.of(request), UNTIL.of(request)
            wanted = log.AccessesAsked(
                person=PERSON.of(request),
                what=WHAT.of(request),
                noun=NOUN.of(request),
                stream=STREAM.of(request),
                since=None if since is None else begin_of(since, asked.zone),
                before=None if until is None else begin_of(until + timedelta(days=1), asked.zone),
                after=after and (from_microseconds(after[0]), after[1]),
            )
            found = await log.accesses(asked.connection, asked.tenant, wanted, asked.zone, asked.limit + 1)
            filters = " ".join(f"{one.name}={one.of(request)}" for one in _FILTERS if one.of(request) is not None)
            await noted(desk, request, asked.reader, "access_log", noun="access_log", detail=filters)
            return asked.answer(AccessPage(*asked.cut(found, lambda each: (to_microseconds(each.at), each.entry_id))))

    return [access_log]
