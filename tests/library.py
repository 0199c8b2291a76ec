"""A small domain to try the machinery on: a library lends books, and a book not returned in time falls due.

Loans owe their return by a deadline; a loan that falls due is counted against its reader by a reaction, and the
reader's count has a limit beyond which counting is refused. A loan may name the copy that it holds until it is due.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg

from domain.kernel import (
    Cause,
    Command,
    CommandSpec,
    Context,
    Deadline,
    Decider,
    Dispatch,
    Event,
    Reaction,
    Refusal,
    Reservation,
    State,
    Text,
)
from domain.organisation import ORGANISATION
from domain.rule_book import RULE_BOOK
from infra.database import Database
from infra.eventstore import append_on
from infra.recordings import NewEvent, Recording
from infra.wire import EventMapper, Metadata, canonical
from projections.kernel import Connection, Folded, Projection, arrays

OVERDUE_LIMIT = 3


class BorrowBook(Command, frozen=True, kw_only=True):
    """Take a book out."""

    book: str
    reader: UUID
    due_at: datetime
    copy: UUID | None = None


class RenewLoan(Command, frozen=True, kw_only=True):
    """Keep the book longer."""

    due_at: datetime


class LapseLoan(Command, frozen=True, kw_only=True):
    """The book should be back."""


class BookBorrowed(Event, tag="loan.borrowed", frozen=True, kw_only=True):
    """A book was taken out."""

    book: str
    reader: UUID
    due_at: datetime
    copy: UUID | None = None
    since: datetime | None = None


class LoanRenewed(Event, tag="loan.renewed", frozen=True, kw_only=True):
    """The loan was prolonged."""

    due_at: datetime


class LoanFellDue(Event, tag="loan.fell_due", frozen=True, kw_only=True):
    """The book was not back in time."""

    reader: UUID
    notice: UUID


class Loan(State, frozen=True, kw_only=True):
    """A loan, out or overdue."""

    book: str
    reader: UUID
    due_at: datetime
    copy: UUID | None = None
    since: datetime | None = None


def _evolve_loan(state: Loan | None, event: Event) -> Loan:
    match event:
        case BookBorrowed(book=book, reader=reader, due_at=due_at, copy=copy, since=since):
            return Loan(status="out", book=book, reader=reader, due_at=due_at, copy=copy, since=since)
        case LoanRenewed(due_at=due_at) if state:
            return msgspec.structs.replace(state, due_at=due_at)
        case LoanFellDue() if state:
            return msgspec.structs.replace(state, status="overdue")
    raise ValueError(event)


def _borrow(_: None, command: BorrowBook, context: Context) -> tuple[Event, ...]:
    since = None if command.copy is None else context.now
    borrowed = BookBorrowed(
        book=command.book, reader=command.reader, due_at=command.due_at, copy=command.copy, since=since
    )
    return (borrowed,)


def _renew(state: Loan, command: RenewLoan, _: Context) -> tuple[Event, ...]:
    return (LoanRenewed(due_at=command.due_at),)


def _lapse(state: Loan, _: LapseLoan, context: Context) -> tuple[Event, ...]:
    if state.book == "unreturnable":
        raise Refusal("unreturnable", zh="不可归还", en="This book is never returned.")
    if state.book == "lenient":
        return ()
    if state.book == "rolling":
        return (LoanRenewed(due_at=state.due_at + timedelta(days=30)),)
    return (LoanFellDue(reader=state.reader, notice=context.new_id("notice")),)


def _owed(state: Loan) -> tuple[Deadline, ...]:
    return (Deadline("return", state.due_at, LapseLoan()),) if state.status == "out" else ()


def _held(state: Loan) -> tuple[Reservation, ...]:
    if state.copy is None or state.since is None or state.status != "out":
        return ()
    held = Reservation(
        key="copy",
        kind="copy",
        resource_id=state.copy,
        starts_at=state.since,
        ends_at=state.due_at,
        clause="R0.1",
    )
    return (held,)


def _spec(command: type[Command], handler: Any, *, creates: bool = False, internal: bool = False) -> CommandSpec:
    return CommandSpec(
        command=command,
        handler=handler,
        permission="library.use",
        summary=Text("", ""),
        creates=creates,
        audience="internal" if internal else "member",
    )


LOAN = Decider(
    noun="loan",
    plural="loans",
    title=Text("借阅", "loan"),
    state=Loan,
    statuses=("out", "overdue"),
    commands=(
        _spec(BorrowBook, _borrow, creates=True),
        _spec(RenewLoan, _renew),
        _spec(LapseLoan, _lapse, internal=True),
    ),
    events=(BookBorrowed, LoanRenewed, LoanFellDue),
    evolve=_evolve_loan,
    deadlines=_owed,
    reservations=_held,
)


class RegisterReader(Command, frozen=True, kw_only=True):
    """Open a reader's record."""


class CountOverdue(Command, frozen=True, kw_only=True):
    """Count a book that was not back in time."""

    loan: UUID


class ReaderRegistered(Event, tag="reader.registered", frozen=True, kw_only=True):
    """A reader's record was opened."""


class OverdueCounted(Event, tag="reader.overdue_counted", frozen=True, kw_only=True):
    """A book was counted against the reader; ``mark`` is new to each count."""

    loan: UUID
    mark: UUID


class ReaderState(State, frozen=True, kw_only=True):
    """A reader and the books that were not back in time."""

    overdue: tuple[UUID, ...] = ()


def _evolve_reader(state: ReaderState | None, event: Event) -> ReaderState:
    match event:
        case ReaderRegistered():
            return ReaderState(status="known")
        case OverdueCounted(loan=loan) if state:
            return msgspec.structs.replace(state, overdue=(*state.overdue, loan))
    raise ValueError(event)


def _register(_: None, __: RegisterReader, ___: Context) -> tuple[Event, ...]:
    return (ReaderRegistered(),)


def _count(state: ReaderState, command: CountOverdue, context: Context) -> tuple[Event, ...]:
    if len(state.overdue) >= OVERDUE_LIMIT:
        raise Refusal("too_many_overdue", zh="逾期过多", en="There are too many overdue books.")
    return (OverdueCounted(loan=command.loan, mark=context.new_id("mark")),)


READER = Decider(
    noun="reader",
    plural="readers",
    title=Text("读者", "reader"),
    state=ReaderState,
    statuses=("known",),
    commands=(
        _spec(RegisterReader, _register, creates=True),
        _spec(CountOverdue, _count, internal=True),
    ),
    events=(ReaderRegistered, OverdueCounted),
    evolve=_evolve_reader,
)


def _on_overdue(event: LoanFellDue, cause: Cause) -> tuple[Dispatch, ...]:
    return (Dispatch("reader", event.reader, CountOverdue(loan=cause.stream_id)),)


COUNT_OVERDUE = Reaction(name="count_overdue", events=(LoanFellDue,), react=_on_overdue)

DECIDERS: tuple[Decider[Any], ...] = (LOAN, READER, ORGANISATION, RULE_BOOK)
REACTIONS = (COUNT_OVERDUE,)
EVENT_TYPES = {str(event.__struct_config__.tag): event for decider in DECIDERS for event in decider.events}

TABLES = """
create table kaohe.shown_loans (
    tenant_id uuid not null, build integer not null, loan_id uuid not null,
    book text not null, status text not null, version integer not null, folded integer not null,
    primary key (tenant_id, build, loan_id)
);
set search_path to kaohe;
select secure_tenant_table('shown_loans');
grant select, insert, update, delete on shown_loans to kaohe_app;
"""


def create_tables(owner_url: str) -> None:
    """Make the projection's table, as the owner of the database."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(TABLES)


async def _show_loans(connection: Connection, tenant: UUID, build: int, batch: list[Folded]) -> None:
    rows: dict[UUID, tuple[str, str, int, int]] = {}
    for folded in batch:
        book, status, _, count = rows.get(folded.stream_id, ("", "", 0, 0))
        if isinstance(folded.event, BookBorrowed):
            book, status = folded.event.book, "out"
        elif isinstance(folded.event, LoanFellDue):
            status = "overdue"
        rows[folded.stream_id] = (book, status, folded.version, count + 1)
    await connection.execute(
        "insert into shown_loans as s (tenant_id, build, loan_id, book, status, version, folded)"
        " select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::integer[], $7::integer[])"
        " on conflict (tenant_id, build, loan_id) do update set book = coalesce(nullif(excluded.book, ''), s.book),"
        " status = coalesce(nullif(excluded.status, ''), s.status), version = excluded.version,"
        " folded = s.folded + excluded.folded",
        tenant,
        build,
        *arrays((loan, *row) for loan, row in rows.items()),
    )


SHOWN_LOANS = Projection(
    name="shown_loans",
    schema_version=1,
    events=(BookBorrowed, LoanRenewed, LoanFellDue),
    tables=("shown_loans",),
    fold=_show_loans,
)


async def lend(database: Database, tenant: UUID, loans: int, *, renewals: int = 0) -> list[UUID]:
    """Append loans, each with renewals, without deadlines; one recording a thousand events."""
    mapper = EventMapper(EVENT_TYPES)
    now = datetime.now(UTC)
    ids = [uuid4() for _ in range(loans)]
    events = []
    for number, loan in enumerate(ids):
        borrowed = BookBorrowed(book=f"book {number}", reader=uuid4(), due_at=now)
        events.append(NewEvent(loan, 1, *mapper.encode(borrowed)))
        renewed = LoanRenewed(due_at=now)
        events += [NewEvent(loan, version, *mapper.encode(renewed)) for version in range(2, renewals + 2)]
    async with database.tenant_transaction(tenant) as connection:
        for start in range(0, len(events), 1000):
            metadata = canonical(Metadata(command_id=uuid4(), command="loan.borrow_book", actor_kind="system"))
            recording = Recording(events=events[start : start + 1000], metadata=metadata, recorded_at=now)
            await append_on(connection, tenant, [recording])
    return ids
