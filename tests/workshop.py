"""A worker's means for the domain of `tests.library`, in a test's own process or in a script that a test starts."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from domain.kernel import Actor, Command
from infra.database import Database
from infra.group_commit import GroupCommit
from infra.hints import Hints
from infra.states import StateStore
from infra.wire import EventMapper
from projections.kernel import Projection
from services.runtime.authority import Authority
from services.runtime.commands import Clock, CommandBus, CommandRequest, CommandResult, by_noun
from services.runtime.config import ConfigCache, TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import Runtime, respond, system_clock
from services.settings import Settings
from services.worker.work import Work, work_of
from tests import library

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class SteppingClock:
    """A clock that tests set."""

    def __init__(self, now: datetime = LONG_AGO) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant that was set."""
        return self.now

    def step(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@asynccontextmanager
async def open_work(
    database_url: str,
    valkey_url: str,
    clock: Clock = system_clock,
    projections: tuple[Projection, ...] = (library.SHOWN_LOANS,),
    **settings: Any,
) -> AsyncIterator[Work]:
    """The means of one worker process of the library."""
    database = await Database.open(database_url)
    hints = Hints(valkey_url)
    mapper = EventMapper(library.EVENT_TYPES)
    states = StateStore(mapper, by_noun(library.DECIDERS))
    configs = ConfigCache(database, states)
    appender = GroupCommit(database)
    runtime = Runtime(
        settings=Settings(database_url=database_url, redis_url=valkey_url, **settings),
        clock=clock,
        database=database,
        mapper=mapper,
        states=states,
        configs=configs,
        appender=appender,
        hints=hints,
        authority=Authority(database, clock),
        bus=CommandBus(
            database=database,
            appender=appender,
            states=states,
            configs=configs,
            mapper=mapper,
            clock=clock,
            respond=respond,
            appended=hints.appended,
        ),
    )
    try:
        yield work_of(
            runtime, deciders=library.DECIDERS, reactions=library.REACTIONS, notices=(), projections=projections
        )
    finally:
        await appender.drain()
        await hints.close()
        await database.close()


async def anybody(_: TenantConfig) -> Principal:
    """A member who may do everything in the library."""
    actor = Actor(kind="member", id=UUID(int=7), name="reader")
    return Principal(id=UUID(int=7), actor=actor, permissions=frozenset({"library.use"}))


async def send(work: Work, tenant: UUID, noun: str, stream: UUID, command: Command, **more: Any) -> CommandResult:
    """Send a command as the API does."""
    return await work.runtime.bus.execute(
        CommandRequest(
            tenant=tenant, decider=work.deciders[noun], stream=stream, command=command, authorise=anybody, **more
        )
    )


async def borrow(
    work: Work,
    tenant: UUID,
    due_at: datetime,
    *,
    book: str = "atlas",
    reader: UUID | None = None,
    copy: UUID | None = None,
    **more: Any,
) -> UUID:
    """Borrow a book and return the loan's id."""
    loan = uuid4()
    command = library.BorrowBook(book=book, reader=reader or uuid4(), due_at=due_at, copy=copy)
    await send(work, tenant, "loan", loan, command, **more)
    return loan


async def register(work: Work, tenant: UUID) -> UUID:
    """Register a reader and return the id."""
    reader = uuid4()
    await send(work, tenant, "reader", reader, library.RegisterReader())
    return reader


async def events_of(database: Database, tenant: UUID, topic: str) -> list[Any]:
    """Streams, bytes and metadata of a tenant's events of one topic, in order."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(
            "select originator_id, originator_version, state, metadata, position from events"
            " where tenant_id = $1 and topic = $2 order by position",
            tenant,
            topic,
        )


async def rows_of(database: Database, tenant: UUID, table: str) -> list[Any]:
    """A tenant's rows of a table."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1", tenant)


def metadata_of(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The metadata of stored events."""
    return [msgspec.json.decode(row["metadata"]) for row in rows]
