"""The part of R15's values that purchased goods are inspected by (R15.5.2); `domain.rules.r15` takes it in."""

from typing import Annotated, Literal

import msgspec

from domain.rules.fields import Problem, rule
from domain.rules.r15_parts import Item
from domain.rules.role_names import RoleName

ORDINARY = (
    Item(code="appearance", zh="外观", en="Appearance"),
    Item(code="kind", zh="品种", en="Kind"),
    Item(code="quantity", zh="数量", en="Quantity"),
    Item(code="certificate", zh="合格证", en="Certificate"),
)


class GoodsValues(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each step of a delivery may take, what is checked of every good, and how the clause is read."""

    ordinary_checks: Annotated[
        tuple[Item, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R15.5.2", "一般物品的验证内容", "What is verified of ordinary goods"),
    ] = ORDINARY
    goods_ladder: Annotated[
        tuple[RoleName, ...],
        msgspec.Meta(max_length=5),
        rule("R15.5.2", "验收逾期的上报层级", "Who is told of a late step of a delivery", own=True),
    ] = ("quality_department", "general_manager")
    inspect_working_days: Annotated[
        int,
        rule("R15.5.2", "到货检验期限", "Inspected within", unit="working_days", lowest=1, highest=60, own=True),
    ] = 2
    trial_answer_working_days: Annotated[
        int,
        rule(
            "R15.5.2",
            "试用期满后的评价期限",
            "Evaluated after the trial within",
            unit="working_days",
            lowest=1,
            highest=60,
            own=True,
        ),
    ] = 2
    notify_working_days: Annotated[
        int,
        rule(
            "R15.5.2",
            "通知采购员的期限",
            "The buyer is notified within",
            unit="working_days",
            lowest=1,
            highest=60,
            own=True,
        ),
    ] = 1
    buyer_answer_working_days: Annotated[
        int,
        rule(
            "R15.5.2", "采购员答复期限", "The buyer answers within", unit="working_days", lowest=1, highest=60, own=True
        ),
    ] = 3
    goods_return_days: Annotated[
        int,
        rule(
            "R15.5.2",
            "领用物品可退库期限",
            "Issued goods come back within",
            unit="days",
            lowest=0,
            highest=366,
            own=True,
        ),
    ] = 30
    between: Annotated[
        Literal["rejected", "accepted"],
        rule(
            "R15.5.2",
            "不合格数介于接收数与拒收数之间",
            "Defects between acceptance and rejection",
            reading="R15.5.2.between",
            options={"rejected": ("判为不合格", "the lot fails"), "accepted": ("判为合格", "the lot passes")},
            own=True,
        ),
    ] = "rejected"
    trial: Annotated[
        Literal["with_checks", "trial_alone"],
        rule(
            "R15.5.2",
            "试用物品是否仍作一般验证",
            "Whether goods on trial are verified like ordinary ones",
            reading="R15.5.2.trial",
            options={
                "with_checks": ("先验证再试用", "verified first, then tried"),
                "trial_alone": ("只试用", "tried alone"),
            },
        ),
    ] = "with_checks"
    concession: Annotated[
        Literal["never", "approved"],
        rule(
            "R15.5.2",
            "不合格品可否让步接收",
            "Whether what failed may be taken by concession",
            reading="R15.5.2.concession",
            options={"never": ("不得让步接收", "never"), "approved": ("经批准可以让步接收", "once it is approved")},
        ),
    ] = "never"
    defective_units: Annotated[
        Literal["left_out", "stored"],
        rule(
            "R15.5.2",
            "合格批中的不合格件",
            "Defective units of a lot that passed",
            reading="R15.5.2.defective_units",
            options={"left_out": ("不入库", "are not stored"), "stored": ("随批入库", "are stored with it")},
        ),
    ] = "left_out"


def goods_problems(values: GoodsValues) -> tuple[Problem, ...]:
    """What makes no sense in these values."""
    codes = [item.code for item in values.ordinary_checks]
    return tuple(
        Problem(f"ordinary_checks[{place}].code", "代码重复", "stands twice")
        for place, code in enumerate(codes)
        if code in codes[:place]
    )
