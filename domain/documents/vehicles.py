"""The papers of a vehicle centre (R3.2.1): the dispatch order that a car goes with, the unit's monthly statement."""

from datetime import date

import msgspec

from domain.documents.sheet import Box, Contents, Grid, Kind, Passage, Row, Sheet
from domain.kernel import Text
from domain.money import capitals, yuan

MAX_PRINTED = 1_000
"""Lines of a statement that are printed; what is beyond is in the table that is exported."""
_AREAS = {"district": "区内", "city": "大市内", "outside_city": "大市外", "outside_province": "省外"}
_KINDS = {"order": "派车单", "cancellation": "逾时取消", "no_show": "未乘车", "correction": "更正"}
_BLANK = "________"


class TripRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the driver recorded."""

    out_at: str
    back_at: str
    odometer_out_km: int
    km: int
    waiting_minutes: int
    tolls_fen: int
    due_fen: int
    free: bool


class DispatchOrder(Contents, frozen=True, kw_only=True, tag="dispatch_order"):
    """A car and a driver for a unit; ``trip`` once the driver has recorded it. Times are the tenant's, written out."""

    unit: str
    use: str
    free: bool
    purpose: str
    party_size: int
    area: str
    origin: str
    destination: str
    leaves: str
    returns: str
    plate: str
    vehicle_class: str
    driver: str
    rank: int | None
    trip: TripRecord | None


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a statement."""

    used_on: date
    kind: str
    plate: str
    km: int
    amount_fen: int
    for_month: str
    reason: str


class UnitStatement(Contents, frozen=True, kw_only=True, tag="unit_statement"):
    """What a unit owes for a month; ``further`` lines are not printed, receptions are counted beside the sum."""

    unit: str
    month: str
    lines: tuple[StatementLine, ...]
    further: int
    amount_fen: int
    left_out: int
    left_out_worth_fen: int


def _order(held: DispatchOrder) -> Sheet:
    trip = held.trip
    cost = "—" if trip is None else "免费" if trip.free else f"¥{yuan(trip.due_fen)}"
    return Sheet(
        rows=(
            Row(Text("用车单位", "Unit"), held.unit),
            Row(Text("用车事由", "Use"), f"{held.use}（{'无偿' if held.free else '有偿'}）"),
            Row(Text("人数", "Party"), f"{held.party_size}人"),
            Row(Text("出车区域", "Area"), _AREAS.get(held.area, held.area)),
            Row(Text("行程", "Route"), f"{held.origin} → {held.destination}"),
            Row(Text("计划时间", "Planned"), f"{held.leaves} 至 {held.returns}"),
            Row(Text("车辆", "Car"), f"{held.plate}（{held.vehicle_class}）"),
            Row(Text("驾驶员", "Driver"), held.driver),
            Row(Text("实际出车", "Set out"), trip.out_at if trip else _BLANK),
            Row(Text("实际返回", "Came back"), trip.back_at if trip else _BLANK),
            Row(Text("出车里程表", "Odometer"), f"{trip.odometer_out_km}公里" if trip else _BLANK),
            Row(Text("行驶里程", "Distance"), f"{trip.km}公里" if trip else _BLANK),
            Row(Text("等候时间", "Waiting"), f"{trip.waiting_minutes}分钟" if trip else _BLANK),
            Row(Text("过路过桥费", "Tolls"), f"¥{yuan(trip.tolls_fen)}" if trip else _BLANK),
            Row(Text("费用", "Charge"), cost),
        ),
        passages=(Passage(Text("用车内容", "Purpose"), held.purpose),),
        boxes=(
            Box(Text("调度员", "Dispatcher")),
            Box(Text("驾驶员", "Driver")),
            Box(Text("单位经办人", "Unit's handler")),
        ),
    )


def _statement(held: UnitStatement) -> Sheet:
    columns = (
        Text("日期", "Date"),
        Text("项目", "Item"),
        Text("车牌", "Plate"),
        Text("里程", "km"),
        Text("金额（元）", "Amount"),
        Text("所属月", "Month"),
        Text("说明", "Remark"),
    )
    lines = tuple(
        (
            each.used_on.isoformat(),
            _KINDS.get(each.kind, each.kind),
            each.plate or "—",
            str(each.km) if each.km else "—",
            _signed(each.amount_fen),
            each.for_month,
            each.reason or "—",
        )
        for each in held.lines
    )
    further = Text(f"另有{held.further}条明细见电子表格。", f"{held.further} further lines are in the exported table.")
    left_out = Text(
        f"本月公务接待等不参与结算的用车{held.left_out}次，折合¥{yuan(held.left_out_worth_fen)}。",
        f"{held.left_out} uses are accounted and not settled.",
    )
    objection = Text(
        "对明细有异议的，可在系统内提出，由财务裁定；已结账月份的更正列入以后月份。",
        "Whoever objects to a line does so in the system; corrections of a closed month stand in a later one.",
    )
    return Sheet(
        addressee=held.unit,
        rows=(
            Row(Text("结算月份", "Month"), held.month),
            Row(Text("应付合计（小写）", "Due"), f"¥{_signed(held.amount_fen)}"),
            Row(Text("应付合计（大写）", "In capitals"), _in_capitals(held.amount_fen)),
        ),
        grids=(Grid(Text("用车明细", "Lines"), columns, lines),),
        statement=((further, left_out, objection) if held.further else (left_out, objection)),
        boxes=(Box(Text("车辆中心", "Vehicle centre")), Box(Text("用车单位", "Unit")), Box(Text("财务", "Finance"))),
    )


def _signed(amount_fen: int) -> str:
    """An amount in yuan that may be one to get back."""
    return yuan(amount_fen) if amount_fen >= 0 else f"-{yuan(-amount_fen)}"


def _in_capitals(amount_fen: int) -> str:
    """A month whose corrections outweigh its orders is the unit's to get back."""
    return capitals(amount_fen) if amount_fen >= 0 else f"退{capitals(-amount_fen)}"


VEHICLE_KINDS = (
    Kind(
        name="dispatch_order",
        code="派",
        title=Text("派车单", "Dispatch order"),
        subject="vehicle_booking",
        clause="R3.2.1",
        contents=DispatchOrder,
        sheet=_order,
    ),
    Kind(
        name="unit_statement",
        code="车结",
        title=Text("用车结算单", "Statement of vehicle use"),
        subject="unit_settlement",
        clause="R3.2.1",
        contents=UnitStatement,
        sheet=_statement,
    ),
)
