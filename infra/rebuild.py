"""Builds a projection anew beside the live one, compares the two, and switches: readers never see a gap.

Every step is a transaction of its own and the rows tell how far the work has come, so that a rebuild that was killed
goes on where it was, in whichever process takes it up. A replaced build is *retired* until its rows are deleted.
"""

from collections.abc import Callable
from uuid import UUID

import asyncpg
import msgspec
import structlog

from infra.database import Connection, Database
from infra.folding import Build, fold_range
from infra.follower import BATCH, ensure_rows
from infra.wire import EventMapper
from projections.kernel import Projection

log = structlog.get_logger(__name__)

DELETED_AT_ONCE = 20_000
LOOKS = 100
"""How often builds may be switched under a process that waits to begin one."""

Progress = Callable[[int, int], None]
"""Told how many of how many events are folded."""


class Difference(msgspec.Struct, frozen=True):
    """A table in which the rebuilt rows are not the live ones at the same position."""

    table: str
    live_rows: int
    rebuilt_rows: int


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild ended with. ``compared`` is false where a new schema makes other rows on purpose.

    The rebuilt rows are live either way: they are what the events say. A difference means that the earlier rows
    were wrong, or that a fold depends on more than its events, and wants a person to look.
    """

    build: int
    position: int
    compared: bool
    differences: tuple[Difference, ...]


class BuiltByNewerCode(Exception):  # noqa: N818 - an answer to the operator
    """The projection, named by the message, has been or is being built by newer code than ours: use that."""


class Rebuilder:
    """Rebuilds projections of one tenant at a time."""

    def __init__(self, database: Database, mapper: EventMapper, *, batch: int = BATCH) -> None:
        self._database = database
        self._mapper = mapper
        self._batch = batch

    async def rebuild(
        self,
        tenant: UUID,
        projection: Projection,
        progress: Progress = lambda *_: None,
        keep_going: Callable[[], bool] = lambda: True,
    ) -> Rebuilt | None:
        """Build anew, or finish what was begun; ``None`` when told to stop before the end.

        Raises `BuiltByNewerCode`, and `FoldFailed` when an event cannot be folded; the live build stays either way.
        """
        await self.delete_retired(tenant, projection)
        number = await self._begin(tenant, projection)
        while keep_going():
            if not await self._approach(tenant, projection, number, progress):
                continue
            if (result := await self._finish(tenant, projection, number, progress)) is not None:
                await self.delete_retired(tenant, projection)
                if result.differences:
                    log.warning(
                        "rebuilt_with_differences", tenant=str(tenant), projection=projection.name, result=result
                    )
                else:
                    log.info("rebuilt", tenant=str(tenant), projection=projection.name, build=result.build)
                return result
        return None

    async def resume(self, tenant: UUID, projection: Projection, keep_going: Callable[[], bool] = lambda: True) -> None:
        """Finish what broke off, and build anew what older code has built; nothing where there is neither."""
        await self.delete_retired(tenant, projection)
        async with self._database.tenant_transaction(tenant, read_only=True) as connection:
            needed = await connection.fetchval(
                "select exists (select from projections where tenant_id = $1 and name = $2 and"
                " (status = 'live' and schema_version < $3 or status = 'building' and schema_version <= $3))"
                " and not exists (select from projections where tenant_id = $1 and name = $2"
                "   and status in ('live', 'building') and schema_version > $3)",
                tenant,
                projection.name,
                projection.schema_version,
            )
        if needed:
            await self.rebuild(tenant, projection, keep_going=keep_going)

    async def delete_retired(self, tenant: UUID, projection: Projection) -> None:
        """Delete the rows of replaced builds, some at a time."""
        while True:
            async with self._database.tenant_transaction(tenant) as connection:
                number = await connection.fetchval(
                    "select build from projections where tenant_id = $1 and name = $2 and status = 'retired' limit 1",
                    tenant,
                    projection.name,
                )
                if number is None:
                    return
                if not await _delete_some(connection, tenant, projection, number):
                    await connection.execute(
                        "delete from projections where tenant_id = $1 and name = $2 and build = $3",
                        tenant,
                        projection.name,
                        number,
                    )

    async def _begin(self, tenant: UUID, projection: Projection) -> int:
        """The number of the build that is being made; one of another schema is given up for it."""
        async with self._database.tenant_transaction(tenant) as connection:
            await ensure_rows(connection, tenant, [projection])
            # the live build's row is the lock under which builds begin and end
            live = await _lock_live(connection, tenant, projection)
            newer = await connection.fetchval(
                "select exists (select from projections where tenant_id = $1 and name = $2"
                " and status in ('live', 'building') and schema_version > $3)",
                tenant,
                projection.name,
                projection.schema_version,
            )
            if newer:
                raise BuiltByNewerCode(projection.name)
            await connection.execute(
                "update projections set status = 'retired' where tenant_id = $1 and name = $2 and status = 'building'"
                " and schema_version < $3",
                tenant,
                projection.name,
                projection.schema_version,
            )
            number: int | None = await connection.fetchval(
                "select build from projections where tenant_id = $1 and name = $2 and status = 'building'",
                tenant,
                projection.name,
            )
            if number is None:
                number = await connection.fetchval(
                    "insert into projections (tenant_id, name, build, schema_version, status, position)"
                    " select $1, $2, max(build) + 1, $3, 'building', 0 from projections"
                    " where tenant_id = $1 and name = $2 and build >= $4 returning build",
                    tenant,
                    projection.name,
                    projection.schema_version,
                    live["build"],
                )
        assert number is not None
        return number

    async def _approach(self, tenant: UUID, projection: Projection, number: int, progress: Progress) -> bool:
        """Fold a batch into the new build while the live one goes on; whether it has come near enough to finish."""
        async with self._database.tenant_transaction(tenant) as connection:
            building = await _lock(connection, tenant, projection, number, "building")
            if building is None:
                return True
            goal = await connection.fetchval(_GOAL, tenant, projection.name, projection.schema_version)
            position: int = building["position"]
            if goal - position <= self._batch:
                return True
            await self._fold(connection, tenant, Build(projection, number), position, position + self._batch)
        progress(position + self._batch, goal)
        return False

    async def _finish(self, tenant: UUID, projection: Projection, number: int, progress: Progress) -> Rebuilt | None:
        """Fold the rest, compare and switch while followers pass the projection over; ``None`` if too much is left."""
        async with self._database.tenant_transaction(tenant) as connection:
            live = await _lock(connection, tenant, projection, None, "live")
            building = await _lock(connection, tenant, projection, number, "building")
            if live is None or building is None:
                # another process has finished it
                return Rebuilt(build=number, position=0, compared=False, differences=())
            goal = await connection.fetchval(_GOAL, tenant, projection.name, projection.schema_version)
            if goal - building["position"] > self._batch:
                return None
            await self._fold(connection, tenant, Build(projection, number), building["position"], goal)
            same = live["schema_version"] == projection.schema_version
            differences = await _differences(connection, tenant, projection, live["build"], number) if same else ()
            await _switch(connection, tenant, projection, live["build"], number)
        progress(goal, goal)
        return Rebuilt(build=number, position=goal, compared=same, differences=differences)

    async def _fold(self, connection: Connection, tenant: UUID, build: Build, after: int, to: int) -> None:
        await fold_range(connection, tenant, self._mapper, [build], after=after, to=to)
        await connection.execute(
            "update projections set position = $4 where tenant_id = $1 and name = $2 and build = $3",
            tenant,
            build.projection.name,
            build.number,
            to,
        )


_GOAL = (
    "select case when p.schema_version = $3 then p.position else l.position end"
    " from projections p join ledger l using (tenant_id)"
    " where p.tenant_id = $1 and p.name = $2 and p.status = 'live'"
)
"""How far the new build has to come: as far as the live one, or all the way if nobody folds into that any more."""


async def _lock(
    connection: Connection, tenant: UUID, projection: Projection, number: int | None, status: str
) -> asyncpg.Record | None:
    """A build's row under lock, if it has this status."""
    return await connection.fetchrow(
        "select build, schema_version, position from projections"
        " where tenant_id = $1 and name = $2 and ($3::integer is null or build = $3) and status = $4 for update",
        tenant,
        projection.name,
        number,
        status,
    )


async def _lock_live(connection: Connection, tenant: UUID, projection: Projection) -> asyncpg.Record:
    """The live build's row under lock. One that is replaced while it is waited for is live no more: look again."""
    for _ in range(LOOKS):
        live = await _lock(connection, tenant, projection, None, "live")
        if live is not None:
            return live
    raise RuntimeError(f"no live build of {projection.name} stood still")


async def _switch(connection: Connection, tenant: UUID, projection: Projection, live: int, number: int) -> None:
    for build, status in ((live, "retired"), (number, "live")):
        await connection.execute(
            "update projections set status = $4 where tenant_id = $1 and name = $2 and build = $3",
            tenant,
            projection.name,
            build,
            status,
        )


async def _differences(
    connection: Connection, tenant: UUID, projection: Projection, live: int, rebuilt: int
) -> tuple[Difference, ...]:
    """The tables whose rows differ, by their number and a hash of their content that no order changes."""
    found = []
    for table in projection.tables:
        columns = await _columns(connection, table)
        rows = await connection.fetch(
            "select build, count(*) as rows,"  # noqa: S608 - names out of our own code and the catalogue
            " sum(('x' || left(md5(content::text), 15))::bit(60)::bigint) as content"
            f" from (select build, row({columns}) as content from {table} where tenant_id = $1 and build in ($2, $3)) r"
            " group by build",
            tenant,
            live,
            rebuilt,
        )
        sums = {row["build"]: (row["rows"], row["content"]) for row in rows}
        before, after = sums.get(live, (0, None)), sums.get(rebuilt, (0, None))
        if before != after:
            found.append(Difference(table, before[0], after[0]))
    return tuple(found)


async def _columns(connection: Connection, table: str) -> str:
    """A table's columns but for those that are the build's own."""
    columns: str = await connection.fetchval(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = $1::text::regclass and attnum > 0 and not attisdropped"
        " and attname not in ('tenant_id', 'build')",
        table,
    )
    return columns


async def _delete_some(connection: Connection, tenant: UUID, projection: Projection, number: int) -> bool:
    """Delete some rows of a build; whether there may be more."""
    for table in projection.tables:
        status = await connection.execute(
            f"delete from {table} where tenant_id = $1 and build = $2 and ctid = any (array("  # noqa: S608 - a name out of our own code
            f"select ctid from {table} where tenant_id = $1 and build = $2 limit {DELETED_AT_ONCE}))",
            tenant,
            number,
        )
        if status != "DELETE 0":
            return True
    return False
