"""Files of meter readings and of bank statements: their columns, and what a row says."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from domain.fee_account.parts import Building, MeterName, Name
from domain.kernel import Command, Text
from domain.periods import Month
from domain.rules.r11_ladder import Code
from services.imports.columns import Column, Layout
from services.imports.unit_columns import UNITS

Unit = Annotated[str, msgspec.Meta(max_length=120)]
Remark = Annotated[str, msgspec.Meta(max_length=200)]


class ReadingRow(Command, frozen=True, kw_only=True):
    """A meter's reading as a file has it; both of ``old_last`` and ``new_first`` where the meter was replaced."""

    row_ref: Remark | None = None
    building: Building = ""
    unit: Name
    item: Code
    meter: MeterName = ""
    month: Month
    value: Decimal
    old_last: Decimal | None = None
    new_first: Decimal | None = None


class BankRow(Command, frozen=True, kw_only=True):
    """A row of a bank's statement; what went out has an amount below zero."""

    bank_reference: Name
    paid_on: date
    amount_fen: int
    account: Unit = ""
    building: Building = ""
    unit: Unit = ""
    payer: Remark = ""


_BUILDING = Column(field="building", zh="楼栋", en="Building", type="text", also=("楼号", "幢"))


def _unit(*, required: bool = False) -> Column:
    return Column(field="unit", zh="户号", en="Unit", type="text", required=required, also=("房号", "单元", "室号"))


READINGS = Layout(
    kind="readings",
    title=Text(zh="抄表记录", en="Meter readings"),
    command=ReadingRow,
    command_name="record_reading",
    reference="row_ref",
    columns=(
        Column(field="row_ref", zh="行号", en="Row", type="text", also=("序号", "编号")),
        _BUILDING,
        _unit(required=True),
        Column(field="item", zh="收费项目编码", en="Item code", type="code", required=True, also=("项目", "item")),
        Column(field="meter", zh="表号", en="Meter", type="text", also=("表具编号",)),
        Column(field="month", zh="月份", en="Month", type="month", required=True, also=("抄表月份",)),
        Column(field="value", zh="读数", en="Reading", type="score", required=True, also=("本期读数", "止码")),
        Column(field="old_last", zh="旧表止码", en="Old meter's last", type="score"),
        Column(field="new_first", zh="新表起码", en="New meter's first", type="score"),
    ),
)

BANK_ROWS = Layout(
    kind="bank_rows",
    title=Text(zh="银行流水", en="Bank statement"),
    command=BankRow,
    command_name="book_bank_payment",
    reference="bank_reference",
    columns=(
        Column(
            field="bank_reference",
            zh="交易流水号",
            en="Bank reference",
            type="text",
            required=True,
            also=("流水号", "凭证号", "reference"),
        ),
        Column(
            field="paid_on", zh="交易日期", en="Paid on", type="date", required=True, also=("日期", "入账日期", "date")
        ),
        Column(
            field="amount_fen",
            zh="金额（元）",
            en="Amount (yuan)",
            type="yuan",
            required=True,
            also=("金额", "收入金额", "amount"),
        ),
        Column(field="account", zh="账户标识", en="Account", type="text", also=("收费账户", "账户")),
        _BUILDING,
        _unit(),
        Column(field="payer", zh="付款人", en="Payer", type="text", also=("对方户名", "摘要")),
    ),
)

FEE_LAYOUTS: Mapping[str, Layout] = {layout.kind: layout for layout in (READINGS, BANK_ROWS, UNITS)}
