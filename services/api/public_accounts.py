"""A project's published accounts for its owners: readable by anybody who has the address, without an account (R13.4.3).

What is published is meant for owners and residents. It names no unit, no person and nothing that was not published.
"""

import html
from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.fee_book.events import AccountsPublished
from domain.fee_book.parts import AgencyLine
from domain.fee_book.statement import AGENCY, AGENCY_COLUMNS, Section, agency_lines, sections, signed_yuan
from domain.kernel import Refusal, Text
from domain.repair_fund.messages import FundStatementPublished
from projections import fee_money as money
from services.api.ballot_page import message_page, public_page
from services.api.bodies import json_response
from services.api.problems import to_problem
from services.api.requests import Desk, HttpRequest

MOST_STATEMENTS = 200
_FUND = Text("修缮基金", "Repair fund")


class PublicFund(msgspec.Struct, frozen=True, kw_only=True):
    """A period of the repair fund: what it held, took in, spent by purpose, took back."""

    first_month: str
    last_month: str
    opening_fen: int
    received_fen: int
    spent_fen: dict[str, int]
    reversed_fen: int
    closing_fen: int


class PublicPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A period's accounts as they were published."""

    first_month: str
    last_month: str
    published_on: date
    sections: tuple[Section, ...]
    agency: tuple[AgencyLine, ...]
    income_fen: dict[str, int]
    spent_fen: dict[str, int]
    surplus_fen: int


class PublicAccounts(msgspec.Struct, frozen=True, kw_only=True):
    """What was published of a project, oldest first; the repair fund stands apart."""

    organisation: str
    project: str
    periods: tuple[PublicPeriod, ...]
    fund: tuple[PublicFund, ...]


class _Found(msgspec.Struct, frozen=True):
    organisation: str
    accounts: tuple[AccountsPublished, ...]
    fund: tuple[FundStatementPublished, ...]


def public_account_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @get(
        "/v1/public-accounts/{slug:str}/{project_id:str}",
        opt={"public": True},
        tags=["fee-books"],
        summary="公布的收支账目 · Published accounts for owners",
    )
    async def published(
        request: HttpRequest, slug: FromPath[str], project_id: FromPath[str]
    ) -> Response[PublicAccounts]:
        """What was published of a project. Nothing published and nothing there look alike."""
        found = await _found(desk, request, slug, project_id)
        view = PublicAccounts(
            organisation=found.organisation,
            project=_project(found),
            periods=tuple(_period(each) for each in found.accounts),
            fund=tuple(_fund(each) for each in found.fund),
        )
        return json_response(view, headers={"Cache-Control": "no-store"})

    @get("/a/{slug:str}/{project_id:str}", include_in_schema=False)
    async def page(request: HttpRequest, slug: FromPath[str], project_id: FromPath[str]) -> Response[bytes]:
        try:
            return _page(await _found(desk, request, slug, project_id))
        except Refusal as refusal:
            problem = to_problem(refusal)
            return message_page(problem.text, problem.status)

    return [published, page]


async def _found(desk: Desk, request: HttpRequest, slug: str, project_id: str) -> _Found:
    """What was published; the address is guessed slowly, for every wrong one answers alike."""
    desk.logins.admit(f"accounts:{request.client.host if request.client else ''}")
    try:
        project = UUID(project_id)
    except ValueError:
        raise _nothing() from None
    runtime = desk.runtime
    async with runtime.database.directory() as connection:
        tenant: UUID | None = await connection.fetchval("select tenant_id from tenants where slug = $1", slug)
    if tenant is None:
        raise _nothing()
    with desk.admitted(request, tenant):
        async with runtime.database.tenant_transaction(tenant, read_only=True) as own:
            epoch = await own.fetchval("select epoch from ledger where tenant_id = $1", tenant)
            config = await runtime.configs.at_epoch(own, tenant, epoch)
            question = money.published_question(tenant, project=project)
            zone = ZoneInfo(config.calendar.timezone)
            rows = await money.published(own, question, zone=zone, limit=MOST_STATEMENTS)
    if not rows or not config.active:
        raise _nothing()
    return _Found(
        config.office.name,
        tuple(row.accounts for row in rows if row.accounts is not None),
        tuple(row.fund for row in rows if row.fund is not None),
    )


def _project(found: _Found) -> str:
    return found.accounts[-1].name if found.accounts else ""


def _period(accounts: AccountsPublished) -> PublicPeriod:
    return PublicPeriod(
        first_month=accounts.first_month,
        last_month=accounts.last_month,
        published_on=accounts.published_on,
        sections=sections(accounts),
        agency=accounts.agency,
        income_fen=accounts.income_fen,
        spent_fen=accounts.spent_fen,
        surplus_fen=accounts.surplus_fen,
    )


def _fund(statement: FundStatementPublished) -> PublicFund:
    return PublicFund(**{name: getattr(statement, name) for name in PublicFund.__struct_fields__})


def _page(found: _Found) -> Response[bytes]:
    """The same for people, the latest period first."""
    title = f"{_project(found)} 收支账目公布".strip()
    parts = [f"<h1>{html.escape(title)} <span class='en'>Published accounts</span></h1>"]
    parts.append(f"<p>{html.escape(found.organisation)}</p>")
    parts += [_period_part(each) for each in reversed(found.accounts)]
    parts += [_fund_part(each) for each in reversed(found.fund)]
    return public_page(title, "".join(parts), 200)


def _period_part(accounts: AccountsPublished) -> str:
    shown = [f"<h2>{accounts.first_month} 至 {accounts.last_month}</h2>"]
    for section in sections(accounts):
        figures = [(_both(line.label), signed_yuan(line.amount_fen)) for line in section.lines]
        shown.append(_table(_both(section.title), figures))
    rows = [[_both(column) for column in AGENCY_COLUMNS]]
    for name, owed in agency_lines(accounts):
        amounts = (owed.opening_fen, owed.collected_fen, owed.passed_on_fen, owed.closing_fen)
        rows.append([_both(name), html.escape(owed.supplier or ""), *map(signed_yuan, amounts)])
    shown.append(_table(_both(AGENCY), rows))
    return "".join(shown)


def _fund_part(statement: FundStatementPublished) -> str:
    figures = [
        (Text("期初", "Before"), statement.opening_fen),
        (Text("归集", "Paid in"), statement.received_fen),
        *(
            (statement.names.get(code) or Text(code, code), -amount)
            for code, amount in sorted(statement.spent_fen.items())
        ),
        (Text("冲销", "Taken back"), statement.reversed_fen),
        (Text("期末", "After"), statement.closing_fen),
    ]
    rows = [(_both(label), signed_yuan(amount_fen)) for label, amount_fen in figures]
    return _table(f"{_both(_FUND)} {statement.first_month} 至 {statement.last_month}", rows)


def _table(title: str, rows: Sequence[Sequence[str]]) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h3>{title}</h3><table>{lines}</table>"


def _both(text: Text) -> str:
    return f'{html.escape(text.zh)} <span class="en">{html.escape(text.en)}</span>'


def _nothing() -> Refusal:
    return Refusal("not_found", zh="没有公布的账目", en="No accounts are published here.")
