"""What units owe and have paid: arrears by age as of a day, an account's entries, what periods brought in (R13)."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.charges import FEE_CHARGES
from projections.kernel import Connection

PROJECTION = FEE_CHARGES.name
KINDS = {
    "public_service": Text("公共性服务费", "Public service"),
    "agency": Text("代办代收费用", "Agency fees"),
    "special": Text("特约服务费", "Special services"),
    "repair": Text("修缮费用", "Repairs"),
    "late_fee": Text("滞纳金", "Late fees"),
}
WHATS = {
    "charge": Text("应收", "Charge"),
    "late_fee": Text("滞纳金", "Late fee"),
    "payment": Text("收款", "Payment"),
    "reversal": Text("冲销", "Reversal"),
}


class Arrears(msgspec.Struct, frozen=True, kw_only=True):
    """What is overdue at a place of a fee kind, by its age in days: from ``from_days``, none above ``to_days``."""

    project_id: UUID
    building: str
    kind: str
    kind_label: Text
    from_days: int
    to_days: int | None
    charges: int
    unpaid_fen: int


class AccountEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of an account; ``reversed_by`` is the number of what took it back."""

    number: int
    position: int
    booked_at: datetime
    what: str
    what_label: Text
    kind: str | None
    item: str
    first_month: str | None
    last_month: str | None
    effect_fen: int
    balance_after_fen: int
    means: str | None
    reference: str
    paid_on: date | None
    due_on: date | None
    reverses: int | None
    reversed_by: int | None


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What was charged for a period and is paid of it; ``rate`` in per cent, none where nothing was charged."""

    project_id: UUID
    first_month: str
    last_month: str
    kind: str
    kind_label: Text
    charged_fen: int
    paid_fen: int
    rate: Decimal | None


class ArrearsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which arrears: as of the end of a day, parted at ages in days."""

    at: datetime
    day: date
    limits: tuple[int, ...]
    project: UUID | None = None
    building: str | None = None
    kind: str | None = None
    after: tuple[UUID, str, str, int] | None = None


class CollectionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which periods: those that begin between two months."""

    first: str
    last: str
    project: UUID | None = None
    kind: str | None = None
    after: tuple[str, str, UUID, str] | None = None


def arrears_question(tenant: UUID, asked: ArrearsAsked) -> Question:
    """The statement; an age of exactly a limit belongs to the younger ones."""
    limits = [limit + 1 for limit in asked.limits]
    question = Question("fee_arrears", tenant, asked.at, asked.day, limits)
    question.where("u.project_id = {}", asked.project)
    question.where("u.building = {}", asked.building)
    question.where("u.kind = {}", asked.kind)
    group = "u.project_id, u.building, u.kind, width_bucket(($3::date - u.due_on)::integer, $4::integer[])"
    if asked.after is not None:
        question.where(f"({group}) > ({{}}, {{}}, {{}}, {{}}::integer)", *asked.after)
    return question.then(f"group by {group} order by {group}")


def entries_question(tenant: UUID, account: UUID, after: int | None) -> Question:
    """The statement, oldest first."""
    return Question("fee_account_entries", tenant, account).where("e.number > {}", after).then("order by e.number")


def collection_question(tenant: UUID, asked: CollectionAsked) -> Question:
    """The statement, by period, project and kind."""
    question = Question("fee_collection_rates", tenant)
    question.where("c.first_month >= {}", asked.first).where("c.first_month <= {}", asked.last)
    question.where("c.project_id = {}", asked.project).where("c.kind = {}", asked.kind)
    group = "c.first_month, c.last_month, c.project_id, c.kind"
    if asked.after is not None:
        question.where(f"({group}) > ({{}}, {{}}, {{}}, {{}})", *asked.after)
    return question.then(f"group by {group} order by {group}")


async def arrears(connection: Connection, tenant: UUID, asked: ArrearsAsked, limit: int) -> list[Arrears]:
    """The arrears asked for."""
    rows: Sequence[Any] = await arrears_question(tenant, asked).rows(connection, limit)
    bounds = (0, *asked.limits)
    return [
        Arrears(
            project_id=row["project_id"],
            building=row["building"],
            kind=row["kind"],
            kind_label=KINDS[row["kind"]],
            from_days=bounds[row["age"]] + 1,
            to_days=bounds[row["age"] + 1] if row["age"] + 1 < len(bounds) else None,
            charges=row["charges"],
            unpaid_fen=row["unpaid_fen"],
        )
        for row in rows
    ]


async def entries(  # noqa: PLR0913 - what a list is asked with
    connection: Connection, tenant: UUID, account: UUID, *, after: int | None, zone: tzinfo, limit: int
) -> list[AccountEntry]:
    """An account's entries."""
    rows: Sequence[Any] = await entries_question(tenant, account, after).rows(connection, limit)
    return [
        AccountEntry(**{**dict(row), "booked_at": row["booked_at"].astimezone(zone)}, what_label=WHATS[row["what"]])
        for row in rows
    ]


async def collection(connection: Connection, tenant: UUID, asked: CollectionAsked, limit: int) -> list[Collection]:
    """What the periods asked for brought in until now."""
    rows: Sequence[Any] = await collection_question(tenant, asked).rows(connection, limit)
    return [
        Collection(**dict(row), kind_label=KINDS[row["kind"]], rate=rate(row["paid_fen"], row["charged_fen"]))
        for row in rows
    ]


def rate(paid_fen: int, charged_fen: int) -> Decimal | None:
    """Paid of charged, in per cent rounded half up to one decimal; none where nothing was charged."""
    if charged_fen == 0:
        return None
    return (Decimal(paid_fen) * 100 / charged_fen).quantize(Decimal("0.1"), ROUND_HALF_UP)
