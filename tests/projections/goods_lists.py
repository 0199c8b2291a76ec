"""The lists of purchased goods with each of their filters, for the test of their plans."""

from datetime import date
from uuid import UUID

from projections import goods_board as goods

SOME = UUID(int=0x77)


def goods_lists(tenant):
    """The lists of deliveries, suppliers and stocks."""
    days = {"first": date(2026, 6, 1), "last": date(2027, 6, 1)}
    return {
        "goods": goods.good_question(tenant, goods.GoodsAsked(today=days["first"], after=5)),
        "goods of status": goods.good_question(tenant, goods.GoodsAsked(today=days["first"], status="approved")),
        "goods of department": goods.good_question(tenant, goods.GoodsAsked(today=days["first"], department="环境部")),
        "deliveries": goods.delivery_question(tenant, goods.DeliveriesAsked(after=5)),
        "deliveries of status": goods.delivery_question(tenant, goods.DeliveriesAsked(status="failed", late=True)),
        "deliveries awaiting": goods.delivery_question(tenant, goods.DeliveriesAsked(awaiting="trial", after=5)),
        "deliveries of supplier": goods.delivery_question(tenant, goods.DeliveriesAsked(supplier="甲", rejected=True)),
        "deliveries of good": goods.delivery_question(tenant, goods.DeliveriesAsked(good=SOME)),
        "suppliers": goods.supplier_question(tenant, goods.SuppliersAsked(**days)),
        "all suppliers": goods.supplier_question(tenant, goods.SuppliersAsked(all=True, after="甲", **days)),
        "stocks": goods.stock_question(tenant, after=SOME),
        "stock of good": goods.stock_question(tenant, good=SOME),
    }
