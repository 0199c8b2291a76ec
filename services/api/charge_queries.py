"""What units owe and have paid: arrears by age, what periods brought in, the statement of an account (R13)."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.fee_account import FEE_ACCOUNT, FeeAccountState
from domain.fee_account.parts import Ownership
from domain.kernel import Context, not_found
from domain.periods import Month, month_of
from domain.rules.r13 import in_force
from projections import fee_reports as reports
from services.api.asking import Asking, Position, asking, begin_of, query
from services.api.noting import noted
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    day_parameter,
    id_parameter,
    month_parameter,
    text_parameter,
)
from services.api.requests import Desk, HttpRequest, path_id

PROJECT = id_parameter("project_id", "Of this project alone.")
BUILDING = text_parameter("building", "Of this building alone.", most=60)
KIND = choice_parameter("kind", "Of this kind of fee alone.", reports.KINDS)
DAY = day_parameter("day", "As of the end of this day; of today unless named.")
FROM_MONTH = month_parameter("from", "Periods that begin in this month or later; in this year's unless named.")
TO_MONTH = month_parameter("to", "Periods that begin in this month or earlier.")

_ARREARS: tuple[QueryParameter[Any], ...] = (PROJECT, BUILDING, KIND, DAY, *PAGING)
_COLLECTION: tuple[QueryParameter[Any], ...] = (PROJECT, KIND, FROM_MONTH, TO_MONTH, *PAGING)
Word = Annotated[str, msgspec.Meta(max_length=60)]
Age = Annotated[int, msgspec.Meta(ge=0, le=100)]


class ArrearsPage(msgspec.Struct, frozen=True):
    """Arrears by project, building, kind and age, and the version of the rules by whose limits ages are parted."""

    rule_version: int
    items: list[reports.Arrears]
    next: str | None


class CollectionPage(msgspec.Struct, frozen=True):
    """What periods brought in until now, by project and kind."""

    items: list[reports.Collection]
    next: str | None


class AccountStatementPage(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's account: whose it was since when, what is owed or (below zero) is credit, and its entries."""

    account_id: UUID
    project_id: UUID
    building: str
    unit: str
    owner: str
    owners: list[Ownership]
    balance_fen: int
    items: list[reports.AccountEntry]
    next: str | None


def fee_report_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_report_routes(desk), _statement_route(desk)]


def _report_routes(desk: Desk) -> list[HTTPRouteHandler]:
    names = (reports.PROJECTION,)

    @query("/v1/reports/fee-arrears", "reports", "欠费账龄 · Arrears by age", _ARREARS)
    async def arrears(request: HttpRequest) -> Response[ArrearsPage]:
        """What was overdue at the end of a day, by how long. Permission: `fee_account.read`."""
        async with asking(desk, request, "fee_account.read", _ARREARS, projections=names) as asked:
            day = DAY.of(request) or asked.reader.config.calendar.local_date(asked.now)
            found = in_force(_context(asked), day)
            wanted = reports.ArrearsAsked(
                at=begin_of(day + timedelta(days=1), asked.zone) - timedelta(microseconds=1),
                day=day,
                limits=found.values.arrears_days,
                project=PROJECT.of(request),
                building=BUILDING.of(request),
                kind=KIND.of(request),
                after=decode_cursor(request, tuple[UUID, Word, Word, Age]),
            )
            rows = await reports.arrears(asked.connection, asked.tenant, wanted, asked.limit + 1)
            places = (0, *wanted.limits)
            page = asked.cut(
                rows, lambda each: (each.project_id, each.building, each.kind, places.index(each.from_days - 1))
            )
            return asked.answer(ArrearsPage(found.version, *page))

    @query("/v1/reports/fee-collection", "reports", "收缴率 · Rate of collection", _COLLECTION)
    async def collection(request: HttpRequest) -> Response[CollectionPage]:
        """Charged and paid until now, by period, project and kind. Permission: `fee_account.read`."""
        async with asking(desk, request, "fee_account.read", _COLLECTION, projections=names) as asked:
            this = month_of(asked.reader.config.calendar.local_date(asked.now))
            wanted = reports.CollectionAsked(
                first=FROM_MONTH.of(request) or f"{this[:4]}-01",
                last=TO_MONTH.of(request) or f"{this[:4]}-12",
                project=PROJECT.of(request),
                kind=KIND.of(request),
                after=decode_cursor(request, tuple[Month, Month, UUID, Word]),
            )
            rows = await reports.collection(asked.connection, asked.tenant, wanted, asked.limit + 1)
            page = asked.cut(rows, lambda each: (each.first_month, each.last_month, each.project_id, each.kind))
            return asked.answer(CollectionPage(*page))

    return [arrears, collection]


def _statement_route(desk: Desk) -> HTTPRouteHandler:
    names = (reports.PROJECTION,)

    @query("/v1/fee-accounts/{stream_id:str}/statement", "fee-accounts", "收费对账单 · Statement of an account", PAGING)
    async def statement(request: HttpRequest, stream_id: FromPath[str]) -> Response[AccountStatementPage]:
        """Each entry with what took it back, oldest first; the reading is noted. Permission: `fee_account.read`."""
        account = path_id(stream_id)
        async with asking(desk, request, "fee_account.read", PAGING, projections=names, read_only=False) as asked:
            found = await desk.runtime.states.read(asked.connection, asked.tenant, FEE_ACCOUNT.noun, account)
            if not isinstance(found.state, FeeAccountState):
                raise not_found(FEE_ACCOUNT.title)
            after = decode_cursor(request, Position)
            rows = await reports.entries(
                asked.connection, asked.tenant, account, after=after, zone=asked.zone, limit=asked.limit + 1
            )
            await noted(desk, request, asked.reader, "personal_data", noun=FEE_ACCOUNT.noun, stream=account)
            items, following = asked.cut(rows, lambda each: each.number)
            state = found.state
            return asked.answer(
                AccountStatementPage(
                    account_id=account,
                    project_id=state.project_id,
                    building=state.building,
                    unit=state.unit,
                    owner=state.owner,
                    owners=list(state.owners),
                    balance_fen=state.balance_fen,
                    items=items,
                    next=following,
                )
            )

    return statement


def _context(asked: Asking) -> Context:
    """What rules are in force needs no more than these."""
    reader = asked.reader
    return Context(
        actor=reader.principal.actor, now=asked.now, calendar=reader.config.calendar, rules=reader.config.rules
    )
