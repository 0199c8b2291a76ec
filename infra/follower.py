"""Follows a tenant's events: folds them in position order into its live projections.

Rows and position are written in one transaction under the lock of the projection's own row, so each event is folded
exactly once whoever follows and whoever is killed. Workers pass over rows that another one holds.
"""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
import structlog

from infra.database import Connection, Database
from infra.folding import Build, FoldFailed, fold_range
from infra.wire import EventMapper
from projections.kernel import Projection

log = structlog.get_logger(__name__)

BATCH = 4_000
"""Positions folded in one transaction."""
BUSY_PAUSE_S = 0.01
BUSY_TRIES = 100
"""How often rows that another worker holds are asked for again before they are left to it."""

_CLAIM = (
    "select name, build, schema_version, position, (select position from ledger where tenant_id = $1) as last"
    " from projections where tenant_id = $1 and status = 'live' and name = any ($2)"
    " order by position, name for update skip locked"
)


class _Step(msgspec.Struct, frozen=True):
    """What one transaction did: ``passed`` positions, and whether all projections are ``done`` with the ledger."""

    passed: int
    done: bool


class Follower:
    """Keeps the live projections of every tenant up to date; any number of processes may."""

    def __init__(
        self, database: Database, mapper: EventMapper, projections: Sequence[Projection], *, batch: int = BATCH
    ) -> None:
        self._database = database
        self._mapper = mapper
        self._batch = batch
        self.projections = tuple(projections)
        self.names = tuple(projection.name for projection in projections)

    async def follow(self, tenant: UUID, keep_going: Callable[[], bool] = lambda: True) -> int:
        """Fold until every live projection has come to the ledger's position; returns the positions passed.

        Stops between two transactions when ``keep_going`` says so. A projection whose fold fails stays where it is
        while the others go on; then `FoldFailed` is raised for the first of them.
        """
        wanted, failed, passed, tries = self.projections, None, 0, BUSY_TRIES
        while wanted and keep_going():
            try:
                step = await self._step(tenant, wanted)
            except FoldFailed as error:
                failed = failed or error
                log.exception("fold_failed", tenant=str(tenant), projections=sorted(error.projections))
                wanted = tuple(p for p in wanted if p.name not in error.projections)
                continue
            passed += step.passed
            if step.done:
                break
            if step.passed == 0:
                if tries == 0 or not await self._is_behind(tenant, wanted):
                    break
                tries -= 1
                await asyncio.sleep(BUSY_PAUSE_S)
        if failed is not None:
            raise failed
        return passed

    async def _step(self, tenant: UUID, wanted: Sequence[Projection]) -> _Step:
        """One transaction: those furthest behind fold a batch, or as far as the next ones stand."""
        versions = {projection.name: projection for projection in wanted}
        async with self._database.tenant_transaction(tenant) as connection:
            # losing the last moments of rows with their position in a crash only has them folded again
            await connection.execute("set local synchronous_commit to off")
            claimed = [
                row
                for row in await connection.fetch(_CLAIM, tenant, list(versions))
                if row["schema_version"] == versions[row["name"]].schema_version
            ]
            if not claimed:
                return _Step(passed=0, done=False)
            lowest, last = claimed[0]["position"], claimed[0]["last"]
            everyone = len(claimed) == len(wanted)
            if lowest >= last:
                return _Step(passed=0, done=everyone)
            group = [row for row in claimed if row["position"] == lowest]
            further = claimed[len(group)]["position"] if len(group) < len(claimed) else last
            to = min(lowest + self._batch, further, last)
            builds = [Build(versions[row["name"]], row["build"]) for row in group]
            await fold_range(connection, tenant, self._mapper, builds, after=lowest, to=to)
            await _move(connection, tenant, builds, to)
        return _Step(passed=to - lowest, done=to == last and len(group) == len(wanted))

    async def _is_behind(self, tenant: UUID, wanted: Sequence[Projection]) -> bool:
        """Whether a projection that nobody gave us has still to come to the ledger's position; makes missing rows."""
        async with self._database.tenant_transaction(tenant) as connection:
            await ensure_rows(connection, tenant, wanted)
            behind: bool = await connection.fetchval(
                "select exists (select from projections p"
                " join unnest($2::text[], $3::integer[]) w(name, schema_version) using (name, schema_version)"
                " join ledger l using (tenant_id)"
                " where p.tenant_id = $1 and p.status = 'live' and p.position < l.position)",
                tenant,
                [projection.name for projection in wanted],
                [projection.schema_version for projection in wanted],
            )
        return behind


async def ensure_rows(connection: Connection, tenant: UUID, projections: Sequence[Projection]) -> None:
    """Begin projections that a tenant has not got yet: live at position 0."""
    await connection.execute(
        "insert into projections (tenant_id, name, build, schema_version, status, position)"
        " select l.tenant_id, w.name, 1, w.schema_version, 'live', 0"
        " from unnest($2::text[], $3::integer[]) w(name, schema_version) join ledger l on l.tenant_id = $1"
        " where not exists (select from projections p where p.tenant_id = $1 and p.name = w.name)"
        " on conflict do nothing",
        tenant,
        [projection.name for projection in projections],
        [projection.schema_version for projection in projections],
    )


async def _move(connection: Connection, tenant: UUID, builds: Sequence[Build], to: int) -> None:
    await connection.execute(
        "update projections p set position = $4 from unnest($2::text[], $3::integer[]) b(name, build)"
        " where p.tenant_id = $1 and p.name = b.name and p.build = b.build",
        tenant,
        [build.projection.name for build in builds],
        [build.number for build in builds],
        to,
    )
