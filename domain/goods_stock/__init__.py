"""The stock of a purchased good (库存): only what passed comes in, and no more goes out than is there (R15.5.2)."""

from domain.commanding import Commands
from domain.goods_stock import handlers
from domain.goods_stock import messages as m
from domain.goods_stock.state import GoodsStockState, evolve
from domain.kernel import Decider, Text

__all__ = ["GOODS_STOCK", "GoodsStockState"]

_spec = Commands(noun="goods_stock", clause="R15.5.2")

GOODS_STOCK = Decider(
    noun="goods_stock",
    plural="goods-stocks",
    title=Text(zh="物品库存", en="stock of a good"),
    state=GoodsStockState,
    statuses=("open",),
    commands=(
        _spec(m.OpenStock, handlers.open_stock, "建立库存", "There is a stock", opens=True, audience="internal"),
        _spec(m.TakeIn, handlers.take_in, "入库", "A lot came in", opens=True, audience="internal"),
        _spec(m.IssueGoods, handlers.issue, "领用出库", "Issue some of it"),
        _spec(m.ReturnGoods, handlers.take_back, "退库", "Take some of it back"),
        _spec(m.WriteOffGoods, handlers.write_off, "报损", "Write some of it off"),
    ),
    events=(m.StockOpened, m.GoodsTakenIn, m.GoodsIssued, m.GoodsTakenBack, m.GoodsWrittenOff),
    evolve=evolve,
)
