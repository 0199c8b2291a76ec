"""Fees: whom a project charges, its periods and how far their closing is, what owners were told."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.fee_period import FEE_PERIOD
from domain.kernel import not_found
from infra import fee_runs
from projections import fee_lists as lists
from services.api.asking import Asking, asking, query
from services.api.noting import noted
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, id_parameter
from services.api.requests import Desk, HttpRequest, path_id

PROJECT = id_parameter("project_id", "Of this project alone.")
_LISTED: tuple[QueryParameter[Any], ...] = (PROJECT, *PAGING)
READ_ACCOUNTS = "fee_account.read"
READ_PERIODS = "fee_period.read"
MAX_REFUSED = 1_000
AccountKey = tuple[str, str, UUID]
PeriodKey = tuple[str, UUID]


class FeeAccountPage(msgspec.Struct, frozen=True):
    """Accounts by building and unit; ``next`` is the cursor of the page after this one."""

    items: list[lists.Account]
    next: str | None


class FeePeriodPage(msgspec.Struct, frozen=True):
    """Periods, the latest first; ``next`` is the cursor of the page after this one."""

    items: list[lists.Period]
    next: str | None


class NotCharged(msgspec.Struct, frozen=True):
    """An account that the closing could not charge, and why."""

    account_id: UUID
    code: str
    message: str


class FeePeriodProgress(msgspec.Struct, frozen=True):
    """How far the closing of a period is, and the accounts that it could not charge."""

    period: lists.Period
    not_charged: list[NotCharged]


def fee_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/fee-accounts", "fee-accounts", "收费账户列表 · Accounts of units", _LISTED)
    async def accounts(request: HttpRequest) -> Response[FeeAccountPage]:
        """Units with owner and balance. Permission: `fee_account.read`; noted in the access log."""
        names = (lists.PROJECTION,)
        async with asking(desk, request, READ_ACCOUNTS, _LISTED, projections=names, read_only=False) as asked:
            found = lists.account_question(
                asked.tenant, project=PROJECT.of(request), after=decode_cursor(request, AccountKey)
            )
            rows = await lists.accounts(asked.connection, found, asked.limit + 1)
            await noted(desk, request, asked.reader, "personal_data", noun="fee_account", detail="list")
            return asked.answer(
                FeeAccountPage(*asked.cut(rows, lambda each: (each.building, each.unit, each.account_id)))
            )

    @query("/v1/fee-periods", "fee-periods", "收费周期列表 · Fee periods", _LISTED)
    async def periods(request: HttpRequest) -> Response[FeePeriodPage]:
        """Periods with how far their closing is. Permission: `fee_period.read`."""
        async with asking(desk, request, READ_PERIODS, _LISTED, projections=(lists.PROJECTION,)) as asked:
            found = lists.period_question(
                asked.tenant, project=PROJECT.of(request), after=decode_cursor(request, PeriodKey)
            )
            rows = await lists.periods(asked.connection, found, asked.zone, asked.limit + 1)
            return asked.answer(FeePeriodPage(*asked.cut(rows, lambda each: (each.first_month, each.period_id))))

    @query("/v1/fee-periods/{stream_id:str}/progress", "fee-periods", "结账进度 · How far a closing is")
    async def progress(request: HttpRequest, stream_id: FromPath[str]) -> Response[FeePeriodProgress]:
        """Done of how many, at which rate, since when, and who could not be charged. Permission: `fee_period.read`."""
        async with asking(desk, request, READ_PERIODS, projections=(lists.PROJECTION,)) as asked:
            period = await period_of(asked, path_id(stream_id))
            refused = await fee_runs.refusals(asked.connection, asked.tenant, period.period_id, MAX_REFUSED)
            shown = [NotCharged(one.account_id, one.code, one.message) for one in refused]
            return asked.answer(FeePeriodProgress(period, shown))

    return [accounts, periods, progress]


async def period_of(asked: Asking, period: UUID) -> lists.Period:
    """A period as it is listed; refused where there is none."""
    found = lists.period_question(asked.tenant, period=period)
    rows = await lists.periods(asked.connection, found, asked.zone, 1)
    if not rows:
        raise not_found(FEE_PERIOD.title)
    return rows[0]
