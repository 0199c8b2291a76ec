"""Which goods are bought, what their deliveries await, whose are rejected, what there is of each good (R15.5.2)."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.duty_board import rate
from projections.goods import GOODS
from projections.kernel import Connection
from projections.labels import ClauseRef, clause_ref

PROJECTION = GOODS.name
CLAUSE = "R15.5.2"
GOOD_STATUSES = {
    "drafting": Text("编制中", "its procedure is not approved yet"),
    "approved": Text("规程已批准", "its procedure is approved"),
    "withdrawn": Text("规程已停用", "its procedure is withdrawn"),
}
RECEIPT_STATUSES = {
    "registered": Text("待检验", "to be inspected"),
    "on_trial": Text("试用中", "on trial"),
    "passed": Text("合格待入库", "passed, to be stored"),
    "stored": Text("已入库", "stored"),
    "failed": Text("不合格", "failed"),
    "conceding": Text("待让步审批", "concession asked for"),
    "returning": Text("待退货", "to be returned"),
    "returned": Text("已退货", "returned"),
    "awaiting_replacement": Text("待换货", "awaiting its replacement"),
    "replaced": Text("已换货", "replaced"),
}
STEPS = {
    "inspection": Text("检验", "inspection"),
    "trial": Text("试用评价", "evaluation of the trial"),
    "storage": Text("入库", "storage"),
    "notification": Text("通知采购员", "notifying the buyer"),
    "answer": Text("采购员答复", "the buyer's answer"),
    "concession": Text("让步审批", "the decision on a concession"),
    "return": Text("退货", "return"),
    "replacement": Text("换货", "replacement"),
}


class ListedGood(msgspec.Struct, frozen=True, kw_only=True):
    """A good that is bought. ``version`` of its procedure is in force since ``effective_from``, if any.

    ``drafted``: a draft awaits its approval.
    """

    good_id: UUID
    position: int
    name: str
    unit: str
    department: str
    clause: ClauseRef
    status: str
    status_label: Text
    drafted: bool
    version: int | None
    effective_from: date | None
    deliveries: int


class GoodsDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery: where it stands, what is to be done next and by when, and what it failed by."""

    receipt_id: UUID
    position: int
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
    clause: ClauseRef
    rule_version: int
    status: str
    status_label: Text
    step: str | None
    step_label: Text | None
    due_by: datetime | None
    late: bool
    trial_until: date | None
    defective: int
    storable: int | None
    failed_on: date | None
    reasons: list[str]
    disposal: str | None


class SupplierRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's deliveries of a span of days and what became of those that failed; ``rate`` failed, in per cent."""

    supplier: str
    deliveries: int
    failed: int
    unsettled: int
    returned: int
    replaced: int
    conceded: int
    last_failed_on: date | None
    rate: Decimal | None


class StockStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of a good: stored and returned are together what is on hand, issued and written off."""

    stock_id: UUID
    good_id: UUID
    good: str
    unit: str
    on_hand: int
    stored: int
    issued: int
    returned: int
    written_off: int
    last_moved_on: date | None


class GoodsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which goods, with the version in force on ``today``; ``after`` is the position of the last one seen."""

    today: date
    status: str | None = None
    department: str | None = None
    after: int | None = None


class DeliveriesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which deliveries; ``after`` is the position of the last one seen."""

    status: str | None = None
    awaiting: str | None = None
    supplier: str | None = None
    good: UUID | None = None
    rejected: bool = False
    late: bool = False
    after: int | None = None


class SuppliersAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose deliveries, of which days; without ``all`` only of those who had one rejected."""

    first: date
    last: date
    all: bool = False
    after: str | None = None


def good_question(tenant: UUID, asked: GoodsAsked) -> Question:
    """The statement, in the order in which they were registered."""
    question = (
        Question("purchased_good_list", tenant, asked.today)
        .where("g.status = {}", asked.status)
        .where("g.department = {}", asked.department)
        .where("g.registered_position > {}", asked.after)
    )
    return question.then("order by g.registered_position")


def delivery_question(tenant: UUID, asked: DeliveriesAsked) -> Question:
    """The statement, in the order in which they came."""
    question = (
        Question("goods_receipt_list", tenant)
        .where("g.status = {}", asked.status)
        .where("g.step = {}", asked.awaiting)
        .where("g.supplier = {}", asked.supplier)
        .where("g.good_id = {}", asked.good)
        .where("g.opened_position > {}", asked.after)
    )
    if asked.rejected:
        question.where("g.failed_on is not null")
    if asked.late:
        question.where("g.late = {}", True)
    return question.then("order by g.opened_position")


def supplier_question(tenant: UUID, asked: SuppliersAsked) -> Question:
    """The statement, supplier by supplier."""
    question = (
        Question("goods_suppliers", tenant)
        .where("g.delivered_on >= {}", asked.first)
        .where("g.delivered_on <= {}", asked.last)
        .where("g.supplier > {}", asked.after)
        .then("group by g.supplier")
    )
    if not asked.all:
        question.then("having count(g.failed_on) > 0")
    return question.then("order by g.supplier")


def stock_question(tenant: UUID, *, good: UUID | None = None, after: UUID | None = None) -> Question:
    """The statement, in the order of the stocks' ids."""
    question = Question("goods_stock_list", tenant).where("g.good_id = {}", good).where("g.stock_id > {}", after)
    return question.then("order by g.stock_id")


async def goods(connection: Connection, tenant: UUID, asked: GoodsAsked, limit: int) -> list[ListedGood]:
    """The goods asked for."""
    rows = await good_question(tenant, asked).rows(connection, limit)
    return [
        ListedGood(**dict(row), clause=clause_ref(CLAUSE), status_label=GOOD_STATUSES[row["status"]]) for row in rows
    ]


async def deliveries(
    connection: Connection, tenant: UUID, asked: DeliveriesAsked, *, zone: tzinfo, limit: int
) -> list[GoodsDelivery]:
    """The deliveries asked for."""
    return [_delivery(row, zone) for row in await delivery_question(tenant, asked).rows(connection, limit)]


async def suppliers(connection: Connection, tenant: UUID, asked: SuppliersAsked, limit: int) -> list[SupplierRecord]:
    """How suppliers delivered."""
    rows = await supplier_question(tenant, asked).rows(connection, limit)
    return [SupplierRecord(**dict(row), rate=rate(row["failed"], row["deliveries"] - row["failed"])) for row in rows]


async def stocks(connection: Connection, question: Question, limit: int) -> list[StockStanding]:
    """What there is."""
    return [StockStanding(**dict(row)) for row in await question.rows(connection, limit)]


def _delivery(row: Any, zone: tzinfo) -> GoodsDelivery:
    shown = dict(row)
    due_by, step = shown.pop("due_by"), shown["step"]
    return GoodsDelivery(
        position=shown.pop("opened_position"),
        clause=clause_ref(CLAUSE),
        status_label=RECEIPT_STATUSES[shown["status"]],
        step_label=None if step is None else STEPS[step],
        due_by=None if due_by is None else due_by.astimezone(zone),
        reasons=shown.pop("reasons").split(),
        **shown,
    )
