"""What is asked of a goods receipt, from the delivery to the store, or back to the supplier."""

from typing import Annotated, Literal

import msgspec

from domain.evidence import Evidence
from domain.goods_frame import CheckCode, Delivery, Name, Quantity, Remark, Short, Words
from domain.goods_sampling import MAX_SAMPLE
from domain.kernel import Command

Seed = Annotated[str, msgspec.Meta(min_length=16, max_length=128, pattern=r"^[0-9a-f]+$(?!\n)")]
UnitNumber = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
Step = Literal["inspection", "trial", "notification", "answer"]
"""What somebody owes of a delivery: to inspect it, to evaluate the trial, to notify the buyer, to answer."""
Disposal = Literal["return", "replace", "concession"]


class OpenReceipt(Command, frozen=True, kw_only=True):
    """Begin the receipt of a delivery (开立进货验收单)."""

    delivery: Delivery


class DrawSample(Command, frozen=True, kw_only=True):
    """Draw the units that are inspected (抽样). ``seed`` is hex; without one a fresh one is used."""

    seed: Seed | None = None


class RecordCheck(Command, frozen=True, kw_only=True):
    """Record a check of the procedure (记录检测结果), or correct what was recorded.

    ``defective`` names the units of the sample that do not conform; a check of the lot has none.
    """

    check: CheckCode
    conforming: bool
    defective: Annotated[tuple[UnitNumber, ...], msgspec.Meta(max_length=MAX_SAMPLE)] = ()
    equipment: Short = ""
    note: Remark = ""
    evidence: Evidence = ()


class ConcludeInspection(Command, frozen=True, kw_only=True):
    """Every check is recorded (检测完毕): whether the lot passed follows from the results."""


class RecordTrial(Command, frozen=True, kw_only=True):
    """Evaluate the trial use (试用评价); ``consumed`` units were used up in it."""

    suitable: bool
    consumed: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    evaluation: Words
    evidence: Evidence = ()


class StoreGoods(Command, frozen=True, kw_only=True):
    """Put what passed into the store (入库)."""

    place: Short = ""


class NotifyBuyer(Command, frozen=True, kw_only=True):
    """Tell the buyer that the lot failed (通知采购员), who then owes an answer."""

    note: Words


class AnswerRejection(Command, frozen=True, kw_only=True):
    """The buyer says what becomes of the lot (采购员答复): returned, replaced, or asked to be taken by concession."""

    disposal: Disposal
    note: Words


class DecideConcession(Command, frozen=True, kw_only=True):
    """Take the lot in spite of what failed, or do not (让步接收审批)."""

    approved: bool
    reason: Words


class RecordReturn(Command, frozen=True, kw_only=True):
    """The lot was handed back to the supplier (退货)."""

    reference: Name


class ReceiveReplacement(Command, frozen=True, kw_only=True):
    """The supplier brought another lot for the failed one (换货到货), which is inspected anew."""

    lot: Name
    quantity: Quantity
    certificate: Short = ""


class LapseStep(Command, frozen=True, kw_only=True):
    """The time of a step has passed (办理逾期); ``level`` counts how often."""

    step: Step
    level: Annotated[int, msgspec.Meta(ge=1, le=10)]
