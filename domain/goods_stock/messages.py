"""What is asked of the stock of a good, and what happens to it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from domain.evidence import Evidence
from domain.goods_frame import Name, Quantity, Words
from domain.kernel import Command, Event

Label = Annotated[str, msgspec.Meta(max_length=120)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """So much of one lot; ``taken_in`` is the lot's place in the order in which lots came."""

    receipt_id: UUID
    lot: str
    taken_in: int
    quantity: int


class OpenStock(Command, frozen=True, kw_only=True):
    """A good can be received, so there is a stock of it, and nothing in it (建立库存)."""

    good_id: UUID
    good: Label
    unit: Label


class TakeIn(Command, frozen=True, kw_only=True):
    """A lot that passed was stored (入库)."""

    receipt_id: UUID
    good_id: UUID
    good: Label
    unit: Label
    lot: Label
    quantity: Quantity


class IssueGoods(Command, frozen=True, kw_only=True):
    """Issue some of it, to somebody for something (领用出库); what came first goes first."""

    quantity: Quantity
    recipient: Name
    purpose: Words
    project_id: UUID | None = None


class ReturnGoods(Command, frozen=True, kw_only=True):
    """Take back what an issue left over (退库); what is not ``fit`` any more is not put back."""

    issue: Number
    quantity: Quantity
    fit: bool
    note: Words


class WriteOffGoods(Command, frozen=True, kw_only=True):
    """Take what is spoilt or lost out of a lot (报损)."""

    receipt_id: UUID
    quantity: Quantity
    reason: Words
    evidence: Evidence = ()


class StockOpened(Event, frozen=True, kw_only=True, tag="goods_stock.opened"):
    """There is a stock of a good."""

    good_id: UUID
    good: str
    unit: str
    clause: str = "R15.5.2"


class GoodsTakenIn(Event, frozen=True, kw_only=True, tag="goods_stock.taken_in"):
    """A lot came in; ``on_hand_after`` is of all lots."""

    part: Part
    on_hand_after: int
    taken_on: date
    clause: str = "R15.5.2"


class GoodsIssued(Event, frozen=True, kw_only=True, tag="goods_stock.issued"):
    """Some of it went out, of these lots."""

    number: int
    quantity: int
    parts: tuple[Part, ...]
    recipient: str
    purpose: str
    project_id: UUID | None
    on_hand_after: int
    issued_on: date
    returnable_until: date
    issued_by: UUID | None
    clause: str = "R15.5.2"
    rule_version: int


class GoodsTakenBack(Event, frozen=True, kw_only=True, tag="goods_stock.taken_back"):
    """Some of an issue came back; only what is ``fit`` is in the stock again."""

    issue: int
    quantity: int
    parts: tuple[Part, ...]
    fit: bool
    note: str
    on_hand_after: int
    taken_on: date
    taken_by: UUID | None
    clause: str = "R15.5.2"


class GoodsWrittenOff(Event, frozen=True, kw_only=True, tag="goods_stock.written_off"):
    """Some of a lot is no more."""

    part: Part
    reason: str
    evidence: Evidence
    on_hand_after: int
    written_off_on: date
    written_off_by: UUID | None
    clause: str = "R15.5.2"
