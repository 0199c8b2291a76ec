"""Projects and deposits: their lists, and the statement of a deposit."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.contract_deposit import CONTRACT_DEPOSIT
from domain.kernel import not_found
from projections import contract_lists as lists
from projections import deposit_statement as statements
from projections.labels import DEPOSIT_STATUSES, PROJECT_STATUSES
from services.api.asking import Position, asking, begin_of, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, choice_parameter, day_parameter, id_parameter
from services.api.requests import Desk, HttpRequest, path_id

PROJECT = id_parameter("project_id", "Of this project alone.")
PROJECT_STATUS = choice_parameter("status", "In this status.", PROJECT_STATUSES)
DEPOSIT_STATUS = choice_parameter("status", "In this status.", DEPOSIT_STATUSES)
SINCE = day_parameter("from", "Booked on this date or later.")
UNTIL = day_parameter("to", "Booked on this date or earlier.")

_PROJECTS: tuple[QueryParameter[Any], ...] = (PROJECT_STATUS, *PAGING)
_DEPOSITS: tuple[QueryParameter[Any], ...] = (PROJECT, DEPOSIT_STATUS, *PAGING)
_STATEMENT: tuple[QueryParameter[Any], ...] = (SINCE, UNTIL, *PAGING)


class ProjectPage(msgspec.Struct, frozen=True):
    """Projects in the order of their registration; ``next`` is the cursor of the page after this one."""

    items: list[lists.ProjectStanding]
    next: str | None


class DepositPage(msgspec.Struct, frozen=True):
    """Deposits in the order of their opening."""

    items: list[lists.DepositStanding]
    next: str | None


class StatementPage(msgspec.Struct, frozen=True):
    """How a deposit stands now, what is owed in top-ups, and a page of its entries, oldest first."""

    deposit: lists.DepositStanding
    owed: list[statements.TopUp]
    items: list[statements.StatementEntry]
    next: str | None


def contract_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/property-projects", "property-projects", "物业项目列表 · Projects", _PROJECTS)
    async def projects(request: HttpRequest) -> Response[ProjectPage]:
        """Each project with its streak, open correction, rights and deposit. Permission: `property_project.read`."""
        names = (lists.PROJECTION,)
        async with asking(desk, request, "property_project.read", _PROJECTS, projections=names) as asked:
            found = await lists.projects(
                asked.connection,
                asked.tenant,
                status=PROJECT_STATUS.of(request),
                after=decode_cursor(request, Position),
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            return asked.answer(ProjectPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/contract-deposits", "contract-deposits", "保证金列表 · Deposits", _DEPOSITS)
    async def deposits(request: HttpRequest) -> Response[DepositPage]:
        """Each deposit with what its entries add up to. Permission: `contract_deposit.read`."""
        names = (lists.PROJECTION,)
        async with asking(desk, request, "contract_deposit.read", _DEPOSITS, projections=names) as asked:
            found = await lists.deposits(
                asked.connection,
                asked.tenant,
                project=PROJECT.of(request),
                status=DEPOSIT_STATUS.of(request),
                after=decode_cursor(request, Position),
                limit=asked.limit + 1,
            )
            return asked.answer(DepositPage(*asked.cut(found, lambda each: each.position)))

    @query(
        "/v1/contract-deposits/{stream_id:str}/statement", "contract-deposits", "保证金对账单 · Statement", _STATEMENT
    )
    async def statement(request: HttpRequest, stream_id: FromPath[str]) -> Response[StatementPage]:
        """Entries with what each rests on: clause, rules, scorecard, events. Permission: `contract_deposit.read`."""
        deposit = path_id(stream_id)
        names = (statements.PROJECTION,)
        async with asking(desk, request, "contract_deposit.read", _STATEMENT, projections=names) as asked:
            since, until = SINCE.of(request), UNTIL.of(request)
            wanted = statements.EntriesAsked(
                since=None if since is None else begin_of(since, asked.zone),
                before=None if until is None else begin_of(until + timedelta(days=1), asked.zone),
                after=decode_cursor(request, Position),
            )
            found = await statements.statement(
                asked.connection, asked.tenant, deposit, asked=wanted, zone=asked.zone, limit=asked.limit + 1
            )
            if found is None:
                raise not_found(CONTRACT_DEPOSIT.title)
            items, after = asked.cut(found.items, lambda each: each.number)
            return asked.answer(StatementPage(found.deposit, list(found.owed), items, after))

    return [projects, deposits, statement]
