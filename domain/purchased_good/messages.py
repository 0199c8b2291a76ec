"""What is asked of a purchased good, and what happens to it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from domain.goods_frame import Delivery, Name, Procedure, Quantity, Short, Words
from domain.kernel import Command, Event

Number = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class RegisterGood(Command, frozen=True, kw_only=True):
    """Register a good that a department needs (登记采购物品); ``unit`` is what it is counted in."""

    name: Name
    unit: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    department: Name


class DraftProcedure(Command, frozen=True, kw_only=True):
    """Draft the inspection procedure, or revise the draft (编制检测规程)."""

    procedure: Procedure
    note: Words


class ApproveProcedure(Command, frozen=True, kw_only=True):
    """Approve the draft: it applies to what is delivered from a day on (批准检测规程)."""

    effective_from: date


class WithdrawProcedure(Command, frozen=True, kw_only=True):
    """Withdraw every version: nothing is received until another is approved (停用检测规程)."""

    reason: Words


class RegisterDelivery(Command, frozen=True, kw_only=True):
    """A lot was delivered (登记到货): it is to be inspected by the procedure in force today."""

    supplier: Name
    buyer: UUID
    lot: Name
    quantity: Quantity
    certificate: Short = ""


class RegisterReplacement(Command, frozen=True, kw_only=True):
    """A lot came in the place of one that failed (换货到货); it is inspected like any other."""

    failed: Delivery
    receipt_id: UUID
    lot: Name
    quantity: Quantity
    certificate: Short = ""
    registered_by: UUID | None = None


class GoodRegistered(Event, frozen=True, kw_only=True, tag="purchased_good.registered"):
    """A department needs this good."""

    name: str
    unit: str
    department: str
    registered_by: UUID | None
    clause: str = "R15.5.2"


class ProcedureDrafted(Event, frozen=True, kw_only=True, tag="purchased_good.procedure_drafted"):
    """There is a draft of the procedure; an older one is gone."""

    procedure: Procedure
    note: str
    drafted_by: UUID
    readings: dict[str, str]
    clause: str = "R15.5.2"
    rule_version: int


class ProcedureApproved(Event, frozen=True, kw_only=True, tag="purchased_good.procedure_approved"):
    """A version of the procedure applies from a day on."""

    number: int
    effective_from: date
    procedure: Procedure
    name: str
    unit: str
    approved_by: UUID
    clause: str = "R15.5.2"


class ProcedureWithdrawn(Event, frozen=True, kw_only=True, tag="purchased_good.procedure_withdrawn"):
    """No version applies any more."""

    reason: str
    withdrawn_by: UUID | None
    clause: str = "R15.5.2"


class DeliveryRegistered(Event, frozen=True, kw_only=True, tag="purchased_good.delivery_registered"):
    """A lot was delivered and is to be inspected."""

    delivery: Delivery
    clause: str = "R15.5.2"
    rule_version: int
