"""What the printed page shows of a property company, read from its read models: duties, fees, deliveries, reports."""

from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.fee_account import FeeAccountState
from domain.fee_account.units import account_id
from projections import duty_board, goods_board, quality_board
from services.demo.company_plan import company_project
from services.demo.story import Organisation
from services.runtime.runtime import Runtime

MAX_ROWS = 1_000


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's account: what was charged and paid, how often it was reminded, and what is owed; below zero a credit."""

    unit: str
    owner: str
    charged_fen: int
    paid_fen: int
    balance_fen: int


class CompanyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The company's quarter."""

    project: str
    compliance: tuple[duty_board.Compliance, ...]
    issues: tuple[duty_board.OpenIssue, ...]
    accounts: tuple[AccountLine, ...]
    deliveries: tuple[goods_board.GoodsDelivery, ...]
    stocks: tuple[goods_board.StockStanding, ...]
    reports: tuple[quality_board.ListedReport, ...]


async def company_report(runtime: Runtime, tenant: UUID, told: Organisation) -> CompanyReport | None:
    """The property company that an organisation is, if it is one."""
    story = told.company
    if story is None:
        return None
    project = company_project(tenant, story)
    zone = ZoneInfo((await runtime.configs.refresh(tenant)).calendar.timezone)
    days = duty_board.DaysAsked(scope=project, first=story.begins_on, last=story.ends_on)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        kept = await duty_board.compliance(connection, tenant, days, after=None, limit=MAX_ROWS)
        issues = [
            issue
            for status in duty_board.ISSUE_STATUSES
            for issue in await duty_board.issues(
                connection,
                tenant,
                duty_board.IssuesAsked(status=status),
                today=told.story.ends_at.date(),
                zone=zone,
                limit=MAX_ROWS,
            )
        ]
        deliveries = await goods_board.deliveries(
            connection, tenant, goods_board.DeliveriesAsked(), zone=zone, limit=MAX_ROWS
        )
        stocks = await goods_board.stocks(connection, goods_board.stock_question(tenant), MAX_ROWS)
        reports = await quality_board.reports(connection, tenant, after=None, kind="monthly", zone=zone, limit=MAX_ROWS)
        accounts = []
        for each in story.accounts:
            stream = account_id(project, "", each.unit)
            state = (await runtime.states.read(connection, tenant, "fee_account", stream)).state
            assert isinstance(state, FeeAccountState)
            accounts.append(_account(state))
    return CompanyReport(
        project=story.project,
        compliance=tuple(kept),
        issues=tuple(sorted(issues, key=lambda issue: issue.position)),
        accounts=tuple(accounts),
        deliveries=tuple(deliveries),
        stocks=tuple(stocks),
        reports=tuple(reports),
    )


def _account(state: FeeAccountState) -> AccountLine:
    standing = [entry for entry in state.entries.values() if not entry.reversed]
    return AccountLine(
        unit=state.unit,
        owner=state.owner,
        charged_fen=sum(entry.effect_fen for entry in standing if entry.charge),
        paid_fen=-sum(entry.effect_fen for entry in standing if not entry.charge),
        balance_fen=state.balance_fen,
    )
