"""Purchased goods: their procedures, deliveries that await something, suppliers who were rejected, stock (R15.5.2)."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.kernel import Text
from domain.periods import month_of
from projections import goods_board as board
from projections.duty_board import of_months
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    id_parameter,
    month_parameter,
    text_parameter,
)
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest

GOOD_STATUS = choice_parameter("status", "In this status.", board.GOOD_STATUSES)
DEPARTMENT = text_parameter("department", "That this department needs, by its name.", 120)
STATUS = choice_parameter("status", "In this status.", board.RECEIPT_STATUSES)
AWAITING = choice_parameter("awaiting", "Of which this is to be done next.", board.STEPS)
SUPPLIER = text_parameter("supplier", "Of this supplier alone.", 120)
GOOD = id_parameter("good", "Of this good alone.")
REJECTED = choice_parameter("rejected", "Only what failed, whatever became of it.", ("true",))
LATE = choice_parameter("late", "Only what is late.", ("true",))
FROM_MONTH = month_parameter("from", "Delivered in this month or later; the tenant's current one unless named.")
TO_MONTH = month_parameter("to", "Delivered in this month or earlier; the first one unless named.")
ALL = choice_parameter("all", "Suppliers without a rejected delivery, too.", ("true",))
MOST_MONTHS = 24
READ = "goods_receipt.read"
Supplier = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]

_GOODS: tuple[QueryParameter[Any], ...] = (GOOD_STATUS, DEPARTMENT, *PAGING)
_DELIVERIES: tuple[QueryParameter[Any], ...] = (STATUS, AWAITING, SUPPLIER, GOOD, REJECTED, LATE, *PAGING)
_SUPPLIERS: tuple[QueryParameter[Any], ...] = (FROM_MONTH, TO_MONTH, ALL, *PAGING)
_STOCKS: tuple[QueryParameter[Any], ...] = (GOOD, *PAGING)


class GoodPage(msgspec.Struct, frozen=True):
    """Goods in the order in which they were registered; ``next`` is the cursor of the page after this one."""

    items: list[board.ListedGood]
    next: str | None


class DeliveryPage(msgspec.Struct, frozen=True):
    """Deliveries in the order in which they came; ``next`` is the cursor of the page after this one."""

    items: list[board.GoodsDelivery]
    next: str | None


class SupplierPage(msgspec.Struct, frozen=True):
    """Suppliers by name, with what became of their deliveries."""

    items: list[board.SupplierRecord]
    next: str | None


class StockPage(msgspec.Struct, frozen=True):
    """What there is of each good."""

    items: list[board.StockStanding]
    next: str | None


def goods_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    names = (board.PROJECTION,)

    @query("/v1/goods-receipts", "goods-receipts", "到货与验收列表 · Deliveries", _DELIVERIES)
    async def deliveries(request: HttpRequest) -> Response[DeliveryPage]:
        """Deliveries by what they await, by supplier, good or status. Permission: `goods_receipt.read`."""
        async with asking(desk, request, READ, _DELIVERIES, projections=names) as asked:
            wanted = board.DeliveriesAsked(
                status=STATUS.of(request),
                awaiting=AWAITING.of(request),
                supplier=SUPPLIER.of(request),
                good=GOOD.of(request),
                rejected=REJECTED.of(request) is not None,
                late=LATE.of(request) is not None,
                after=decode_cursor(request, Position),
            )
            found = await board.deliveries(
                asked.connection, asked.tenant, wanted, zone=asked.zone, limit=asked.limit + 1
            )
            return asked.answer(DeliveryPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/reports/rejected-deliveries", "reports", "供货单位不合格到货 · Rejected deliveries", _SUPPLIERS)
    async def suppliers(request: HttpRequest) -> Response[SupplierPage]:
        """What of each supplier's deliveries failed, and what became of it. Permission: `goods_receipt.read`."""
        async with asking(desk, request, READ, _SUPPLIERS, projections=names) as asked:
            first = FROM_MONTH.of(request) or month_of(asked.reader.config.calendar.local_date(asked.now))
            begin, end = of_months(first, TO_MONTH.of(request) or first)
            if not 0 < (end - begin).days <= MOST_MONTHS * 31:
                text = Text(f"须为一至{MOST_MONTHS}个月", f"Ask for one month to {MOST_MONTHS}.")
                raise Problem(400, "bad_parameter", text, field="/to")
            wanted = board.SuppliersAsked(
                first=begin, last=end, all=ALL.of(request) is not None, after=decode_cursor(request, Supplier)
            )
            found = await board.suppliers(asked.connection, asked.tenant, wanted, asked.limit + 1)
            return asked.answer(SupplierPage(*asked.cut(found, lambda each: each.supplier)))

    @query("/v1/goods-stocks", "goods-stocks", "物品库存 · Stock of goods", _STOCKS)
    async def stocks(request: HttpRequest) -> Response[StockPage]:
        """What there is of each good, and what came and went. Permission: `goods_stock.read`."""
        async with asking(desk, request, "goods_stock.read", _STOCKS, projections=names) as asked:
            question = board.stock_question(asked.tenant, good=GOOD.of(request), after=decode_cursor(request, UUID))
            found = await board.stocks(asked.connection, question, asked.limit + 1)
            return asked.answer(StockPage(*asked.cut(found, lambda each: each.stock_id)))

    return [_goods(desk), deliveries, suppliers, stocks]


def _goods(desk: Desk) -> HTTPRouteHandler:
    @query("/v1/purchased-goods", "purchased-goods", "采购物品列表 · Purchased goods", _GOODS)
    async def goods(request: HttpRequest) -> Response[GoodPage]:
        """Each good with the version of its procedure in force today. Permission: `purchased_good.read`."""
        async with asking(desk, request, "purchased_good.read", _GOODS, projections=(board.PROJECTION,)) as asked:
            wanted = board.GoodsAsked(
                today=asked.reader.config.calendar.local_date(asked.now),
                status=GOOD_STATUS.of(request),
                department=DEPARTMENT.of(request),
                after=decode_cursor(request, Position),
            )
            found = await board.goods(asked.connection, asked.tenant, wanted, asked.limit + 1)
            return asked.answer(GoodPage(*asked.cut(found, lambda each: each.position)))

    return goods
