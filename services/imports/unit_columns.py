"""Files of units: where each is, whose, how large, and what it is charged regularly from a month on."""

from decimal import Decimal
from typing import Annotated

import msgspec

from domain.fee_account.parts import Basis, Building, Name
from domain.kernel import Command, Text
from domain.periods import Month
from domain.rules.r11_ladder import Code
from services.imports.columns import Column, Layout

MOST_ITEMS = 5
"""Standing items that a row has room for; more are set one by one."""


class UnitRow(Command, frozen=True, kw_only=True):
    """A unit as a file has it; of each standing item the code, the basis, and where that is fixed the quantity."""

    row_ref: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    building: Building = ""
    unit: Name
    owner: Name
    area_m2: Decimal | None = None
    from_month: Month | None = None
    item_1: Code | None = None
    basis_1: Basis | None = None
    quantity_1: Decimal | None = None
    item_2: Code | None = None
    basis_2: Basis | None = None
    quantity_2: Decimal | None = None
    item_3: Code | None = None
    basis_3: Basis | None = None
    quantity_3: Decimal | None = None
    item_4: Code | None = None
    basis_4: Basis | None = None
    quantity_4: Decimal | None = None
    item_5: Code | None = None
    basis_5: Basis | None = None
    quantity_5: Decimal | None = None


class ItemCells(msgspec.Struct, frozen=True):
    """What a row says in the columns of one standing item; ``place`` is their number."""

    place: int
    item: str | None
    basis: Basis | None
    quantity: Decimal | None


def items_of(row: UnitRow) -> list[ItemCells]:
    """The standing items of a row: those of whose columns any is filled in."""
    found = [
        ItemCells(place, *(getattr(row, f"{name}_{place}") for name in ("item", "basis", "quantity")))
        for place in range(1, MOST_ITEMS + 1)
    ]
    return [each for each in found if (each.item, each.basis, each.quantity) != (None, None, None)]


def _item(place: int) -> tuple[Column, ...]:
    return (
        Column(field=f"item_{place}", zh=f"收费项目{place}编码", en=f"Item {place} code", type="code"),
        Column(field=f"basis_{place}", zh=f"收费项目{place}方式", en=f"Item {place} basis", type="basis"),
        Column(field=f"quantity_{place}", zh=f"收费项目{place}数量", en=f"Item {place} quantity", type="score"),
    )


UNITS = Layout(
    kind="units",
    title=Text(zh="收费房屋", en="Units"),
    command=UnitRow,
    command_name="open_fee_account",
    with_commands=("set_standing_item",),
    reference="row_ref",
    columns=(
        Column(field="row_ref", zh="行号", en="Row", type="text", also=("序号", "编号")),
        Column(field="building", zh="楼栋", en="Building", type="text", also=("楼号", "幢")),
        Column(field="unit", zh="户号", en="Unit", type="text", required=True, also=("房号", "单元", "室号")),
        Column(field="owner", zh="业主", en="Owner", type="text", required=True, also=("业主姓名", "产权人")),
        Column(field="area_m2", zh="面积（平方米）", en="Area (m2)", type="score", also=("面积", "建筑面积", "area")),
        Column(field="from_month", zh="起始月份", en="From month", type="month", also=("起计月份", "计费起始月")),
        *(column for place in range(1, MOST_ITEMS + 1) for column in _item(place)),
    ),
)
