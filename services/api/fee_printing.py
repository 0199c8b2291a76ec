"""What the owners of a project were told, in bulk: notices and reminders of a period as PDF, in parts, and as XLSX."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.fee_account.events import PeriodCharged
from domain.fee_period import FEE_PERIOD, FeePeriodState
from domain.kernel import Refusal, Text, not_found
from infra.wire import EventMapper
from projections import fee_lists, fee_notices
from projections.fee_notices import NoticeLine
from projections.labels import FEE_HOWS
from services.api.asking import Asking, asking, query
from services.api.noting import noted
from services.api.parameters import QueryParameter
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id, whole_number
from services.api.settlement_queries import XLSX
from services.documents.fee_papers import event_of, papers_of, reference_of
from services.documents.paper import Paper
from services.documents.press import Press, PressBusy
from services.tables import workbook

READ = "fee_account.read"
A_PART = 200
"""Papers in one PDF, which a press sets within seconds."""
MAX_EXPORTED = 100_000
HIGHEST_LEVEL = 10
_HEADINGS = (
    "编号",
    "表单",
    "楼栋",
    "房号",
    "业主",
    "收费周期",
    "本期应收（元）",
    "往期欠费（元）",
    "应缴合计（元）",
    "缴费期限",
    "签发日期",
    "冲销",
)
_REMINDER_HEADINGS = (
    *_HEADINGS[:5],
    "第几次",
    "方式",
    "欠缴（元）",
    "滞纳金（元）",
    "催缴日期",
    "冲销",
)


def _within(most: int) -> Any:
    def parse(text: str) -> int:
        number = whole_number(text)
        if number is None or not 1 <= number <= most:
            raise ValueError(text)
        return number

    return parse


PART = QueryParameter(
    "part",
    f"Which {A_PART} numbers within the period; the first unless named.",
    {"type": "integer", "minimum": 1, "maximum": 200_000},
    _within(200_000),
    Text("第几份（正整数）", "a whole number from 1"),
)
LEVEL = QueryParameter(
    "level",
    "Which reminder of each notice; the first unless named.",
    {"type": "integer", "minimum": 1, "maximum": HIGHEST_LEVEL},
    _within(HIGHEST_LEVEL),
    Text(f"1 至 {HIGHEST_LEVEL}", f"1 to {HIGHEST_LEVEL}"),
)


def fee_print_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    press = Press()

    @query("/v1/fee-periods/{stream_id:str}/notices.pdf", "fee-periods", "打印收费通知 · Print notices", (PART,))
    async def notices_pdf(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """QR-7510-01 of a closed period, two hundred a part. Permission: `fee_account.read`; noted."""
        return await _printed(desk, press, request, path_id(stream_id), (PART,), level=0)

    @query(
        "/v1/fee-periods/{stream_id:str}/reminders.pdf", "fee-periods", "打印催交通知 · Print reminders", (PART, LEVEL)
    )
    async def reminders_pdf(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """QR-7510-02 of a period's notices, one level at a time. Permission: `fee_account.read`; noted."""
        level = LEVEL.of(request) or 1
        return await _printed(desk, press, request, path_id(stream_id), (PART, LEVEL), level=level)

    @query("/v1/fee-periods/{stream_id:str}/notices.xlsx", "fee-periods", "导出收费通知 · Notices as XLSX")
    async def notices_xlsx(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """Every notice of a period in a table. Permission: `fee_account.read`; noted in the access log."""
        return await _exported(desk, request, path_id(stream_id), reminders=False)

    @query("/v1/fee-periods/{stream_id:str}/reminders.xlsx", "fee-periods", "导出催交通知 · Reminders as XLSX")
    async def reminders_xlsx(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        """Every reminder of a period's notices in a table. Permission: `fee_account.read`; noted."""
        return await _exported(desk, request, path_id(stream_id), reminders=True)

    return [notices_pdf, reminders_pdf, notices_xlsx, reminders_xlsx]


async def _printed(  # noqa: PLR0913 - what is printed, for whom
    desk: Desk, press: Press, request: HttpRequest, period: UUID, taken: Sequence[QueryParameter[Any]], *, level: int
) -> Response[bytes]:
    part = PART.of(request) or 1
    async with _reading(desk, request, taken) as asked:
        state = await _period(desk, asked, period)
        found = fee_notices.part(asked.tenant, period, level=level, first=(part - 1) * A_PART + 1, last=part * A_PART)
        papers = await _papers(desk, asked, state, found)
        detail = f"pdf level={level} part={part}"
        await noted(desk, request, asked.reader, "document", noun=FEE_PERIOD.noun, stream=period, detail=detail)
    if not papers:
        raise Refusal("nothing_to_print", zh="没有可打印的通知", en="There is no notice to print.", clause="R13.4.2.1")
    try:
        made = await press.run(papers)
    except PressBusy:
        text = Text("排版任务较多，请稍后再试", "Too many documents are being set; try again in a moment.")
        raise Problem(503, "press_busy", text, headers={"Retry-After": "5"}) from None
    name = f"{'reminders' if level else 'notices'}-{state.first_month}-{part}.pdf"
    return Response(made, media_type="application/pdf", headers=_headers(name))


async def _papers(desk: Desk, asked: Asking, state: FeePeriodState, found: Any) -> list[Paper]:
    """The papers of a part."""
    lines = await fee_notices.notices(asked.connection, found, A_PART)
    return papers_of(
        asked.tenant,
        asked.reader.config.office.name,
        state,
        lines,
        mapper=desk.runtime.mapper,
        public_url=desk.settings.public_url,
    )


async def _exported(desk: Desk, request: HttpRequest, period: UUID, *, reminders: bool) -> Response[bytes]:
    async with _reading(desk, request, ()) as asked:
        state = await _period(desk, asked, period)
        order = "order by n.serial, n.level"
        found = fee_notices.question(asked.tenant, period, reminders=reminders).then(order)
        lines = await fee_notices.notices(asked.connection, found, MAX_EXPORTED)
        what = "reminders" if reminders else "notices"
        await noted(
            desk, request, asked.reader, "personal_data", noun=FEE_PERIOD.noun, stream=period, detail=f"xlsx {what}"
        )
    rows = _reminder_rows if reminders else _notice_rows
    title = f"{state.first_month} {'催交' if reminders else '收费'}通知"
    made = await asyncio.to_thread(lambda: workbook(title, rows(desk.runtime.mapper, state, lines)))
    return Response(made, media_type=XLSX, headers=_headers(f"{what}-{state.first_month}.xlsx"))


def _reading(desk: Desk, request: HttpRequest, taken: Sequence[QueryParameter[Any]]) -> Any:
    return asking(desk, request, READ, taken, projections=(fee_lists.PROJECTION,), read_only=False)


async def _period(desk: Desk, asked: Asking, period: UUID) -> FeePeriodState:
    found = await desk.runtime.states.read(asked.connection, asked.tenant, FEE_PERIOD.noun, period)
    if not isinstance(found.state, FeePeriodState):
        raise not_found(FEE_PERIOD.title)
    return found.state


def _notice_rows(mapper: EventMapper, state: FeePeriodState, lines: Sequence[NoticeLine]) -> Iterator[tuple[Any, ...]]:
    yield _HEADINGS
    for line in lines:
        event = event_of(mapper, line)
        if isinstance(event, PeriodCharged):
            yield (
                _reference(state, line),
                event.form,
                event.building,
                event.unit,
                event.owner,
                f"{event.first_month} 至 {event.last_month}",
                event.amount_fen / 100,
                event.arrears_fen / 100,
                event.payable_fen / 100,
                event.due_on,
                line.made_on,
                _taken_back(line),
            )


def _reminder_rows(
    mapper: EventMapper, state: FeePeriodState, lines: Sequence[NoticeLine]
) -> Iterator[tuple[Any, ...]]:
    yield _REMINDER_HEADINGS
    for line in lines:
        event = event_of(mapper, line)
        if not isinstance(event, PeriodCharged):
            yield (
                _reference(state, line),
                event.form,
                event.building,
                event.unit,
                event.owner,
                event.level,
                FEE_HOWS[event.how].zh,
                event.unpaid_fen / 100,
                event.late_fee_fen / 100,
                event.reminded_on,
                _taken_back(line),
            )


def _taken_back(line: NoticeLine) -> str:
    """Whether all or a part of what a notice asks for was taken back, and since when."""
    taken = line.taken_back
    return "" if taken is None else f"{'全部' if taken.extent == 'all' else '部分'} {taken.since.isoformat()}"


def _reference(state: FeePeriodState, line: NoticeLine) -> str:
    return "" if line.serial is None else reference_of(state, line.serial, line.level) or ""


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
