"""The parts that one process of the service is made of, opened together and closed together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from domain.catalogue import DECIDERS, UPCASTERS, event_types
from domain.kernel import Event
from infra.blobs import Blobs, S3Access
from infra.catalogue_check import require_sound
from infra.database import Database
from infra.group_commit import GroupCommit
from infra.hints import Hints
from infra.states import StateStore
from infra.wire import EventMapper, canonical
from services.runtime.authority import Authority
from services.runtime.commands import Clock, CommandBus, by_noun
from services.runtime.config import ConfigCache
from services.settings import Settings, SettingsError


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """What the API, the worker and the command line share in one process."""

    settings: Settings
    clock: Clock
    database: Database
    mapper: EventMapper
    states: StateStore
    configs: ConfigCache
    appender: GroupCommit
    hints: Hints
    authority: Authority
    bus: CommandBus
    blobs: Blobs | None = None
    """Where files are kept; none where the installation has no place for them."""


class CommandResponse(msgspec.Struct, frozen=True):
    """What a command answers: the stream, its version, and the events that were appended."""

    id: UUID
    version: int
    events: list[msgspec.Raw]


def respond(stream: UUID, version: int, _: tuple[Event, ...], states: tuple[bytes, ...]) -> bytes:
    """The response body of a command."""
    return canonical(CommandResponse(stream, version, [msgspec.Raw(state) for state in states]))


def system_clock() -> datetime:
    """The instant, as the machine knows it."""
    return datetime.now(UTC)


def open_blobs(settings: Settings) -> Blobs | None:
    """The place of files that the settings name. Raises `SettingsError`."""
    if settings.files_url is None:
        return None
    access = S3Access(
        endpoint=settings.files_endpoint,
        region=settings.files_region,
        access_key=settings.files_access_key,
        secret_key=settings.files_secret_key,
    )
    try:
        return Blobs.open(settings.files_url, access)
    except (ValueError, OSError) as error:
        raise SettingsError(f"KAOHE_FILES_URL makes no sense: {error}") from error


@asynccontextmanager
async def open_runtime(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Runtime]:
    """Open the parts, refusing to start on a database that is not safe to serve from."""
    database = await Database.open(
        settings.database_url, size=settings.pool_size, statement_timeout_ms=settings.statement_timeout_ms
    )
    try:
        await require_sound(database)
        hints = Hints(settings.redis_url)
        mapper = EventMapper(event_types(), upcasters=UPCASTERS)
        states = StateStore(mapper, by_noun(DECIDERS))
        configs = ConfigCache(database, states)
        appender = GroupCommit(database)
        bus = CommandBus(
            database=database,
            appender=appender,
            states=states,
            configs=configs,
            mapper=mapper,
            clock=clock,
            respond=respond,
            appended=hints.appended,
        )
        try:
            yield Runtime(
                settings=settings,
                clock=clock,
                database=database,
                mapper=mapper,
                states=states,
                configs=configs,
                appender=appender,
                hints=hints,
                authority=Authority(database, clock),
                bus=bus,
                blobs=open_blobs(settings),
            )
        finally:
            await appender.drain()
            await bus.drain()
            await hints.close()
    finally:
        await database.close()
