"""The price list of an organisation, for anybody to read: what each service costs on a day (R13.4.2.6)."""

import html
import re
from datetime import date

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Refusal, Text
from domain.money import yuan
from domain.rules.r13 import FeeKind, R13Rules
from projections.labels import FEE_KINDS
from services.api.ballot_page import message_page, public_page
from services.api.bodies import json_response
from services.api.parameters import day_parameter, documented, refuse_others
from services.api.problems import to_problem
from services.api.requests import Desk, HttpRequest

_SLUG = re.compile(r"[\w-]{1,100}")
"""As far as a text can be the name of an organisation; the database takes no NUL."""
ON = day_parameter("on", "As it is on this date; today's unless named.")


class PriceLine(msgspec.Struct, frozen=True):
    """What a unit of an item costs, in fen."""

    item: str
    kind: FeeKind
    kind_label: Text
    label: Text
    per: str
    price_fen: int


class PriceList(msgspec.Struct, frozen=True):
    """The list that applies on a day: the version of the rules that holds it, and since when."""

    organisation: str
    on: date
    rule_version: int
    effective_from: date
    prices: list[PriceLine]


def price_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @get(
        "/v1/price-lists/{slug:str}",
        opt={"public": True},
        tags=["fee-accounts"],
        summary="公示价目表 · The published price list",
        operation_class=documented(ON),
    )
    async def listed(request: HttpRequest, slug: FromPath[str]) -> Response[PriceList]:
        """Without an account. An organisation without a list and one that there is not look alike."""
        return json_response(await _list(desk, request, slug))

    @get("/prices/{slug:str}", include_in_schema=False)
    async def page(request: HttpRequest, slug: FromPath[str]) -> Response[bytes]:
        try:
            return _page(await _list(desk, request, slug))
        except Refusal as refusal:
            problem = to_problem(refusal)
            return message_page(problem.text, problem.status)

    return [listed, page]


async def _list(desk: Desk, request: HttpRequest, slug: str) -> PriceList:
    refuse_others(request, (ON,))
    if not _SLUG.fullmatch(slug):
        raise _unknown()
    runtime = desk.runtime
    desk.logins.admit(f"prices:{request.client.host if request.client else ''}")
    async with runtime.database.directory() as connection:
        tenant = await connection.fetchval("select tenant_id from tenants where slug = $1 and status = 'active'", slug)
    if tenant is None:
        raise _unknown()
    with desk.admitted(request, tenant):
        async with runtime.database.tenant_transaction(tenant, read_only=True) as own:
            epoch = await own.fetchval("select epoch from ledger where tenant_id = $1", tenant)
            config = await runtime.configs.at_epoch(own, tenant, epoch)
        on = ON.of(request) or config.calendar.local_date(desk.runtime.clock())
        for version in reversed(config.rules.get("R13", ())):
            if version.effective_from <= on and isinstance(version.values, R13Rules):
                return PriceList(
                    organisation=config.office.name,
                    on=on,
                    rule_version=version.version,
                    effective_from=version.effective_from,
                    prices=[
                        PriceLine(
                            item=one.code,
                            kind=one.kind,
                            kind_label=FEE_KINDS[one.kind],
                            label=Text(one.zh, one.en),
                            per=one.per,
                            price_fen=one.price_fen,
                        )
                        for one in version.values.prices
                    ],
                )
    raise _unknown()


def _unknown() -> Refusal:
    return Refusal("not_found", zh="没有公示的价目表", en="There is no published price list.")


def _page(found: PriceList) -> Response[bytes]:
    """The same for people."""
    lines = "".join(
        f"<p><b>{html.escape(one.label.zh)}</b> <span class='en'>{html.escape(one.label.en)}</span><br>"
        f"{one.kind_label.zh} · ¥{yuan(one.price_fen)} / {html.escape(one.per)}</p>"
        for one in found.prices
    )
    body = (
        f"<h1>收费价目公示 <span class='en'>Price list</span></h1><p>{html.escape(found.organisation)} · {found.on}"
        f"（{found.effective_from} 起执行，第{found.rule_version}版）</p>{lines}"
    )
    return public_page("收费价目公示", body, 200)
