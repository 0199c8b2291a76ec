"""Quality monitoring: sheets and what is missing, goals against actuals, reports, measures that are open."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import not_found
from domain.periods import Month, month_of
from domain.quality_goal import QUALITY_GOAL
from domain.quality_report import QUALITY_REPORT, QualityReportState
from domain.quality_terms import DepartmentFigures
from projections import quality_board as board
from projections import quality_figures
from projections.goal_chart import chart
from services.api.asking import Asking, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    id_parameter,
    month_parameter,
)
from services.api.requests import Desk, HttpRequest, path_id

MONTH = month_parameter("month", "The month; the tenant's current one unless named.")
DEPARTMENT = id_parameter("department", "Of this department alone.")
KIND = choice_parameter("kind", "Of this kind alone.", ("monthly", "annual"))
STATUS = choice_parameter("status", "In this status; those still to be taken unless named.", board.MEASURE_STATUSES)
_SHEETS: tuple[QueryParameter[Any], ...] = (MONTH, DEPARTMENT)
_REPORTS: tuple[QueryParameter[Any], ...] = (KIND, *PAGING)
_MEASURES: tuple[QueryParameter[Any], ...] = (STATUS, *PAGING)
Period = Annotated[str, msgspec.Meta(max_length=10)]
Number = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class SheetMonths(msgspec.Struct, frozen=True):
    """The departments' sheets of a month."""

    items: list[board.SheetMonth]


class Actuals(msgspec.Struct, frozen=True):
    """A year's goals with what they came to."""

    items: list[board.GoalActuals]


class ReportPage(msgspec.Struct, frozen=True):
    """Reports by period; ``next`` is the cursor of the page after this one."""

    items: list[board.ListedReport]
    next: str | None


class MeasurePage(msgspec.Struct, frozen=True):
    """Measures, what is due first at the top; ``next`` is the cursor of the page after this one."""

    items: list[board.ListedMeasure]
    next: str | None


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """A report's figures as they were compiled at ``position``, and as the same facts give them now."""

    position: int
    compiled: tuple[DepartmentFigures, ...]
    now: tuple[DepartmentFigures, ...]
    same: bool


def quality_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/reports/quality-sheets", "reports", "部门自查情况 · Sheets by department", _SHEETS)
    async def sheets(request: HttpRequest) -> Response[SheetMonths]:
        """Filed, late and missing sheets of each department in a month. Permission: `quality_sheet.read`."""
        async with asking(desk, request, "quality_sheet.read", _SHEETS, projections=quality_figures.SOURCES) as asked:
            month: Month = MONTH.of(request) or month_of(_today(asked))
            department = DEPARTMENT.of(request)
            found = await board.sheet_months(
                asked.connection, asked.tenant, month, department=department, zone=asked.zone
            )
            return asked.answer(SheetMonths(found))

    @query(
        "/v1/quality-goals/{stream_id:str}/actuals", "quality-goals", "目标与实际 · Goals and actuals", (DEPARTMENT,)
    )
    async def actuals(request: HttpRequest, stream_id: FromPath[str]) -> Response[Actuals]:
        """Each goal of a year beside what it came to in each period. Permission: `quality_goal.read`."""
        async with asking(desk, request, "quality_goal.read", (DEPARTMENT,), projections=(board.PROJECTION,)) as asked:
            found = await _goals(desk, asked, path_id(stream_id), DEPARTMENT.of(request))
            return asked.answer(Actuals(found))

    @query("/v1/quality-reports", "quality-reports", "服务质量报告列表 · Service quality reports", _REPORTS)
    async def reports(request: HttpRequest) -> Response[ReportPage]:
        """Each report with its status and its day. Permission: `quality_report.read`."""
        async with asking(desk, request, "quality_report.read", _REPORTS, projections=(board.PROJECTION,)) as asked:
            found = await board.reports(
                asked.connection,
                asked.tenant,
                after=decode_cursor(request, tuple[Period, UUID]),
                kind=KIND.of(request),
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            return asked.answer(ReportPage(*asked.cut(found, lambda each: (each.period, each.report_id))))

    return [sheets, actuals, _drawn(desk), reports, _measures(desk), _figures(desk)]


def _drawn(desk: Desk) -> HTTPRouteHandler:
    @query(
        "/v1/quality-goals/{stream_id:str}/actuals.svg", "quality-goals", "目标与实际图 · Goals, drawn", (DEPARTMENT,)
    )
    async def drawn(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """The same as a chart: a row a goal, a square a period. Permission: `quality_goal.read`."""
        async with asking(desk, request, "quality_goal.read", (DEPARTMENT,), projections=(board.PROJECTION,)) as asked:
            found = await _goals(desk, asked, path_id(stream_id), DEPARTMENT.of(request))
            headers = {"Kaohe-Position": str(asked.position)}
            return Response(chart(found).encode(), media_type="image/svg+xml", headers=headers)

    return drawn


async def _goals(desk: Desk, asked: Asking, goals: UUID, department: UUID | None) -> list[board.GoalActuals]:
    stream = await desk.runtime.states.read(asked.connection, asked.tenant, QUALITY_GOAL.noun, goals)
    if stream.state is None:
        raise not_found(QUALITY_GOAL.title)
    return await board.actuals(asked.connection, asked.tenant, goals, department)


def _measures(desk: Desk) -> HTTPRouteHandler:
    @query("/v1/reports/quality-measures", "reports", "措施跟踪 · Measures of reports", _MEASURES)
    async def measures(request: HttpRequest) -> Response[MeasurePage]:
        """Measures of approved reports by their day, with their age. Permission: `quality_report.read`."""
        async with asking(desk, request, "quality_report.read", _MEASURES, projections=(board.PROJECTION,)) as asked:
            found = await board.measures(
                asked.connection,
                asked.tenant,
                status=STATUS.of(request) or "open",
                after=decode_cursor(request, tuple[date, UUID, Number]),
                today=_today(asked),
                limit=asked.limit + 1,
            )
            page = asked.cut(found, lambda each: (each.due_on, each.report_id, each.number))
            return asked.answer(MeasurePage(*page))

    return measures


def _figures(desk: Desk) -> HTTPRouteHandler:
    @query("/v1/quality-reports/{stream_id:str}/figures", "quality-reports", "报告数据复算 · A report's figures again")
    async def again(request: HttpRequest, stream_id: FromPath[str]) -> Response[Recomputed]:
        """What the report holds, and what the facts give now. Permission: `quality_report.read`."""
        async with asking(desk, request, "quality_report.read", projections=quality_figures.SOURCES) as asked:
            stream = await desk.runtime.states.read(
                asked.connection, asked.tenant, QUALITY_REPORT.noun, path_id(stream_id)
            )
            state = stream.state
            if not isinstance(state, QualityReportState):
                raise not_found(QUALITY_REPORT.title)
            now = await quality_figures.figures(asked.connection, asked.tenant, state.period, asked.zone)
            return asked.answer(
                Recomputed(position=state.position, compiled=state.figures, now=now, same=now == state.figures)
            )

    return again


def _today(asked: Asking) -> date:
    return asked.reader.config.calendar.local_date(asked.now)
