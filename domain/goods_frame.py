"""What a delivery is inspected within: the good, its procedure of the day, who supplied and who bought (R15.5.2)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.goods_sampling import PlanRow
from domain.kernel import Refusal

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Remark = Annotated[str, msgspec.Meta(max_length=2000)]
Short = Annotated[str, msgspec.Meta(max_length=120)]
CheckCode = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_.-]*$(?!\n)")]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=10_000_000, description="So many of the good's own unit.")]


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is inspected (检测项目): by which method, against which criteria, with which equipment.

    ``extent`` says whether the lot as a whole conforms or not, or each unit of the sample. ``code`` is one of the
    rules' checks of ordinary goods, or the department's own.
    """

    code: CheckCode
    name: Name
    extent: Literal["lot", "sample"]
    method: Words
    criteria: Words
    equipment: Short = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Trial use (试用): for so many days, judged by one person against criteria."""

    days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    evaluator: UUID
    criteria: Words


class Procedure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a good is inspected (检测规程): its checks, the sampling plan, and trial use where sight tells too little."""

    checks: Annotated[tuple[Check, ...], msgspec.Meta(max_length=50)] = ()
    plan: Annotated[tuple[PlanRow, ...], msgspec.Meta(max_length=20)] = ()
    trial: Trial | None = None

    @property
    def samples(self) -> bool:
        """Whether units are drawn."""
        return any(check.extent == "sample" for check in self.checks)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One lot that was delivered (到货), and the procedure that it is inspected by. ``replaces`` is the lot it is for.

    ``readings`` are those of the procedure and the rules; ``unit`` is what quantities are counted in.
    """

    receipt_id: UUID
    good_id: UUID
    good: str
    unit: str
    department: str
    supplier: str
    buyer: UUID
    lot: str
    quantity: Quantity
    certificate: str
    version: int
    procedure: Procedure
    replaces: UUID | None
    delivered_on: date
    registered_by: UUID | None
    readings: dict[str, str]
    rule_version: int


def not_the_buyer(person: UUID, buyer: UUID) -> None:
    """Whoever bought a good does not judge it."""
    if person == buyer:
        raise Refusal(
            "own_purchase",
            zh="采购员不得检验、评判本人采购的物品",
            en="Nobody judges what he has bought himself.",
            clause="R15.5.2",
            kind="forbidden",
        )


def value_refusal(code: str, zh: str, en: str, field: str) -> Refusal:
    """A field that does not fit (R15.5.2)."""
    return Refusal(code, zh=zh, en=en, clause="R15.5.2", kind="value", field=field)
