"""The demonstration, loaded for a test: its settings and credentials, its tenants, all its events and what it shows."""

from pathlib import Path
from uuid import UUID

import msgspec

from infra.eventstore import select_positions
from infra.wire import StoredRow
from services.demo.credentials import Kept, keep
from services.demo.load import load
from services.demo.matters import MatterLine, matters
from services.demo.references import hashes
from services.demo.report import ProjectReport, report
from services.demo.story import Organisation
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from tests.conftest import Addresses, TestDatabase, worker_number


class Loaded(msgspec.Struct, frozen=True):
    """The loaded year: its settings, credentials, tenants, and all events by tenant."""

    settings: Settings
    kept: Kept
    tenants: dict[str, UUID]
    rows: dict[str, list[StoredRow]]
    reports: dict[tuple[str, str], ProjectReport]
    matters: dict[UUID, MatterLine]


def settings_of(database: TestDatabase, servers: Addresses) -> Settings:
    """The service's settings on a database of this run."""
    return Settings(database_url=database.url, redis_url=f"{servers.valkey}{worker_number()}")


def quiet(_: str, __: int, ___: int) -> None:
    """Tell nobody."""


def receipts_of(kept: Kept, slug: str) -> dict[str, str]:
    """The hashes of an organisation's receipts."""
    return dict(hashes(kept.credentials.receipts(slug)))


async def every_row(runtime: Runtime, tenant: UUID) -> list[StoredRow]:
    """All events of a tenant."""
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        return await select_positions(connection, tenant, after=0, limit=100_000)


async def load_year(settings: Settings, directory: Path, story: tuple[Organisation, ...]) -> Loaded:
    """Load organisations into a database, and read everything that is there afterwards."""
    kept = keep(directory, story)
    tenants = await load(settings, story, kept, quiet)
    async with open_runtime(settings) as runtime:
        rows = {slug: await every_row(runtime, tenant) for slug, tenant in tenants.items()}
        reports = {
            (one.story.slug, each.code): each
            for one in story
            for each in await report(runtime, tenants[one.story.slug], one)
        }
        lines = [
            line
            for one in story
            for line in await matters(runtime, tenants[one.story.slug], one, receipts_of(kept, one.story.slug))
        ]
    return Loaded(settings, kept, tenants, rows, reports, {line.stream: line for line in lines})
