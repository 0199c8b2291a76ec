"""Folds the events of a `World` into builds, in batches of any size, and shows what they came to."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from projections.catalogue import PROJECTIONS
from projections.kernel import Folded
from tests.domain.story import whole_year

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@cache
def year():
    """The year in which every kind of event happens."""
    return whole_year()


def placed(log, start=0):
    """The events of a world's log at their places; each is recorded a minute after the one before."""
    return [
        Folded(position, stream, version, START + timedelta(minutes=position), event)
        for position, (_, stream, version, event) in enumerate(log[start:], start + 1)
    ]


async def fold(database, tenant, events, *, build=1, batch=1_000):
    """Fold events into a build of every projection, a transaction a batch, and let the build be the live one."""
    for start in range(0, len(events), batch):
        part = events[start : start + batch]
        async with database.tenant_transaction(tenant) as connection:
            for projection in PROJECTIONS:
                own = [folded for folded in part if type(folded.event) in projection.events]
                if own:
                    await projection.fold(connection, tenant, build, own)
                await connection.execute(
                    "insert into projections values ($1, $2, $3, $4, 'live', $5)"
                    " on conflict (tenant_id, name, build) do update set position = excluded.position",
                    tenant,
                    projection.name,
                    build,
                    projection.schema_version,
                    part[-1].position,
                )


async def folded_year(database, *, batch=1_000) -> UUID:
    """A tenant with the year folded."""
    tenant = uuid4()
    await fold(database, tenant, placed(year().log), batch=batch)
    return tenant


async def contents(database, tenant, build=1):
    """Every row of every table of a build, without tenant and build."""
    found = {}
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for projection in PROJECTIONS:
            for table in projection.tables:
                rows = await connection.fetch(
                    f"select * from {table} where tenant_id = $1 and build = $2", tenant, build
                )
                found[table] = sorted((tuple(row)[2:] for row in rows), key=repr)
    return found
