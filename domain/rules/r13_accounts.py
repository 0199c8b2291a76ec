"""The R13 values of money handed over (R13.4.2.7), of what is published (R13.4.3), of arrears and of meters."""

from typing import Annotated, Literal

import msgspec

from domain.rules.fields import Problem, rule
from domain.rules.r11_ladder import Code, Label

Means = Literal["cash", "transfer", "card"]
"""By which means a unit pays."""
TakenBackFor = Literal["mistake", "wrong_unit", "bank_return"]
"""Why a payment out of the bank's statement is taken back: booked by mistake, or to the wrong unit, or sent back."""
ArrearsDays = Annotated[int, msgspec.Meta(ge=1, le=3650)]


class ExpenditureCategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One heading under which a project's money is spent and shown (支出类别)."""

    code: Code
    zh: Label
    en: Label


_CATEGORIES = (
    ("staff", "人员费用", "Staff"),
    ("cleaning", "清洁卫生费用", "Cleaning"),
    ("greening", "绿化养护费用", "Greenery"),
    ("security", "秩序维护费用", "Security"),
    ("upkeep", "公用设施日常维护费用", "Daily upkeep of common facilities"),
    ("energy", "公用水电费用", "Water and power of common parts"),
    ("office", "办公及管理费用", "Office and management"),
    ("insurance", "公众责任保险费用", "Public liability insurance"),
    ("taxes", "税费", "Taxes"),
)


class R13Accounts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the source leaves open is ours to set: how soon money is handed over, what spending is shown under."""

    handover_days: Annotated[
        int,
        rule("R13.4.2.7", "收款上交期限", "Money is handed over within", unit="days", lowest=0, highest=90, own=True),
    ] = 3
    handover_levels: Annotated[
        int,
        rule(
            "R13.4.2.7",
            "未上交款项的催办次数",
            "Times that money not handed over is reported",
            unit="times",
            lowest=1,
            highest=10,
            own=True,
        ),
    ] = 3
    statement_levels: Annotated[
        int,
        rule(
            "R13.4.3",
            "逾期未公布的上报次数",
            "Times that accounts not published are reported",
            unit="times",
            lowest=1,
            highest=10,
            own=True,
        ),
    ] = 3
    advance: Annotated[
        Literal["on_charge", "on_receipt"],
        rule(
            "R13.4.3",
            "预收款计入收入的时点",
            "When money paid in advance is income",
            reading="R13.4.3.advance",
            options={
                "on_charge": ("抵扣应收费用时", "once it pays a charge"),
                "on_receipt": ("收到时", "when it is received"),
            },
            own=True,
        ),
    ] = "on_charge"
    taken_back_rows: Annotated[
        Literal["returned_held", "always_free"],
        rule(
            "R13.4.2.7",
            "银行到账冲销后的流水",
            "A bank row whose payment was taken back",
            reading="R13.4.2.7.taken_back_row",
            options={
                "returned_held": ("可再入账，银行已退回的除外", "may be booked again, unless the bank sent it back"),
                "always_free": ("一律可再入账", "may always be booked again"),
            },
            own=True,
        ),
    ] = "returned_held"
    expenditure_categories: Annotated[
        tuple[ExpenditureCategory, ...],
        msgspec.Meta(min_length=1, max_length=50),
        rule("R13.4.3", "支出类别", "What is spent is shown under", own=True),
    ] = tuple(ExpenditureCategory(code=code, zh=zh, en=en) for code, zh, en in _CATEGORIES)
    arrears_days: Annotated[
        tuple[ArrearsDays, ...],
        msgspec.Meta(min_length=1, max_length=10),
        rule("R13.4.2.4", "欠费账龄分段（天）", "Arrears are parted at (days)", own=True),
    ] = (30, 90, 180, 365)
    reading_jump_percent: Annotated[
        int,
        rule(
            "R13.4.1",
            "抄表用量异常提示线",
            "A meter's use is doubted above",
            unit="percent",
            lowest=101,
            highest=10_000,
            own=True,
        ),
    ] = 300


def accounts_problems(values: R13Accounts) -> tuple[Problem, ...]:
    """What makes no sense in these values."""
    codes = [category.code for category in values.expenditure_categories]
    found = [
        Problem(f"expenditure_categories[{place}].code", "代码重复", "stands twice")
        for place, code in enumerate(codes)
        if code in codes[:place]
    ]
    if list(values.arrears_days) != sorted(set(values.arrears_days)):
        found.append(Problem("arrears_days", "须由小到大且不重复", "must rise"))
    return tuple(found)
