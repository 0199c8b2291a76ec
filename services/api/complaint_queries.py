"""Complaints: the board, what is due when, and how long they take."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.periods import Month
from projections import complaint_times as times
from projections import complaints_board as board
from projections.labels import COMPLAINT_STATUSES
from services.api.asking import (
    Microseconds,
    Position,
    asking,
    begin_of,
    from_microseconds,
    query,
    to_microseconds,
)
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    code_parameter,
    day_parameter,
    id_parameter,
    month_parameter,
    text_parameter,
)
from services.api.requests import Desk, HttpRequest

STATUS = choice_parameter("status", "In this status.", COMPLAINT_STATUSES)
OPEN = choice_parameter("open", "Open ones, or closed ones.", ("yes", "no"))
LATE = choice_parameter("late", "Those whose limit has passed, or those in time.", ("yes", "no"))
PAUSED = choice_parameter("paused", "Those in which the customer is waited for, or the others.", ("yes", "no"))
KIND = code_parameter("kind", "Of this kind alone.")
DEPARTMENT = text_parameter("department", "That concern this department.", most=120)
PROJECT = id_parameter("project_id", "About this project.")
PERSON = id_parameter("person", "Of this responsible person.")
DUE_UNTIL = day_parameter("until", "Due on this date or earlier.")
FIRST = month_parameter("from", "From this month on.")
LAST = month_parameter("to", "Up to this month, included.")

_FILTERS: tuple[QueryParameter[Any], ...] = (STATUS, LATE, PAUSED, KIND, DEPARTMENT, PROJECT, PERSON)
_BOARD: tuple[QueryParameter[Any], ...] = (OPEN, *_FILTERS, *PAGING)
_DUE: tuple[QueryParameter[Any], ...] = (DUE_UNTIL, *_FILTERS, *PAGING)
_TIMES: tuple[QueryParameter[Any], ...] = (DEPARTMENT, FIRST, LAST, *PAGING)


class ComplaintPage(msgspec.Struct, frozen=True):
    """Complaints; ``next`` is the cursor of the page after this one."""

    items: list[board.ComplaintStanding]
    next: str | None


class ComplaintTimesPage(msgspec.Struct, frozen=True):
    """Months and departments, the latest month first."""

    items: list[times.ComplaintTimes]
    next: str | None


def complaint_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/complaints", "complaints", "投诉看板 · Complaints", _BOARD)
    async def complaints(request: HttpRequest) -> Response[ComplaintPage]:
        """Each complaint with what is due when, its level, pause and lateness. Permission: `complaint.read`."""
        async with asking(desk, request, "complaint.read", _BOARD, projections=(board.PROJECTION,)) as asked:
            found = await board.complaints(
                asked.connection,
                asked.tenant,
                _wanted(request, _yes(OPEN, request)),
                after=decode_cursor(request, Position),
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            return asked.answer(ComplaintPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/reports/complaints-due", "reports", "到期投诉 · Complaints by what is due", _DUE)
    async def complaints_due(request: HttpRequest) -> Response[ComplaintPage]:
        """Open complaints, the one longest due first; those that are late lead. Permission: `complaint.read`."""
        async with asking(desk, request, "complaint.read", _DUE, projections=(board.PROJECTION,)) as asked:
            until, after = DUE_UNTIL.of(request), decode_cursor(request, tuple[Microseconds, UUID])
            found = await board.complaints_due(
                asked.connection,
                asked.tenant,
                _wanted(request, None),
                # what is due on a day is late from the first instant of the next
                before=None if until is None else begin_of(until + timedelta(days=1), asked.zone) + _INSTANT,
                after=after and (from_microseconds(after[0]), after[1]),
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            return asked.answer(ComplaintPage(*asked.cut(found, _due_key)))

    @query("/v1/reports/complaint-times", "reports", "投诉响应与办结时间 · Times of complaints", _TIMES)
    async def complaint_times(request: HttpRequest) -> Response[ComplaintTimesPage]:
        """Response and resolution by department and month: counts, median, p90, rating. `complaint.read`."""
        async with asking(desk, request, "complaint.read", _TIMES, projections=(times.PROJECTION,)) as asked:
            wanted = times.TimesAsked(
                department=DEPARTMENT.of(request),
                first=FIRST.of(request),
                last=LAST.of(request),
                after=decode_cursor(request, tuple[Month, str]),
            )
            found = await times.complaint_times(asked.connection, asked.tenant, wanted, asked.limit + 1)
            page = asked.cut(found, lambda each: (each.month, each.department or ""))
            return asked.answer(ComplaintTimesPage(*page))

    return [complaints, complaints_due, complaint_times]


_INSTANT = timedelta(microseconds=1)


def _due_key(shown: board.ComplaintStanding) -> tuple[int, UUID]:
    assert shown.limit is not None
    return to_microseconds(shown.limit.due_by), shown.complaint_id


def _wanted(request: HttpRequest, is_open: bool | None) -> board.ComplaintsAsked:
    return board.ComplaintsAsked(
        status=STATUS.of(request),
        open=is_open,
        late=_yes(LATE, request),
        paused=_yes(PAUSED, request),
        kind=KIND.of(request),
        department=DEPARTMENT.of(request),
        project=PROJECT.of(request),
        person=PERSON.of(request),
    )


def _yes(parameter: QueryParameter[str], request: HttpRequest) -> bool | None:
    asked = parameter.of(request)
    return None if asked is None else asked == "yes"
