"""Reports: the monthly scores and their year, the open assessments, what needs attention."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.periods import Month
from projections import attention as attention_items
from projections import monthly_scores as scores
from projections import open_assessments as open_months
from projections.labels import BANDS, MONTH_STATUSES
from services.api.asking import Asking, Microseconds, asking, from_microseconds, query, to_microseconds
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    YEAR,
    QueryParameter,
    choice_parameter,
    id_parameter,
    month_parameter,
)
from services.api.requests import Desk, HttpRequest

PROJECT = id_parameter("project_id", "Of this project alone.")
FIRST = month_parameter("from", "From this month on.")
LAST = month_parameter("to", "Up to this month, included.")
MONTH = month_parameter("month", "Of this month alone.")
BAND = choice_parameter("band", "In this band.", BANDS)
STATUS = choice_parameter("status", "In this status.", MONTH_STATUSES)

_SCORES: tuple[QueryParameter[Any], ...] = (PROJECT, FIRST, LAST, BAND, STATUS, *PAGING)
_SUMMARY: tuple[QueryParameter[Any], ...] = (YEAR, PROJECT, *PAGING)
_OPEN: tuple[QueryParameter[Any], ...] = (PROJECT, *PAGING)
_LIST: tuple[QueryParameter[Any], ...] = (PROJECT, MONTH, STATUS, *PAGING)

Ref = Annotated[str, msgspec.Meta(max_length=400, pattern=r"^[^\x00]*$")]


class MonthlyScorePage(msgspec.Struct, frozen=True):
    """Months, latest first; ``next`` is the cursor of the page after this one."""

    items: list[scores.MonthlyScore]
    next: str | None


class YearlySummaryPage(msgspec.Struct, frozen=True):
    """The year of each project; ``next`` is the cursor of the page after this one."""

    items: list[scores.YearlySummary]
    next: str | None


class OpenAssessmentPage(msgspec.Struct, frozen=True):
    """Open assessments, the survey that closes first at the top."""

    items: list[open_months.OpenAssessment]
    next: str | None


class AttentionPage(msgspec.Struct, frozen=True):
    """What to look at, latest first."""

    items: list[attention_items.AttentionItem]
    next: str | None


def report_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_score_routes(desk), *_standing_routes(desk)]


def _score_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @query("/v1/reports/monthly-scores", "reports", "月度得分 · Monthly scores", _SCORES)
    async def monthly_scores(request: HttpRequest) -> Response[MonthlyScorePage]:
        """Every assessed month with its score, parts, band, and what it cost or earned. `assessment.read`."""
        async with asking(desk, request, "assessment.read", _SCORES, projections=(scores.PROJECTION,)) as asked:
            wanted = scores.ScoresAsked(
                project_id=PROJECT.of(request),
                first=FIRST.of(request),
                last=LAST.of(request),
                band=BAND.of(request),
                status=STATUS.of(request),
                after=decode_cursor(request, tuple[Month, UUID]),
            )
            return asked.answer(await _months(asked, wanted))

    @query("/v1/assessments", "assessments", "月度考核列表 · Assessments", _LIST)
    async def assessments(request: HttpRequest) -> Response[MonthlyScorePage]:
        """The assessments of a tenant, latest month first. Permission: `assessment.read`."""
        async with asking(desk, request, "assessment.read", _LIST, projections=(scores.PROJECTION,)) as asked:
            month = MONTH.of(request)
            wanted = scores.ScoresAsked(
                project_id=PROJECT.of(request),
                first=month,
                last=month,
                status=STATUS.of(request),
                after=decode_cursor(request, tuple[Month, UUID]),
            )
            return asked.answer(await _months(asked, wanted))

    @query("/v1/reports/monthly-scores/summary", "reports", "年度汇总 · A year of each project", _SUMMARY)
    async def yearly_summaries(request: HttpRequest) -> Response[YearlySummaryPage]:
        """Average, months in each band, and what the year cost or earned, per project. `assessment.read`."""
        async with asking(desk, request, "assessment.read", _SUMMARY, projections=(scores.PROJECTION,)) as asked:
            found = await scores.yearly_summaries(
                asked.connection,
                asked.tenant,
                YEAR.of(request) or asked.now.astimezone(asked.zone).year,
                project=PROJECT.of(request),
                after=decode_cursor(request, UUID),
                limit=asked.limit + 1,
            )
            return asked.answer(YearlySummaryPage(*asked.cut(found, lambda each: each.project_id)))

    return [monthly_scores, assessments, yearly_summaries]


async def _months(asked: Asking, wanted: scores.ScoresAsked) -> MonthlyScorePage:
    found = await scores.monthly_scores(asked.connection, asked.tenant, wanted, asked.zone, asked.limit + 1)
    return MonthlyScorePage(*asked.cut(found, lambda each: (each.month, each.project_id)))


def _standing_routes(desk: Desk) -> list[HTTPRouteHandler]:
    @query("/v1/reports/open-assessments", "reports", "未结考核 · Open assessments", _OPEN)
    async def open_assessments(request: HttpRequest) -> Response[OpenAssessmentPage]:
        """Assessments that are not closed, with what each still lacks. Permission: `assessment.read`."""
        async with asking(desk, request, "assessment.read", _OPEN, projections=(open_months.PROJECTION,)) as asked:
            after = decode_cursor(request, tuple[Microseconds, UUID])
            found = await open_months.open_assessments(
                asked.connection,
                asked.tenant,
                project=PROJECT.of(request),
                after=after and (from_microseconds(after[0]), after[1]),
                now=asked.now,
                zone=asked.zone,
                limit=asked.limit + 1,
            )
            page = asked.cut(found, lambda each: (to_microseconds(each.survey_closes_at), each.assessment_id))
            return asked.answer(OpenAssessmentPage(*page))

    @query("/v1/reports/attention", "reports", "待处理事项 · What needs attention", PAGING)
    async def attention(request: HttpRequest) -> Response[AttentionPage]:
        """Refused commands of reactions and deadlines whose command failed. Permission: `organisation.read`."""
        async with asking(desk, request, "organisation.read", PAGING) as asked:
            after = decode_cursor(request, tuple[Microseconds, Ref])
            found = await attention_items.attention(
                asked.connection,
                asked.tenant,
                after and (from_microseconds(after[0]), after[1]),
                asked.zone,
                asked.limit + 1,
            )
            return asked.answer(AttentionPage(*asked.cut(found, lambda each: (to_microseconds(each.at), each.ref))))

    return [open_assessments, attention]
