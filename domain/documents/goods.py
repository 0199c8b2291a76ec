"""The form QR-019-01 of a delivery (进货验收单): what came, how it was inspected, what that led to (R15.6)."""

from datetime import date

import msgspec

from domain.documents.sheet import Box, Contents, Grid, Kind, Passage, Person, Row, Sheet
from domain.kernel import Text

FORM = "QR-019-01"
MOST_DRAWN = 60
"""So many of the units drawn are printed; anybody can draw the others again from the seed."""
_EXTENTS = {"lot": "整批", "sample": "抽样"}
_BASES = {"checks": "检测合格", "trial": "检测、试用合格", "concession": "让步接收"}


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """A check and how it came out; ``defective`` counts units of the sample."""

    name: str
    extent: str
    method: str
    criteria: str
    equipment: str
    conforming: bool
    defective: int
    note: str
    inspector: Person


class ReceiptForm(Contents, frozen=True, kw_only=True, tag="goods_receipt_form"):
    """A lot's inspection once it was judged; ``basis`` where it passed, ``reasons`` where it failed."""

    good: str
    unit: str
    department: str
    supplier: str
    buyer: Person
    lot: str
    quantity: int
    certificate: str
    delivered_on: date
    procedure_version: int
    sampled: tuple[int, ...]
    accept: int | None
    reject: int | None
    seed: str
    checks: tuple[CheckLine, ...]
    trial: str
    evaluator: Person | None
    basis: str | None
    reasons: tuple[str, ...]
    storable: int | None
    decided_by: Person | None
    decided_on: date | None


def _form(held: ReceiptForm) -> Sheet:
    columns = (
        Text("检测项目", "Check"),
        Text("范围", "Extent"),
        Text("方法", "Method"),
        Text("判别依据", "Criteria"),
        Text("设备", "Equipment"),
        Text("结果", "Result"),
        Text("检验员", "Inspector"),
    )
    lines = tuple(
        (
            each.name,
            _EXTENTS[each.extent],
            each.method,
            each.criteria,
            each.equipment or "—",
            f"{'符合' if each.conforming else '不符合'}{f'（{each.defective}件）' if each.defective else ''}",
            each.inspector.shown,
        )
        for each in held.checks
    )
    sampling = "—"
    if held.accept is not None and held.reject is not None:
        sampling = f"抽{len(held.sampled)}{held.unit}，接收数{held.accept}，拒收数{held.reject}"
    verdict = _BASES[held.basis] if held.basis else f"不合格（{'、'.join(held.reasons)}）"
    passages = [Passage(Text("试用评价", "Trial use"), held.trial)] if held.trial else []
    if held.sampled:
        drawn = "、".join(map(str, held.sampled[:MOST_DRAWN])) + ("……" if len(held.sampled) > MOST_DRAWN else "")
        passages.append(Passage(Text("样本编号", "Units drawn"), f"{drawn}；种子 {held.seed}"))
    storable = "不得入库" if held.storable is None else f"{held.storable}{held.unit}"
    return Sheet(
        rows=(
            Row(Text("表单编号", "Form"), FORM),
            Row(Text("品名", "Good"), held.good),
            Row(Text("使用部门", "Department"), held.department),
            Row(Text("供货单位", "Supplier"), held.supplier),
            Row(Text("采购员", "Buyer"), held.buyer.shown),
            Row(Text("批号", "Lot"), held.lot),
            Row(Text("到货数量", "Quantity"), f"{held.quantity}{held.unit}"),
            Row(Text("合格证", "Certificate"), held.certificate or "—"),
            Row(Text("到货日期", "Delivered on"), held.delivered_on.isoformat()),
            Row(Text("检测规程", "Procedure"), f"第{held.procedure_version}版"),
            Row(Text("抽样方案", "Sampling"), sampling),
            Row(Text("判定", "Verdict"), verdict),
            Row(Text("判定日期", "Judged on"), held.decided_on.isoformat() if held.decided_on else "—"),
            Row(Text("可入库数量", "May be stored"), storable),
        ),
        grids=(Grid(Text("检测结果", "Results"), columns, lines),) if lines else (),
        passages=tuple(passages),
        boxes=(
            Box(Text("检验员", "Inspector"), held.decided_by.shown if held.decided_by else ""),
            Box(Text("试用人", "Evaluator"), held.evaluator.shown if held.evaluator and held.trial else ""),
            Box(Text("仓库管理员", "Storekeeper")),
            Box(Text("采购员", "Buyer")),
        ),
        sealed=False,
    )


GOODS_KINDS = (
    Kind(
        name="goods_receipt_form",
        code="验",
        title=Text("进货验收单", "Goods receipt"),
        subject="goods_receipt",
        clause="R15.6",
        contents=ReceiptForm,
        sheet=_form,
    ),
)
