"""Folds purchased goods: their procedures, where deliveries stand and what is owed of them, what lies in the store."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.goods_receipt import events as e
from domain.goods_stock import messages as s
from domain.kernel import Event
from domain.purchased_good import messages as p
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table


class GoodRow(msgspec.Struct):
    """A good that is bought; the columns of ``purchased_goods``."""

    good_id: UUID
    registered_position: int
    name: str
    unit: str
    department: str
    status: str = "drafting"
    drafted: bool = False
    deliveries: int = 0


class ProcedureRow(msgspec.Struct):
    """A version of a good's procedure that was approved and not withdrawn; the columns of ``goods_procedures``."""

    good_id: UUID
    number: int
    effective_from: date


class ReceiptRow(msgspec.Struct):
    """A delivery; the columns of ``goods_receipts``."""

    receipt_id: UUID
    opened_position: int
    good_id: UUID
    good: str
    unit: str
    department: str
    supplier: str
    buyer: UUID
    lot: str
    quantity: int
    delivered_on: date
    replaces: UUID | None
    rule_version: int
    status: str = "registered"
    step: str | None = "inspection"
    due_by: datetime | None = None
    late: bool = False
    trial_until: date | None = None
    defective: int = 0
    storable: int | None = None
    failed_on: date | None = None
    reasons: str = ""
    disposal: str | None = None

    def stand(self, status: str, step: str | None, due_by: datetime | None = None) -> None:
        """It stands so from here on, and this is to be done next."""
        self.status, self.step, self.due_by, self.late = status, step, due_by, False


class StockRow(msgspec.Struct):
    """The stock of a good; the columns of ``goods_stocks``."""

    stock_id: UUID
    good_id: UUID
    good: str
    unit: str
    on_hand: int = 0
    stored: int = 0
    issued: int = 0
    returned: int = 0
    written_off: int = 0
    last_moved_on: date | None = None


GOOD_TABLE = Table("purchased_goods", GoodRow, ("good_id",))
PROCEDURES = Table("goods_procedures", ProcedureRow, ("good_id", "number"))
RECEIPTS = Table("goods_receipts", ReceiptRow, ("receipt_id",))
STOCKS = Table("goods_stocks", StockRow, ("stock_id",))
_Receipts = Rows[ReceiptRow]
_Stocks = Rows[StockRow]
_NEXT = {"return": ("returning", "return"), "replace": ("awaiting_replacement", "replacement")}
_CONCESSION = ("conceding", "concession")


class Bought:
    """The rows of goods and of their procedures that a batch works on."""

    def __init__(self) -> None:
        self.goods = Rows(GOOD_TABLE)
        self.procedures = Rows(PROCEDURES)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    bought, receipts, stocks = Bought(), Rows(RECEIPTS), Rows(STOCKS)
    of_goods = {folded.stream_id for folded in batch if type(folded.event) in _GOOD_STEPS}
    of_receipts = {folded.stream_id for folded in batch if type(folded.event) in _RECEIPT_STEPS}
    of_stocks = {folded.stream_id for folded in batch if type(folded.event) in _STOCK_STEPS}
    await bought.goods.load(connection, tenant, build, good_id=of_goods)
    await bought.procedures.load(connection, tenant, build, good_id=of_goods)
    await receipts.load(connection, tenant, build, receipt_id=of_receipts)
    await stocks.load(connection, tenant, build, stock_id=of_stocks)
    for folded in batch:
        if type(folded.event) in _RECEIPT_STEPS:
            _RECEIPT_STEPS[type(folded.event)](receipts, folded, folded.event)
        elif type(folded.event) in _GOOD_STEPS:
            _GOOD_STEPS[type(folded.event)](bought, folded, folded.event)
        else:
            _STOCK_STEPS[type(folded.event)](stocks, folded, folded.event)
    await bought.goods.write(connection, tenant, build)
    await bought.procedures.write(connection, tenant, build)
    await receipts.write(connection, tenant, build)
    await stocks.write(connection, tenant, build)


def _registered(bought: Bought, folded: Folded, event: p.GoodRegistered) -> None:
    row = GoodRow(folded.stream_id, folded.position, event.name, event.unit, event.department)
    bought.goods.put(row)


def _drafted(bought: Bought, folded: Folded, _: p.ProcedureDrafted) -> None:
    bought.goods.change(folded.stream_id).drafted = True


def _approved(bought: Bought, folded: Folded, event: p.ProcedureApproved) -> None:
    row = bought.goods.change(folded.stream_id)
    row.status, row.drafted = "approved", False
    bought.procedures.put(ProcedureRow(folded.stream_id, event.number, event.effective_from))


def _withdrawn(bought: Bought, folded: Folded, _: p.ProcedureWithdrawn) -> None:
    """Of a procedure that was withdrawn no version is left; a draft is."""
    bought.goods.change(folded.stream_id).status = "withdrawn"
    for known in [row for row in bought.procedures.known() if row.good_id == folded.stream_id]:
        bought.procedures.drop(known.good_id, known.number)


def _delivered(bought: Bought, folded: Folded, _: p.DeliveryRegistered) -> None:
    bought.goods.change(folded.stream_id).deliveries += 1


def _opened(rows: _Receipts, folded: Folded, event: e.ReceiptOpened) -> None:
    delivery = event.delivery
    rows.put(
        ReceiptRow(
            receipt_id=folded.stream_id,
            opened_position=folded.position,
            good_id=delivery.good_id,
            good=delivery.good,
            unit=delivery.unit,
            department=delivery.department,
            supplier=delivery.supplier,
            buyer=delivery.buyer,
            lot=delivery.lot,
            quantity=delivery.quantity,
            delivered_on=delivery.delivered_on,
            replaces=delivery.replaces,
            rule_version=event.rule_version,
            due_by=event.inspect_by,
        )
    )


def _trying(rows: _Receipts, folded: Folded, event: e.TrialBegun) -> None:
    row = rows.change(folded.stream_id)
    row.stand("on_trial", "trial", event.due_by)
    row.trial_until, row.defective = event.until, event.defective


def _passed(rows: _Receipts, folded: Folded, event: e.GoodsPassed) -> None:
    row = rows.change(folded.stream_id)
    row.stand("passed", "storage")
    row.defective, row.storable = event.defective, event.storable


def _failed(rows: _Receipts, folded: Folded, event: e.GoodsFailed) -> None:
    row = rows.change(folded.stream_id)
    row.stand("failed", "notification", event.notify_by)
    row.defective, row.failed_on, row.reasons = event.defective, event.decided_on, " ".join(event.reasons)


def _asked(rows: _Receipts, folded: Folded, event: e.BuyerNotified | e.ConcessionRefused) -> None:
    rows.change(folded.stream_id).stand("failed", "answer", event.answer_by)


def _answered(rows: _Receipts, folded: Folded, event: e.RejectionAnswered) -> None:
    row = rows.change(folded.stream_id)
    row.stand(*_NEXT.get(event.disposal, _CONCESSION))
    row.disposal = event.disposal


def _ended(status: str) -> Callable[[_Receipts, Folded, Any], None]:
    return lambda rows, folded, _: rows.change(folded.stream_id).stand(status, None)


def _late(rows: _Receipts, folded: Folded, _: e.StepOverdue) -> None:
    rows.change(folded.stream_id).late = True


def _stock_opened(rows: _Stocks, folded: Folded, event: s.StockOpened) -> None:
    rows.put(StockRow(stock_id=folded.stream_id, good_id=event.good_id, good=event.good, unit=event.unit))


def _taken_in(rows: _Stocks, folded: Folded, event: s.GoodsTakenIn) -> None:
    row = rows.change(folded.stream_id)
    row.stored += event.part.quantity
    row.on_hand, row.last_moved_on = event.on_hand_after, event.taken_on


def _issued(rows: _Stocks, folded: Folded, event: s.GoodsIssued) -> None:
    row = rows.change(folded.stream_id)
    row.issued += event.quantity
    row.on_hand, row.last_moved_on = event.on_hand_after, event.issued_on


def _taken_back(rows: _Stocks, folded: Folded, event: s.GoodsTakenBack) -> None:
    row = rows.change(folded.stream_id)
    row.returned += event.quantity if event.fit else 0
    row.on_hand, row.last_moved_on = event.on_hand_after, event.taken_on


def _written_off(rows: _Stocks, folded: Folded, event: s.GoodsWrittenOff) -> None:
    row = rows.change(folded.stream_id)
    row.written_off += event.part.quantity
    row.on_hand, row.last_moved_on = event.on_hand_after, event.written_off_on


_GOOD_STEPS: Mapping[type[Event], Callable[[Bought, Folded, Any], None]] = {
    p.GoodRegistered: _registered,
    p.ProcedureDrafted: _drafted,
    p.ProcedureApproved: _approved,
    p.ProcedureWithdrawn: _withdrawn,
    p.DeliveryRegistered: _delivered,
}
_RECEIPT_STEPS: Mapping[type[Event], Callable[[_Receipts, Folded, Any], None]] = {
    e.ReceiptOpened: _opened,
    e.TrialBegun: _trying,
    e.GoodsPassed: _passed,
    e.GoodsFailed: _failed,
    e.BuyerNotified: _asked,
    e.ConcessionRefused: _asked,
    e.RejectionAnswered: _answered,
    e.GoodsStored: _ended("stored"),
    e.GoodsReturned: _ended("returned"),
    e.ReplacementReceived: _ended("replaced"),
    e.StepOverdue: _late,
}
_STOCK_STEPS: Mapping[type[Event], Callable[[_Stocks, Folded, Any], None]] = {
    s.StockOpened: _stock_opened,
    s.GoodsTakenIn: _taken_in,
    s.GoodsIssued: _issued,
    s.GoodsTakenBack: _taken_back,
    s.GoodsWrittenOff: _written_off,
}

GOODS = Projection(
    name="goods",
    schema_version=2,
    events=(*_GOOD_STEPS, *_RECEIPT_STEPS, *_STOCK_STEPS),
    tables=("purchased_goods", "goods_procedures", "goods_receipts", "goods_stocks"),
    fold=fold,
)
