"""What happens to a goods receipt."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from domain.evidence import Evidence
from domain.goods_frame import Delivery
from domain.goods_receipt.commands import Disposal, Step
from domain.kernel import Event

Basis = Literal["checks", "trial", "concession"]


class ReceiptOpened(Event, frozen=True, kw_only=True, tag="goods_receipt.opened"):
    """A lot is to be inspected by an instant."""

    delivery: Delivery
    inspect_by: datetime
    clause: str = "R15.5.2"
    rule_version: int


class SampleDrawn(Event, frozen=True, kw_only=True, tag="goods_receipt.sample_drawn"):
    """These units of the lot are inspected; drawn again by ``method`` from ``seed`` they are the same."""

    seed: str
    seed_given: bool
    method: str
    lot: int
    accept: int
    reject: int
    units: tuple[int, ...]
    drawn_by: UUID
    clause: str = "R15.5.2"


class CheckRecorded(Event, frozen=True, kw_only=True, tag="goods_receipt.check_recorded"):
    """A check came out so."""

    check: str
    conforming: bool
    defective: tuple[int, ...]
    equipment: str
    note: str
    evidence: Evidence
    inspected_by: UUID
    clause: str = "R15.5.2"


class TrialBegun(Event, frozen=True, kw_only=True, tag="goods_receipt.trial_begun"):
    """What can be seen conforms; the good is tried until a day and then evaluated by an instant."""

    until: date
    due_by: datetime
    evaluator: UUID
    defective: int
    clause: str = "R15.5.2"
    rule_version: int


class TrialRecorded(Event, frozen=True, kw_only=True, tag="goods_receipt.trial_recorded"):
    """The trial was evaluated."""

    suitable: bool
    consumed: int
    evaluation: str
    evidence: Evidence
    evaluated_by: UUID
    in_time: bool
    clause: str = "R15.5.2"


class GoodsPassed(Event, frozen=True, kw_only=True, tag="goods_receipt.passed"):
    """The lot may be stored: so many units of it. Nothing else makes it so."""

    basis: Basis
    defective: int
    storable: int
    decided_by: UUID
    decided_on: date
    readings: dict[str, str]
    clause: str = "R15.5.2"
    rule_version: int


class GoodsFailed(Event, frozen=True, kw_only=True, tag="goods_receipt.failed"):
    """The lot did not pass, because of these checks, ``sample`` or ``trial``; the buyer is to be notified."""

    good: str
    supplier: str
    lot: str
    reasons: tuple[str, ...]
    defective: int
    notify_by: datetime
    decided_by: UUID
    decided_on: date
    readings: dict[str, str]
    clause: str = "R15.5.2"
    rule_version: int


class GoodsStored(Event, frozen=True, kw_only=True, tag="goods_receipt.stored"):
    """What passed lies in the store."""

    good_id: UUID
    good: str
    unit: str
    lot: str
    quantity: int
    place: str
    stored_on: date
    stored_by: UUID | None
    clause: str = "R15.5.2"


class BuyerNotified(Event, frozen=True, kw_only=True, tag="goods_receipt.buyer_notified"):
    """The buyer knows, and owes an answer."""

    buyer: UUID
    note: str
    answer_by: datetime
    notified_by: UUID | None
    clause: str = "R15.5.2"
    rule_version: int


class RejectionAnswered(Event, frozen=True, kw_only=True, tag="goods_receipt.rejection_answered"):
    """The buyer said what becomes of the lot."""

    disposal: Disposal
    note: str
    in_time: bool
    answered_by: UUID
    readings: dict[str, str]
    clause: str = "R15.5.2"


class ConcessionRefused(Event, frozen=True, kw_only=True, tag="goods_receipt.concession_refused"):
    """The lot is not taken; the buyer owes another answer."""

    reason: str
    answer_by: datetime
    refused_by: UUID
    clause: str = "R15.5.2"
    rule_version: int


class GoodsReturned(Event, frozen=True, kw_only=True, tag="goods_receipt.returned"):
    """The lot went back to the supplier."""

    reference: str
    returned_by: UUID | None
    clause: str = "R15.5.2"


class ReplacementReceived(Event, frozen=True, kw_only=True, tag="goods_receipt.replacement_received"):
    """Another lot came for it, whose receipt is ``receipt_id``."""

    receipt_id: UUID
    failed: Delivery
    lot: str
    quantity: int
    certificate: str
    received_by: UUID | None
    clause: str = "R15.5.2"


class StepOverdue(Event, frozen=True, kw_only=True, tag="goods_receipt.step_overdue"):
    """A step's time passed; ``role`` is told. With ``again_by`` the next level is told then."""

    step: Step
    level: int
    due_by: datetime
    role: str | None
    again_by: datetime | None
    clause: str = "R15.5.2"
    rule_version: int
