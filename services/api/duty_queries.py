"""Duties and nonconformities: what is owed today, how levels and projects keep it, what is open and for how long."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.kernel import Text
from domain.periods import Month, month_of
from domain.roles import ROLE_NAMES
from projections import duty_board as board
from projections.duty_heat import heat_map
from services.api.asking import (
    Asking,
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
    day_parameter,
    id_parameter,
    month_parameter,
)
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest

PERSON = id_parameter("person", "What this member owes, by name or by a role that he holds.")
ROLE = choice_parameter("role", "Owed in this role.", ROLE_NAMES)
PROJECT = id_parameter("project", "Of this project or place alone.")
UNTIL = day_parameter("until", "Open on this date or earlier; the tenant's today unless named.")
FROM_MONTH = month_parameter("from", "The first month; the tenant's current one unless named.")
TO_MONTH = month_parameter("to", "The last month; the first one unless named.")
OF_PERSON = id_parameter("person", "What this member answered for.")
STATUS = choice_parameter("status", "In this status; all that are not closed unless named.", board.ISSUE_STATUSES)
OVERDUE = choice_parameter("overdue", "Only what is overdue.", ("true",))
MOST_MONTHS = 13

_OWED: tuple[QueryParameter[Any], ...] = (PERSON, ROLE, PROJECT, UNTIL, *PAGING)
_COMPLIANCE: tuple[QueryParameter[Any], ...] = (FROM_MONTH, TO_MONTH, PROJECT, ROLE, OF_PERSON, *PAGING)
_CALENDAR: tuple[QueryParameter[Any], ...] = (FROM_MONTH, TO_MONTH, PROJECT, ROLE, OF_PERSON)
_ISSUES: tuple[QueryParameter[Any], ...] = (STATUS, PROJECT, OVERDUE, *PAGING)
Word = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[a-z_]*$(?!\n)")]


class OwedPage(msgspec.Struct, frozen=True):
    """What is owed, what closes first at the top; ``next`` is the cursor of the page after this one."""

    items: list[board.OwedDuty]
    next: str | None


class CompliancePage(msgspec.Struct, frozen=True):
    """How levels kept what they owed, by month, place and level."""

    items: list[board.Compliance]
    next: str | None


class DutyCalendar(msgspec.Struct, frozen=True):
    """Day by day, how the windows that ended did."""

    days: list[board.CalendarDay]


class IssuePage(msgspec.Struct, frozen=True):
    """Nonconformities in the order in which they were found."""

    items: list[board.OpenIssue]
    next: str | None


def duty_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/duties", "duties", "应办职责 · What is owed", _OWED)
    async def owed(request: HttpRequest) -> Response[OwedPage]:
        """Each duty whose window is open, by whom and until when. Permission: `duty.read`."""
        async with asking(desk, request, "duty.read", _OWED, projections=(board.PROJECTION,)) as asked:
            wanted = _owed_by(asked, request)
            found = await board.owed(asked.connection, asked.tenant, wanted, zone=asked.zone, limit=asked.limit + 1)
            return asked.answer(
                OwedPage(*asked.cut(found, lambda each: (to_microseconds(each.closes_at), each.duty_id)))
            )

    @query("/v1/reports/duty-compliance", "reports", "履职情况 · Compliance by level and month", _COMPLIANCE)
    async def compliance(request: HttpRequest) -> Response[CompliancePage]:
        """Met, missed and excused windows by month, place and level. Permission: `duty.read`."""
        async with asking(desk, request, "duty.read", _COMPLIANCE, projections=(board.PROJECTION,)) as asked:
            after = decode_cursor(request, tuple[Month, UUID, Word])
            found = await board.compliance(
                asked.connection, asked.tenant, _days(asked, request), after=after, limit=asked.limit + 1
            )
            page = asked.cut(found, lambda each: (each.month, each.scope_id or UUID(int=0), each.role))
            return asked.answer(CompliancePage(*page))

    @query("/v1/reports/duty-calendar", "reports", "履职日历 · Calendar of duties", _CALENDAR)
    async def calendar(request: HttpRequest) -> Response[DutyCalendar]:
        """Met, missed and excused windows by the day they ended on. Permission: `duty.read`."""
        async with asking(desk, request, "duty.read", _CALENDAR, projections=(board.PROJECTION,)) as asked:
            days = await board.calendar(asked.connection, asked.tenant, _days(asked, request))
            return asked.answer(DutyCalendar(days))

    @query("/v1/reports/duty-calendar.svg", "reports", "履职日历图 · Calendar of duties, drawn", _CALENDAR)
    async def drawn(request: HttpRequest) -> Response[bytes]:
        """The same as a heat map: a square a day, a row a weekday. Permission: `duty.read`."""
        async with asking(desk, request, "duty.read", _CALENDAR, projections=(board.PROJECTION,)) as asked:
            wanted = _days(asked, request)
            days = await board.calendar(asked.connection, asked.tenant, wanted)
            image = heat_map(days, wanted.first, wanted.last).encode()
            headers = {"Kaohe-Position": str(asked.position)}
            return Response(image, media_type="image/svg+xml", headers=headers)

    @query("/v1/nonconformities", "nonconformities", "不合格项列表 · Nonconformities", _ISSUES)
    async def issues(request: HttpRequest) -> Response[IssuePage]:
        """What is open, since when, who corrects it until when. Permission: `nonconformity.read`."""
        async with asking(desk, request, "nonconformity.read", _ISSUES, projections=(board.ISSUES,)) as asked:
            wanted = board.IssuesAsked(
                status=STATUS.of(request),
                project=PROJECT.of(request),
                overdue=OVERDUE.of(request) is not None,
                after=decode_cursor(request, Position),
            )
            found = await board.issues(
                asked.connection,
                asked.tenant,
                wanted,
                today=asked.reader.config.calendar.local_date(asked.now),
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            return asked.answer(IssuePage(*asked.cut(found, lambda each: each.position)))

    return [owed, compliance, calendar, drawn, issues]


def _owed_by(asked: Asking, request: HttpRequest) -> board.OwedAsked:
    """Whose duties, and which of them are open by the end of the day asked for."""
    after = decode_cursor(request, tuple[Microseconds, UUID])
    until = UNTIL.of(request) or asked.reader.config.calendar.local_date(asked.now)
    person, role = PERSON.of(request), ROLE.of(request)
    return board.OwedAsked(
        person=person,
        roles=(role,) if role else _roles_of(asked, person),
        scope=PROJECT.of(request),
        opens_before=begin_of(until + timedelta(days=1), asked.zone),
        after=after and (from_microseconds(after[0]), after[1]),
    )


def _roles_of(asked: Asking, person: UUID | None) -> tuple[str, ...]:
    """The roles that a member holds today."""
    organisation = asked.reader.config.organisation
    if person is None or organisation is None:
        return ()
    member = organisation.members.get(person)
    return () if member is None else tuple(sorted(member.roles))


def _days(asked: Asking, request: HttpRequest) -> board.DaysAsked:
    """The days of the months asked for. Raises `Problem` 400 for too many of them, or none."""
    today = asked.reader.config.calendar.local_date(asked.now)
    first = FROM_MONTH.of(request) or month_of(today)
    last = TO_MONTH.of(request) or first
    begin, end = board.of_months(first, last)
    if not 0 < (end - begin).days <= MOST_MONTHS * 31:
        text = Text(f"须为一至{MOST_MONTHS}个月", f"Ask for one month to {MOST_MONTHS}.")
        raise Problem(400, "bad_parameter", text, field="/to")
    return board.DaysAsked(
        scope=PROJECT.of(request), role=ROLE.of(request), person=OF_PERSON.of(request), first=begin, last=end
    )
