"""Which units are charged, which period stands where, and whose turn is it in a closing? R13.4.2.1."""

from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.fees import FEES
from projections.kernel import Connection, live_build
from projections.labels import FEE_PERIOD_STATUSES

PROJECTION = FEES.name
_TENTH = Decimal("0.1")

CLOSING = (
    "select period_id, project_id, closing_position from fee_periods"  # noqa: S608 - the build's name is our own
    f" where tenant_id = $1 and build = {live_build(PROJECTION)} and status = 'closing'"
    " order by closing_position limit 1"
)
COUNT = (
    "select count(*) from fee_accounts"  # noqa: S608 - the build's name is our own
    f" where tenant_id = $1 and build = {live_build(PROJECTION)} and project_id = $2 and opened_position < $3"
)
TURN = (
    "select account_id from fee_accounts"  # noqa: S608 - the build's name is our own
    f" where tenant_id = $1 and build = {live_build(PROJECTION)} and project_id = $2 and opened_position < $3"
    " and account_id > $4 order by account_id limit $5"
)


class Closing(NamedTuple):
    """A period that is being closed, since a position of the tenant's order."""

    period_id: UUID
    project_id: UUID
    closing_position: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's account. ``balance_fen`` above zero is owed, below zero the owner's credit."""

    account_id: UUID
    project_id: UUID
    building: str
    unit: str
    owner: str
    balance_fen: int
    credit_fen: int


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a closing has come: ``rate`` is accounts a second since it began, ``last_step_at`` the last page."""

    done: int
    total: int
    notices: int
    refused: int
    rate: str
    started_at: datetime
    last_step_at: datetime
    finished_at: datetime | None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A period of a project. Its notices bear the numbers from ``first_number`` of ``number_year``'s register on."""

    period_id: UUID
    project_id: UUID
    name: str
    first_month: str
    last_month: str
    status: str
    status_label: Text
    notices: int
    amount_fen: int
    number_year: int | None
    first_number: int | None
    progress: Progress | None


async def closing_period(connection: Connection, tenant: UUID) -> Closing | None:
    """The period whose closing began first, as far as the projection has come."""
    rows = await connection.fetch(CLOSING, tenant)
    return Closing(*rows[0]) if rows else None


async def count_accounts(connection: Connection, tenant: UUID, closing: Closing) -> int:
    """How many accounts the project had when its closing began."""
    rows = await connection.fetch(COUNT, tenant, closing.project_id, closing.closing_position)
    return int(rows[0]["count"])


async def page_of_accounts(
    connection: Connection, tenant: UUID, closing: Closing, *, after: UUID | None, limit: int
) -> list[UUID]:
    """The accounts that the project had when its closing began, by id."""
    begun = closing.closing_position
    rows = await connection.fetch(TURN, tenant, closing.project_id, begun, after or UUID(int=0), limit)
    return [row["account_id"] for row in rows]


def account_question(
    tenant: UUID, *, project: UUID | None = None, after: tuple[str, str, UUID] | None = None
) -> Question:
    """The statement of the accounts, by building and unit."""
    found = Question("fee_accounts", tenant).where("a.project_id = {}", project)
    if after is not None:
        found.where("(a.building, a.unit, a.account_id) > ({}, {}, {})", *after)
    return found.then("order by a.building, a.unit, a.account_id")


async def accounts(connection: Connection, found: Question, limit: int) -> list[Account]:
    """The accounts that a question finds."""
    return [Account(**dict(row)) for row in await found.rows(connection, limit)]


def period_question(
    tenant: UUID,
    *,
    project: UUID | None = None,
    period: UUID | None = None,
    after: tuple[str, UUID] | None = None,
) -> Question:
    """The statement of the periods, latest first."""
    found = Question("fee_periods", tenant).where("p.project_id = {}", project).where("p.period_id = {}", period)
    if after is not None:
        found.where("(p.first_month, p.period_id) < ({}, {})", *after)
    return found.then("order by p.first_month desc, p.period_id desc")


async def periods(connection: Connection, found: Question, zone: tzinfo, limit: int) -> list[Period]:
    """The periods that a question finds."""
    return [_period(row, zone) for row in await found.rows(connection, limit)]


def _period(row: Any, zone: tzinfo) -> Period:
    return Period(
        period_id=row["period_id"],
        project_id=row["project_id"],
        name=row["name"],
        first_month=row["first_month"],
        last_month=row["last_month"],
        status=row["status"],
        status_label=FEE_PERIOD_STATUSES[row["status"]],
        notices=row["notices"],
        amount_fen=row["amount_fen"],
        number_year=row["number_year"],
        first_number=row["first_number"],
        progress=None if row["started_at"] is None else _progress(row, zone),
    )


def _progress(row: Any, zone: tzinfo) -> Progress:
    ended, started = row["last_step_at"], row["started_at"]
    took_ms = max(1, int((ended - started).total_seconds() * 1000))
    return Progress(
        done=row["done"],
        total=row["total"],
        notices=row["notices"],
        refused=row["refused"],
        rate=str((Decimal(row["done"]) * 1000 / took_ms).quantize(_TENTH, ROUND_HALF_UP)),
        started_at=started.astimezone(zone),
        last_step_at=ended.astimezone(zone),
        finished_at=None if row["finished_at"] is None else row["finished_at"].astimezone(zone),
    )
