"""Units' months with the vehicle centre: their list, a statement with each line, and the same as a workbook."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Text, not_found
from domain.periods import Month
from domain.unit_settlement import UNIT_SETTLEMENT, SettlementState
from domain.unit_settlement.messages import Totals
from domain.unit_settlement.state import Entry, totals
from projections import settlements as listed
from projections.labels import LINE_KINDS, SETTLEMENT_STATUSES
from services.api.asking import Asking, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, month_parameter, text_parameter
from services.api.requests import Desk, HttpRequest, path_id
from services.tables import workbook

UNIT = text_parameter("unit", "Of this unit alone.", 120)
MONTH = month_parameter("month", "Of this month alone.")
_LISTED: tuple[QueryParameter[Any], ...] = (UNIT, MONTH, *PAGING)
READ = "unit_settlement.read"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "日期",
    "项目",
    "车牌",
    "里程",
    "金额（元）",
    "更正后（元）",
    "折合（元）",
    "所属月",
    "异议",
    "说明",
    "用车编号",
)
Key = tuple[Month, UUID]


class SettlementPage(msgspec.Struct, frozen=True):
    """Months of units, latest first; ``next`` is the cursor of the page after this one."""

    items: list[listed.Settlement]
    next: str | None


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line. ``now_fen`` is what it costs after all corrections, wherever these are booked."""

    key: str
    kind: str
    kind_label: Text
    booking_id: UUID
    used_on: date
    for_month: str
    plate: str
    km: int
    amount_fen: int
    now_fen: int
    worth_fen: int
    corrects: str | None
    contested: str | None
    reason: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's month with every line, oldest use first; what is left out of the settlement stands apart."""

    unit: str
    month: str
    status: str
    status_label: Text
    cut_off_on: date
    round: int
    totals: Totals
    lines: list[StatementLine]
    left_out: list[StatementLine]


def settlement_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/unit-settlements", "unit-settlements", "用车结算单列表 · Units' months", _LISTED)
    async def settlements(request: HttpRequest) -> Response[SettlementPage]:
        """Each unit's months with their sums. Permission: `unit_settlement.read`."""
        async with asking(desk, request, READ, _LISTED, projections=(listed.PROJECTION,)) as asked:
            found = listed.question(
                asked.tenant,
                unit=UNIT.of(request),
                month=MONTH.of(request),
                after=decode_cursor(request, Key),
            )
            rows = await listed.settlements(asked.connection, found, asked.zone, asked.limit + 1)
            return asked.answer(SettlementPage(*asked.cut(rows, lambda each: (each.month, each.settlement_id))))

    @query("/v1/unit-settlements/{stream_id:str}/statement", "unit-settlements", "用车结算单 · A unit's statement")
    async def statement(request: HttpRequest, stream_id: FromPath[str]) -> Response[Statement]:
        """Every line of a unit's month, from the month itself: never behind. Permission: `unit_settlement.read`."""
        async with asking(desk, request, READ) as asked:
            return asked.answer(await _statement(desk, asked, path_id(stream_id)))

    @query("/v1/unit-settlements/{stream_id:str}/statement.xlsx", "unit-settlements", "导出结算单 · Statement as XLSX")
    async def export(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """The statement as a workbook. Permission: `unit_settlement.read`."""
        async with asking(desk, request, READ) as asked:
            found = await _statement(desk, asked, path_id(stream_id))
        name = f"statement-{found.month}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(workbook(found.month, list(_rows(found))), media_type=XLSX, headers=headers)

    return [settlements, statement, export]


async def _statement(desk: Desk, asked: Asking, settlement: UUID) -> Statement:
    found = await desk.runtime.states.read(asked.connection, asked.tenant, UNIT_SETTLEMENT.noun, settlement)
    if not isinstance(found.state, SettlementState):
        raise not_found(UNIT_SETTLEMENT.title)
    state = found.state
    entries = sorted(state.lines.values(), key=lambda entry: (entry.line.used_on, entry.line.key))
    return Statement(
        unit=state.unit,
        month=state.month,
        status=state.status,
        status_label=SETTLEMENT_STATUSES[state.status],
        cut_off_on=state.cut_off_on,
        round=state.round,
        totals=totals(state),
        lines=[_line(entry) for entry in entries if entry.line.listed],
        left_out=[_line(entry) for entry in entries if not entry.line.listed],
    )


def _line(entry: Entry) -> StatementLine:
    line = entry.line
    return StatementLine(
        key=line.key,
        kind=line.kind,
        kind_label=LINE_KINDS[line.kind],
        booking_id=line.booking_id,
        used_on=line.used_on,
        for_month=line.for_month,
        plate=line.plate,
        km=line.km,
        amount_fen=line.amount_fen,
        now_fen=entry.now_fen,
        worth_fen=line.worth_fen,
        corrects=line.corrects,
        contested=entry.contested,
        reason=line.reason,
    )


def _rows(found: Statement) -> Iterator[tuple[Any, ...]]:
    """The rows of the workbook: whose month, the lines with their sum, and what is left out."""
    yield (f"{found.unit} {found.month} 用车结算单（{found.status_label.zh}）",)
    yield HEADINGS
    yield from (_cells(line) for line in found.lines)
    yield ("合计", "", "", "", found.totals.amount_fen / 100)
    if found.left_out:
        yield (f"不参与结算的用车 {len(found.left_out)} 次",)
        yield from (_cells(line) for line in found.left_out)


def _cells(line: StatementLine) -> tuple[Any, ...]:
    return (
        line.used_on,
        line.kind_label.zh,
        line.plate,
        line.km,
        line.amount_fen / 100,
        line.now_fen / 100,
        line.worth_fen / 100,
        line.for_month,
        line.contested or "",
        line.reason,
        str(line.booking_id),
    )
