"""Projects' books and repair funds: receipts held, hand-overs, suppliers, statements also as a workbook (R13)."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.fee_book import FEE_BOOK
from domain.kernel import not_found
from domain.repair_fund import REPAIR_FUND
from projections import fee_money as money
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, choice_parameter, id_parameter
from services.api.requests import Desk, HttpRequest, path_id
from services.documents.statements import workbook

PROJECT = id_parameter("project_id", "Of this project alone.")
COLLECTOR = id_parameter("collector", "Of this collector alone.")
STATUS = choice_parameter("status", "In this status; `open` are all that await something.", ("open", *money.STATUSES))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_STATEMENTS = 200

_HELD: tuple[QueryParameter[Any], ...] = (PROJECT, COLLECTOR, *PAGING)
_HANDOVERS: tuple[QueryParameter[Any], ...] = (PROJECT, COLLECTOR, STATUS, *PAGING)
_SUPPLIERS: tuple[QueryParameter[Any], ...] = (PROJECT, *PAGING)
Code = Annotated[str, msgspec.Meta(max_length=60)]


class BookPage(msgspec.Struct, frozen=True):
    """Books in the order in which they began; ``next`` is the cursor of the page after this one."""

    items: list[money.BookStanding]
    next: str | None


class HeldPage(msgspec.Struct, frozen=True):
    """Receipts not handed over, oldest first."""

    items: list[money.HeldReceipt]
    next: str | None


class HandoverPage(msgspec.Struct, frozen=True):
    """Hand-overs, oldest first."""

    items: list[money.HandoverStanding]
    next: str | None


class SupplierPage(msgspec.Struct, frozen=True):
    """What suppliers are owed, by project and item."""

    items: list[money.SupplierBalance]
    next: str | None


class PublishedStatements(msgspec.Struct, frozen=True):
    """What was published of a book, oldest first."""

    items: list[money.Published]


class FundPage(msgspec.Struct, frozen=True):
    """Repair funds in the order in which they began."""

    items: list[money.FundStanding]
    next: str | None


class FundStatementPage(msgspec.Struct, frozen=True):
    """A repair fund, its published statements, and its bookings, oldest first."""

    fund: money.FundStanding
    published: list[money.Published]
    items: list[money.FundBooking]
    next: str | None


def fee_book_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_book_routes(desk), *_money_routes(desk), *_fund_routes(desk)]


def _book_routes(desk: Desk) -> list[HTTPRouteHandler]:
    names = (money.PROJECTION,)

    @query("/v1/fee-books", "fee-books", "收支账簿列表 · Fee books", PAGING)
    async def books(request: HttpRequest) -> Response[BookPage]:
        """Each book with the accounts that it owes, and by when. Permission: `fee_book.read`."""
        async with asking(desk, request, "fee_book.read", PAGING, projections=names) as asked:
            today = asked.reader.config.calendar.local_date(asked.now)
            after = decode_cursor(request, Position)
            rows = await money.books(asked.connection, asked.tenant, after=after, today=today, limit=asked.limit + 1)
            return asked.answer(BookPage(*asked.cut(rows, lambda each: each.position)))

    @query("/v1/fee-books/{stream_id:str}/statements", "fee-books", "已公布账目 · Published accounts")
    async def statements(request: HttpRequest, stream_id: FromPath[str]) -> Response[PublishedStatements]:
        """What was published, as it was frozen then. Permission: `fee_book.read`."""
        book = path_id(stream_id)
        async with asking(desk, request, "fee_book.read", projections=names) as asked:
            await _must_exist(desk, asked, FEE_BOOK.noun, book)
            question = money.published_question(asked.tenant, stream=book)
            rows = await money.published(asked.connection, question, zone=asked.zone, limit=MOST_STATEMENTS)
            return asked.answer(PublishedStatements(rows))

    @query(
        "/v1/fee-books/{stream_id:str}/statements/{month:str}/xlsx", "fee-books", "账目表格 · Accounts as a workbook"
    )
    async def table(request: HttpRequest, stream_id: FromPath[str], month: FromPath[str]) -> Response[bytes]:
        """The accounts of the period that begins with a month, as XLSX. Permission: `fee_book.read`."""
        book = path_id(stream_id)
        async with asking(desk, request, "fee_book.read", projections=names) as asked:
            question = money.published_question(asked.tenant, stream=book, month=month[:7])
            rows = await money.published(asked.connection, question, zone=asked.zone, limit=1)
            if not rows or rows[0].accounts is None or len(month) != len("2026-01"):
                raise not_found(FEE_BOOK.title)
        content = await asyncio.to_thread(workbook, rows[0].accounts)
        headers = {"Content-Disposition": f'attachment; filename="accounts-{month[:7]}.xlsx"'}
        return Response(content, media_type=XLSX, headers=headers)

    return [books, statements, table]


def _money_routes(desk: Desk) -> list[HTTPRouteHandler]:
    names = (money.PROJECTION,)

    @query("/v1/reports/fee-receipts-held", "reports", "未上交收款 · Receipts not handed over", _HELD)
    async def held(request: HttpRequest) -> Response[HeldPage]:
        """What collectors hold, and when they owe it to finance. Permission: `fee_book.read`."""
        async with asking(desk, request, "fee_book.read", _HELD, projections=names) as asked:
            rows = await money.held(
                asked.connection, asked.tenant, _wanted(request), zone=asked.zone, limit=asked.limit + 1
            )
            return asked.answer(HeldPage(*asked.cut(rows, lambda each: each.position)))

    @query("/v1/reports/fee-handovers", "reports", "收款上交 · Hand-overs to finance", _HANDOVERS)
    async def handovers(request: HttpRequest) -> Response[HandoverPage]:
        """What was handed over, counted and received; differences that are open. Permission: `fee_book.read`."""
        async with asking(desk, request, "fee_book.read", _HANDOVERS, projections=names) as asked:
            rows = await money.handovers(asked.connection, asked.tenant, _wanted(request, STATUS), asked.limit + 1)
            return asked.answer(HandoverPage(*asked.cut(rows, lambda each: each.position)))

    @query("/v1/reports/fee-suppliers", "reports", "代收代付余额 · Owed to suppliers", _SUPPLIERS)
    async def suppliers(request: HttpRequest) -> Response[SupplierPage]:
        """What was collected for suppliers and not passed on. Permission: `fee_book.read`."""
        async with asking(desk, request, "fee_book.read", _SUPPLIERS, projections=names) as asked:
            after = decode_cursor(request, tuple[UUID, Code])
            project = PROJECT.of(request)
            rows = await money.suppliers(asked.connection, asked.tenant, project, after, asked.limit + 1)
            return asked.answer(SupplierPage(*asked.cut(rows, lambda each: (each.project_id, each.item))))

    return [held, handovers, suppliers]


def _fund_routes(desk: Desk) -> list[HTTPRouteHandler]:
    names = (money.PROJECTION,)

    @query("/v1/repair-funds", "repair-funds", "修缮基金列表 · Repair funds", _SUPPLIERS)
    async def funds(request: HttpRequest) -> Response[FundPage]:
        """Each fund with what is in it. Permission: `repair_fund.read`."""
        async with asking(desk, request, "repair_fund.read", _SUPPLIERS, projections=names) as asked:
            after = decode_cursor(request, Position)
            question = money.funds_question(asked.tenant, project=PROJECT.of(request), after=after)
            rows = await money.funds(asked.connection, question, asked.limit + 1)
            return asked.answer(FundPage(*asked.cut(rows, lambda each: each.position)))

    @query("/v1/repair-funds/{stream_id:str}/statement", "repair-funds", "修缮基金对账单 · Statement of a fund", PAGING)
    async def statement(request: HttpRequest, stream_id: FromPath[str]) -> Response[FundStatementPage]:
        """Each booking with the event that it stands in, and what was published. Permission: `repair_fund.read`."""
        fund = path_id(stream_id)
        async with asking(desk, request, "repair_fund.read", PAGING, projections=names) as asked:
            standing = await money.funds(asked.connection, money.fund_question(asked.tenant, fund), 1)
            if not standing:
                raise not_found(REPAIR_FUND.title)
            question = money.published_question(asked.tenant, stream=fund)
            published = await money.published(asked.connection, question, zone=asked.zone, limit=MOST_STATEMENTS)
            after = decode_cursor(request, Position)
            rows = await money.bookings(asked.connection, asked.tenant, fund, after=after, limit=asked.limit + 1)
            page = asked.cut(rows, lambda each: each.number)
            return asked.answer(FundStatementPage(standing[0], published, *page))

    return [funds, statement]


def _wanted(request: HttpRequest, status: QueryParameter[str] | None = None) -> money.MoneyAsked:
    asked = None if status is None else status.of(request)
    return money.MoneyAsked(
        project=PROJECT.of(request),
        collector=COLLECTOR.of(request),
        statuses=money.OPEN if asked == "open" else () if asked is None else (asked,),
        after=decode_cursor(request, Position),
    )


async def _must_exist(desk: Desk, asked: Any, noun: str, stream: UUID) -> None:
    found = await desk.runtime.states.read(asked.connection, asked.tenant, noun, stream)
    if found.state is None:
        raise not_found(FEE_BOOK.title)
