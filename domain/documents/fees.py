"""The papers of fee collection (R13): the charge notice QR-7510-01 and the reminder QR-7510-02."""

from datetime import date

import msgspec

from domain.documents.sheet import Box, Contents, Grid, Kind, Row, Sheet
from domain.kernel import Text
from domain.money import capitals, yuan

MAX_PRINTED = 60
"""Lines of a notice that are printed; an account with more of them unpaid is asked for their sum."""
_HOW = {"notice": "书面催缴", "visit": "上门催缴", "letter": "发函催缴"}
_NEVER = Text(
    "欠费不影响供水、供电、供热、供燃气，本单位不以停供方式催缴；对费用有异议的，请在缴费期限内提出。",
    "No supply is cut off for what is owed. Whoever objects to a charge says so before it is due.",
)


class FeeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A charge as it is printed; of one that is asked for again, without quantity and price, what is unpaid."""

    label: str
    months: str
    quantity: str = ""
    per: str = ""
    price_fen: int | None = None
    amount_fen: int


class FeeNotice(Contents, frozen=True, kw_only=True, tag="fee_notice"):
    """What a unit is charged (收费通知单): ``arrears_fen`` was owed before, ``credit_fen`` was paid ahead."""

    place: str
    owner: str
    period: str
    lines: tuple[FeeLine, ...]
    amount_fen: int
    arrears_fen: int
    credit_fen: int
    payable_fen: int
    due_on: date | None


class FeeReminder(Contents, frozen=True, kw_only=True, tag="fee_reminder"):
    """What a unit is reminded of (催交通知单): which reminder it is, what is unpaid, the late fee if there is one."""

    place: str
    owner: str
    level: int
    how: str
    lines: tuple[FeeLine, ...]
    unpaid_fen: int
    late_fee_fen: int
    due_on: date | None


_UNPAID_COLUMNS = (Text("项目", "Item"), Text("所属期", "Period"), Text("金额（元）", "Amount"))
_COLUMNS = (
    Text("项目", "Item"),
    Text("所属期", "Period"),
    Text("数量", "Quantity"),
    Text("单价（元）", "Price"),
    Text("金额（元）", "Amount"),
)


def _notice(held: FeeNotice) -> Sheet:
    lines = tuple(
        (
            each.label,
            each.months,
            f"{each.quantity}（{each.per}）" if each.per else each.quantity or "—",
            "—" if each.price_fen is None else yuan(each.price_fen),
            yuan(each.amount_fen),
        )
        for each in held.lines[:MAX_PRINTED]
    )
    return Sheet(
        addressee=held.owner,
        rows=(
            Row(Text("表单编号", "Form"), "QR-7510-01"),
            Row(Text("房屋", "Unit"), held.place),
            Row(Text("收费周期", "Period"), held.period),
            Row(Text("本期应收", "Charged"), f"¥{yuan(held.amount_fen)}"),
            Row(Text("往期欠费", "Owed before"), f"¥{yuan(held.arrears_fen)}"),
            Row(Text("预缴抵扣", "Paid ahead"), f"¥{yuan(held.credit_fen)}"),
            Row(Text("应缴合计", "To be paid"), f"¥{yuan(held.payable_fen)}（{capitals(held.payable_fen)}）"),
            Row(Text("缴费期限", "Due"), "—" if held.due_on is None else held.due_on.isoformat()),
        ),
        grids=(Grid(Text("收费明细", "Charges"), _COLUMNS, lines),) if lines else (),
        statement=(_NEVER,),
        boxes=(Box(Text("收费员", "Fee collector")), Box(Text("业主签收", "Owner"))),
        sealed=False,
    )


def _reminder(held: FeeReminder) -> Sheet:
    lines = tuple((each.label, each.months, yuan(each.amount_fen)) for each in held.lines[:MAX_PRINTED])
    asked_fen = held.unpaid_fen + held.late_fee_fen
    return Sheet(
        addressee=held.owner,
        rows=(
            Row(Text("表单编号", "Form"), "QR-7510-02"),
            Row(Text("房屋", "Unit"), held.place),
            Row(Text("催缴次数", "Reminder"), f"第{held.level}次（{_HOW.get(held.how, held.how)}）"),
            Row(Text("欠缴金额", "Unpaid"), f"¥{yuan(held.unpaid_fen)}"),
            Row(Text("滞纳金", "Late fee"), f"¥{yuan(held.late_fee_fen)}"),
            Row(Text("应缴合计", "To be paid"), f"¥{yuan(asked_fen)}（{capitals(asked_fen)}）"),
            Row(Text("缴费期限", "Due"), "—" if held.due_on is None else held.due_on.isoformat()),
        ),
        grids=(Grid(Text("欠缴明细", "Unpaid"), _UNPAID_COLUMNS, lines),) if lines else (),
        statement=(_NEVER,),
        boxes=(Box(Text("催缴人", "Reminded by")), Box(Text("业主签收", "Owner"))),
        sealed=False,
    )


FEE_KINDS = (
    Kind(
        name="fee_notice",
        code="收费",
        title=Text("费用收缴通知单", "Charge notice"),
        subject="fee_account",
        clause="R13.4.2.1",
        contents=FeeNotice,
        sheet=_notice,
    ),
    Kind(
        name="fee_reminder",
        code="催费",
        title=Text("费用催交通知单", "Reminder of fees"),
        subject="fee_account",
        clause="R13.4.2.4",
        contents=FeeReminder,
        sheet=_reminder,
    ),
)
