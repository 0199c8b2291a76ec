"""Penalty ledgers, statements of what was fined, and acts that drew two clauses."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.penalty_ledger.state import LedgerTotals
from projections import penalty_statement as statements
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    QueryParameter,
    choice_parameter,
    id_parameter,
    month_parameter,
    text_parameter,
)
from services.api.requests import Desk, HttpRequest

PERSON = id_parameter("person", "Of this member alone.")
LEDGER = id_parameter("ledger_id", "Of this ledger alone.")
DEPARTMENT = text_parameter("department", "Of this department alone.", most=120)
KIND = choice_parameter("subject_kind", "Of persons, or of units.", ("person", "unit"))
OWING = choice_parameter("owing", "Those where money is to move, or the others.", ("yes", "no"))
FIRST = month_parameter("from", "Issued in this month or later.")
LAST = month_parameter("to", "Issued in this month or earlier.")
CLAUSE = text_parameter("clause", "Under this clause alone.", most=60)
Act = Annotated[str, msgspec.Meta(max_length=200)]

_LEDGERS: tuple[QueryParameter[Any], ...] = (PERSON, DEPARTMENT, KIND, OWING, *PAGING)
_STATEMENT: tuple[QueryParameter[Any], ...] = (LEDGER, PERSON, DEPARTMENT, FIRST, LAST, CLAUSE, *PAGING)


class LedgerPage(msgspec.Struct, frozen=True):
    """Ledgers in the order of their opening; ``next`` is the cursor of the page after this one."""

    items: list[statements.LedgerStanding]
    next: str | None


class PenaltyStatementPage(msgspec.Struct, frozen=True):
    """What all entries asked for add up to, and a page of them, oldest first."""

    totals: LedgerTotals
    items: list[statements.StatementEntry]
    next: str | None


class DoubleDrawPage(msgspec.Struct, frozen=True):
    """Acts that drew several clauses."""

    items: list[statements.DoubleDrawn]
    next: str | None


def penalty_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    names = (statements.PROJECTION,)

    @query("/v1/penalty-ledgers", "penalty-ledgers", "处罚台账列表 · Penalty ledgers", _LEDGERS)
    async def ledgers(request: HttpRequest) -> Response[LedgerPage]:
        """Each ledger with what its entries add up to. Permission: `penalty_ledger.read`."""
        async with asking(desk, request, "penalty_ledger.read", _LEDGERS, projections=names) as asked:
            owing = OWING.of(request)
            question = statements.ledgers_question(
                asked.tenant,
                subject_kind=KIND.of(request),
                person=PERSON.of(request),
                department=DEPARTMENT.of(request),
                owing=None if owing is None else owing == "yes",
                after=decode_cursor(request, Position),
            )
            found = await statements.ledgers(asked.connection, question, asked.limit + 1)
            return asked.answer(LedgerPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/reports/penalty-statement", "reports", "处罚对账单 · Penalty statement", _STATEMENT)
    async def statement(request: HttpRequest) -> Response[PenaltyStatementPage]:
        """Entries of a person, department or month, each with what it rests on. Permission: `penalty_ledger.read`."""
        async with asking(desk, request, "penalty_ledger.read", _STATEMENT, projections=names) as asked:
            wanted = statements.StatementAsked(
                ledger=LEDGER.of(request),
                person=PERSON.of(request),
                department=DEPARTMENT.of(request),
                first=FIRST.of(request),
                last=LAST.of(request),
                clause=CLAUSE.of(request),
            )
            after = decode_cursor(request, Position)
            found = await statements.entries(asked.connection, asked.tenant, wanted, after=after, limit=asked.limit + 1)
            whole = await statements.totals(asked.connection, asked.tenant, wanted)
            items, following = asked.cut(found, lambda each: each.position)
            return asked.answer(PenaltyStatementPage(whole, items, following))

    @query("/v1/reports/double-draws", "reports", "一事多罚 · Acts that drew several clauses", PAGING)
    async def double_draws(request: HttpRequest) -> Response[DoubleDrawPage]:
        """One act under two clauses, by whichever reading it was booked. Permission: `penalty_ledger.read`."""
        async with asking(desk, request, "penalty_ledger.read", PAGING, projections=names) as asked:
            after = decode_cursor(request, tuple[UUID, Act])
            found = await statements.double_draws(asked.connection, asked.tenant, after, asked.limit + 1)
            return asked.answer(DoubleDrawPage(*asked.cut(found, lambda each: (each.ledger_id, each.act))))

    return [ledgers, statement, double_draws]
