"""What projects' books and repair funds hold: receipts held, hand-overs, suppliers, statements, bookings (R13)."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.fee_book.events import AccountsPublished
from domain.fee_book.parts import Amounts
from domain.kernel import Text
from domain.repair_fund.messages import FundStatementPublished
from projections.asking import Question
from projections.books import FEE_BOOKS
from projections.kernel import Connection

PROJECTION = FEE_BOOKS.name
STATUSES = {
    "submitted": Text("待确认", "awaiting finance"),
    "difference": Text("存在差异", "a difference is open"),
    "confirmed": Text("已确认", "confirmed"),
    "settled": Text("差异已处理", "difference settled"),
}
OPEN = ("submitted", "difference")
BOOKED = {
    "collected": Text("修缮分摊收款", "Charges for repairs"),
    "contribution": Text("归集", "Contribution"),
    "taken_back": Text("收款冲销", "Payment taken back"),
    "spent": Text("支用", "Spent"),
    "reversal": Text("冲销", "Reversal"),
}


class BookStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A project's book and the period whose accounts it owes by when."""

    book_id: UUID
    project_id: UUID
    position: int
    owed_first_month: str | None
    owed_last_month: str | None
    owed_by: date | None
    published_until: str | None
    overdue: bool


class HeldReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt that a collector has not handed over; below zero one taken back after he had."""

    book_id: UUID
    number: int
    position: int
    project_id: UUID
    account_id: UUID
    entry: int
    unit: str
    collector: UUID
    means: str
    amount_fen: int
    received_on: date
    hand_over_by: datetime | None
    level: int


class HandoverStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over: what it comes to, what was counted, what finance received."""

    book_id: UUID
    handover: int
    position: int
    project_id: UUID
    collector: UUID
    handed_over_on: date
    entries: int
    due: Amounts
    counted: Amounts
    received: Amounts | None
    status: str
    status_label: Text
    note: str | None
    reason: str | None
    how: str | None
    closed_on: date | None


class SupplierBalance(msgspec.Struct, frozen=True, kw_only=True):
    """What was collected for a supplier, passed on, and is owed to him."""

    book_id: UUID
    project_id: UUID
    item: str
    supplier: str | None
    collected_fen: int
    passed_on_fen: int
    owed_fen: int


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published statement of a book (``accounts``) or a repair fund (``fund``), and the event that it stands in."""

    stream_id: UUID
    project_id: UUID
    first_month: str
    last_month: str
    version: int
    position: int
    published_at: datetime
    accounts: AccountsPublished | None
    fund: FundStatementPublished | None


class FundStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A repair fund and what is in it."""

    fund_id: UUID
    project_id: UUID
    name: str
    position: int
    balance_fen: int


class FundBooking(msgspec.Struct, frozen=True, kw_only=True):
    """A booking of a repair fund, and the event that it stands in."""

    number: int
    position: int
    version: int
    booked_on: date
    what: str
    what_label: Text
    effect_fen: int
    balance_after_fen: int
    purpose: str | None
    work: str | None
    payee: str | None
    unit: str | None
    reference: str | None
    reverses: int | None
    booked_by: UUID | None


class MoneyAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which receipts or hand-overs: of a project, of a collector; hand-overs also in these statuses."""

    project: UUID | None = None
    collector: UUID | None = None
    statuses: tuple[str, ...] = ()
    after: int | None = None


def books_question(tenant: UUID, *, book: UUID | None = None, after: int | None = None) -> Question:
    """The statement, in the order in which books began."""
    question = Question("fee_book_list", tenant).where("b.book_id = {}", book)
    return question.where("b.opened_position > {}", after).then("order by b.opened_position")


def held_question(tenant: UUID, asked: MoneyAsked) -> Question:
    """The statement, oldest first."""
    question = Question("fee_receipts", tenant).where("r.project_id = {}", asked.project)
    question.where("r.collector = {}", asked.collector).where("r.position > {}", asked.after)
    return question.then("order by r.position")


def handovers_question(tenant: UUID, asked: MoneyAsked) -> Question:
    """The statement, oldest first."""
    question = Question("fee_handover_list", tenant).where("h.project_id = {}", asked.project)
    question.where("h.collector = {}", asked.collector).where("h.position > {}", asked.after)
    if asked.statuses:
        question.where("h.status = any ({})", list(asked.statuses))
    return question.then("order by h.position")


def suppliers_question(tenant: UUID, project: UUID | None, after: tuple[UUID, str] | None) -> Question:
    """The statement, by project and item."""
    question = Question("fee_supplier_balances", tenant).where("s.project_id = {}", project)
    if after is not None:
        question.where("(s.project_id, s.item) > ({}, {})", *after)
    return question.then("order by s.project_id, s.item")


def published_question(
    tenant: UUID, *, stream: UUID | None = None, project: UUID | None = None, month: str | None = None
) -> Question:
    """The statement, by period; of one stream, or of all of a project."""
    question = Question("fee_published", tenant).where("s.stream_id = {}", stream).where("s.project_id = {}", project)
    return question.where("s.first_month = {}", month).then("order by s.first_month, s.what")


def funds_question(tenant: UUID, *, project: UUID | None = None, after: int | None = None) -> Question:
    """The statement, in the order in which funds began."""
    question = Question("repair_fund_list", tenant).where("f.project_id = {}", project)
    return question.where("f.opened_position > {}", after).then("order by f.opened_position")


def fund_question(tenant: UUID, fund: UUID) -> Question:
    """The statement of one fund."""
    return Question("repair_fund_list", tenant).where("f.fund_id = {}", fund)


def bookings_question(tenant: UUID, fund: UUID, after: int | None) -> Question:
    """The statement, oldest first."""
    return Question("repair_fund_entries", tenant, fund).where("b.number > {}", after).then("order by b.number")


async def books(
    connection: Connection, tenant: UUID, *, after: int | None, today: date, limit: int
) -> list[BookStanding]:
    """The books of a tenant."""
    rows: Sequence[Any] = await books_question(tenant, after=after).rows(connection, limit)
    found = []
    for row in rows:
        shown = dict(row)
        late = shown["owed_by"] is not None and shown["owed_by"] < today
        found.append(BookStanding(position=shown.pop("opened_position"), overdue=late, **shown))
    return found


async def held(
    connection: Connection, tenant: UUID, asked: MoneyAsked, *, zone: tzinfo, limit: int
) -> list[HeldReceipt]:
    """The receipts asked for."""
    rows: Sequence[Any] = await held_question(tenant, asked).rows(connection, limit)
    return [
        HeldReceipt(**{**dict(row), "hand_over_by": row["hand_over_by"] and row["hand_over_by"].astimezone(zone)})
        for row in rows
    ]


async def handovers(connection: Connection, tenant: UUID, asked: MoneyAsked, limit: int) -> list[HandoverStanding]:
    """The hand-overs asked for."""
    rows: Sequence[Any] = await handovers_question(tenant, asked).rows(connection, limit)
    return [_handover(row) for row in rows]


async def suppliers(
    connection: Connection, tenant: UUID, project: UUID | None, after: tuple[UUID, str] | None, limit: int
) -> list[SupplierBalance]:
    """What suppliers are owed."""
    rows: Sequence[Any] = await suppliers_question(tenant, project, after).rows(connection, limit)
    return [SupplierBalance(**dict(row)) for row in rows]


async def published(connection: Connection, question: Question, *, zone: tzinfo, limit: int) -> list[Published]:
    """The statements asked for, as they were published."""
    rows: Sequence[Any] = await question.rows(connection, limit)
    return [_published(row, zone) for row in rows]


async def funds(connection: Connection, question: Question, limit: int) -> list[FundStanding]:
    """The funds asked for."""
    rows: Sequence[Any] = await question.rows(connection, limit)
    return [FundStanding(position=row["opened_position"], **_without(row, "opened_position")) for row in rows]


async def bookings(
    connection: Connection, tenant: UUID, fund: UUID, *, after: int | None, limit: int
) -> list[FundBooking]:
    """A fund's bookings."""
    rows: Sequence[Any] = await bookings_question(tenant, fund, after).rows(connection, limit)
    return [FundBooking(**dict(row), what_label=BOOKED[row["what"]]) for row in rows]


def _handover(row: Any) -> HandoverStanding:
    amounts = {
        what: Amounts(**{f"{means}_fen": row[f"{what}_{means}_fen"] for means in ("cash", "transfer", "card")})
        for what in ("due", "counted", "received")
        if row[f"{what}_cash_fen"] is not None
    }
    kept = {name: value for name, value in dict(row).items() if not name.endswith("_fen")}
    return HandoverStanding(
        **kept,
        status_label=STATUSES[row["status"]],
        due=amounts["due"],
        counted=amounts["counted"],
        received=amounts.get("received"),
    )


def _published(row: Any, zone: tzinfo) -> Published:
    figures: str = row["figures"]
    own = row["what"] == "accounts"
    return Published(
        stream_id=row["stream_id"],
        project_id=row["project_id"],
        first_month=row["first_month"],
        last_month=row["last_month"],
        version=row["version"],
        position=row["position"],
        published_at=row["published_on"].astimezone(zone),
        accounts=msgspec.json.decode(figures, type=AccountsPublished) if own else None,
        fund=None if own else msgspec.json.decode(figures, type=FundStatementPublished),
    )


def _without(row: Any, name: str) -> dict[str, Any]:
    return {key: value for key, value in dict(row).items() if key != name}
