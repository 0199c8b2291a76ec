"""Where the stock of a good stands: what is there of which lot, and what may still come back."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.goods_stock import messages as m
from domain.kernel import State


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue of which something may still come back."""

    parts: tuple[m.Part, ...]
    until: date


class GoodsStockState(State, frozen=True, kw_only=True):
    """The stock of one good (库存). ``lots`` holds what is there by receipt, in the order in which it came.

    ``stored`` + ``returned`` = ``on_hand`` + ``issued`` + ``written_off``, always. Issues that can no longer come
    back are forgotten, so that a busy stock stays small.
    """

    good_id: UUID
    good: str
    unit: str
    lots: dict[str, m.Part] = msgspec.field(default_factory=dict)
    issues: dict[int, Issue] = msgspec.field(default_factory=dict)
    taken_in: int = 0
    number: int = 0
    stored: int = 0
    issued: int = 0
    returned: int = 0
    written_off: int = 0

    @property
    def on_hand(self) -> int:
        """What is there of all lots."""
        return sum(part.quantity for part in self.lots.values())


def _opened(event: m.StockOpened) -> GoodsStockState:
    return GoodsStockState(status="open", good_id=event.good_id, good=event.good, unit=event.unit)


def _taken_in(state: GoodsStockState, event: m.GoodsTakenIn) -> GoodsStockState:
    lots = _moved(state.lots, event.part, event.part.quantity)
    stored = state.stored + event.part.quantity
    return replace(state, lots=lots, taken_in=event.part.taken_in, stored=stored)


def _written_off(state: GoodsStockState, event: m.GoodsWrittenOff) -> GoodsStockState:
    lots = _moved(state.lots, event.part, -event.part.quantity)
    return replace(state, lots=lots, written_off=state.written_off + event.part.quantity)


def _issued(state: GoodsStockState, event: m.GoodsIssued) -> GoodsStockState:
    lots = state.lots
    for part in event.parts:
        lots = _moved(lots, part, -part.quantity)
    kept = {number: issue for number, issue in state.issues.items() if issue.until >= event.issued_on}
    kept[event.number] = Issue(parts=event.parts, until=event.returnable_until)
    return replace(state, lots=lots, issues=kept, number=event.number, issued=state.issued + event.quantity)


def _taken_back(state: GoodsStockState, event: m.GoodsTakenBack) -> GoodsStockState:
    lots, back = state.lots, {part.receipt_id: part.quantity for part in event.parts}
    if event.fit:
        for part in event.parts:
            lots = _moved(lots, part, part.quantity)
    issue = state.issues[event.issue]
    left = tuple(
        replace(part, quantity=part.quantity - back.get(part.receipt_id, 0))
        for part in issue.parts
        if part.quantity > back.get(part.receipt_id, 0)
    )
    issues = {**state.issues, event.issue: replace(issue, parts=left)}
    returned = state.returned + (event.quantity if event.fit else 0)
    return replace(state, lots=lots, issues=issues, returned=returned)


def _moved(lots: dict[str, m.Part], part: m.Part, change: int) -> dict[str, m.Part]:
    """The lots after so much more, or less, of one; a lot of which nothing is left is gone."""
    key = str(part.receipt_id)
    there = lots[key].quantity if key in lots else 0
    moved = {**lots, key: replace(part, quantity=there + change)}
    if there + change == 0:
        del moved[key]
    return moved


evolve: Evolve[GoodsStockState] = folding(
    "a stock",
    begins={m.StockOpened: _opened},
    steps={
        m.GoodsTakenIn: _taken_in,
        m.GoodsIssued: _issued,
        m.GoodsTakenBack: _taken_back,
        m.GoodsWrittenOff: _written_off,
    },
)
