"""``kaohe doctor``: what is wrong with this installation, and what to do next."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import asyncpg
import click
import msgspec
from rich.table import Table

from infra.catalogue_check import findings
from infra.database import Connection, Database
from infra.discovery import REACTIONS
from infra.hints import Hints
from infra.outbox import TASK as NOTICES
from projections.catalogue import PROJECTIONS
from services.cli.checking_files import unsound_files
from services.cli.checking_reservations import unsound_reservations
from services.cli.common import NOT_MIGRATED, console, run, settings
from services.settings import Settings

MAX_SKEW_S = 2.0
STILL_S = 3.0
"""A worker that is at work has moved on after so long."""
OVERDUE = timedelta(minutes=1)
WORKER = "is a worker running? `kaohe up` starts one; see its log for what stops it"


class Finding(msgspec.Struct, frozen=True):
    """Something wrong, and what to do about it."""

    what: str
    next: str


class Standing(msgspec.Struct, frozen=True):
    """How far a tenant's reactions, projections and notices have come, in events behind, and what waits or failed."""

    slug: str
    status: str
    position: int
    reactions: int
    projections: int
    untold: int
    overdue: int
    failed: int
    refused: int
    unsent: int
    dead: int


@click.command()
def doctor() -> None:
    """体检 · check roles, row level security, grants, versions, lag, deadlines, files, reservations, Valkey, clocks.

    Exit code 1 when something is wrong; says what to do next.
    """
    found, standings = run(examine(settings()))
    screen = console()
    table = Table(
        "组织",
        "状态",
        "位置",
        "反应滞后",
        "视图滞后",
        "通知滞后",
        "逾期未办",
        "失败期限",
        "被拒反应",
        "待发通知",
        "未达通知",
        title="tenants",
    )
    for one in standings:
        table.add_row(one.slug, one.status, *(str(value) for value in msgspec.structs.astuple(one)[2:]))
    if standings:
        screen.print(table)
    for each in found:
        screen.print(f"[red]✗[/red] {each.what}\n  → {each.next}", soft_wrap=True)
    if found:
        raise SystemExit(1)
    screen.print("[green]✓[/green] 一切正常 · all is well")


async def examine(chosen: Settings) -> tuple[list[Finding], list[Standing]]:
    """Everything that is wrong, and how each tenant stands."""
    database = await Database.open(chosen.database_url, size=2, statement_timeout_ms=chosen.statement_timeout_ms)
    try:
        found = await _catalogue(database)
        found += await _valkey(chosen)
        found += await _clock(database)
        try:
            standings = await _standings(database)
            before = {one.slug: one for one in standings}
            if any(one.reactions or one.projections or one.untold for one in standings):
                await asyncio.sleep(STILL_S)
                standings = await _standings(database)
            unsound = (*await unsound_files(chosen, database), *await unsound_reservations(database))
            found += [Finding(what, next_step) for what, next_step in unsound]
        except (*NOT_MIGRATED, asyncpg.InsufficientPrivilegeError) as error:
            found.append(Finding(f"the tenants cannot be read: {error}", "run `kaohe migrate`, then look again"))
            return found, []
    finally:
        await database.close()
    for one in standings:
        found += _of_tenant(one, before.get(one.slug, one))
    return found, standings


async def _catalogue(database: Database) -> list[Finding]:
    try:
        wrong = await findings(database)
    except (*NOT_MIGRATED, asyncpg.InsufficientPrivilegeError) as error:
        return [Finding(f"the catalogue cannot be read: {error}", "run `kaohe migrate`")]
    return [Finding(one, _remedy(one)) for one in wrong]


def _remedy(wrong: str) -> str:
    if "migration" in wrong:
        return "run `kaohe migrate`"
    if "superuser" in wrong or "owns" in wrong or "bypasses" in wrong:
        return "let KAOHE_DATABASE_URL log in as the role `kaohe`, which `kaohe migrate` makes"
    return "somebody changed the schema by hand: put it back as the migrations made it, before serving again"


async def _valkey(chosen: Settings) -> list[Finding]:
    hints = Hints(chosen.redis_url)
    try:
        if await hints.ping():
            return []
    finally:
        await hints.close()
    return [Finding("Valkey does not answer", "check KAOHE_REDIS_URL; meanwhile all works, at most one sweep later")]


async def _clock(database: Database) -> list[Finding]:
    async with database.directory() as connection:
        before = time.time()
        instant: datetime = await connection.fetchval("select clock_timestamp()")
        after = time.time()
    skew = instant.timestamp() - (before + after) / 2
    if abs(skew) <= MAX_SKEW_S + (after - before) / 2:
        return []
    return [Finding(f"the database's clock is {skew:+.1f} s off this machine's", "let both keep time by NTP")]


async def _standings(database: Database) -> list[Standing]:
    names = [projection.name for projection in PROJECTIONS]
    async with database.directory() as connection:
        rows = await _rows(connection, names, datetime.now(UTC) - OVERDUE)
    return [Standing(*row) for row in rows]


async def _rows(connection: Connection, names: list[str], overdue_since: datetime) -> list[asyncpg.Record]:
    return await connection.fetch(
        "select t.slug, t.status, l.position, l.position - coalesce(k.position, 0) as reactions,"
        " case when cardinality($1::text[]) = 0 then 0 else l.position - coalesce(p.position, 0) end as projections,"
        " l.position - coalesce(n.position, 0) as untold,"
        " coalesce(d.overdue, 0) as overdue, coalesce(d.failed, 0) as failed, coalesce(r.refused, 0) as refused,"
        " coalesce(o.unsent, 0) as unsent, coalesce(x.dead, 0) as dead"
        " from tenants t join ledger l using (tenant_id)"
        " left join tracking k on k.tenant_id = t.tenant_id and k.application_name = $2"
        " left join tracking n on n.tenant_id = t.tenant_id and n.application_name = $4"
        " left join (select tenant_id, min(position) as position from projections"
        "   where status = 'live' and name = any ($1) group by tenant_id) p on p.tenant_id = t.tenant_id"
        " left join (select tenant_id, count(*) filter (where failed_at is not null) as failed,"
        "   count(*) filter (where failed_at is null and due_at < $3) as overdue"
        "   from deadlines group by tenant_id) d on d.tenant_id = t.tenant_id"
        " left join (select tenant_id, count(*) as refused from reaction_refusals group by tenant_id) r"
        "   on r.tenant_id = t.tenant_id"
        " left join (select tenant_id, count(*) filter (where next_attempt_at < $3) as unsent from outbox"
        "   where state in ('waiting', 'sending') group by tenant_id) o on o.tenant_id = t.tenant_id"
        " left join (select tenant_id, count(*) as dead from outbox where state in ('dead', 'uncertain')"
        "   group by tenant_id) x on x.tenant_id = t.tenant_id"
        " order by t.slug",
        names,
        REACTIONS,
        overdue_since,
        NOTICES,
    )


def _of_tenant(one: Standing, before: Standing) -> list[Finding]:
    active = one.status == "active"
    found = []
    if active and _stands_still(one.position - one.reactions, before.position - before.reactions, one.position):
        found.append(Finding(f"{one.slug}: reactions are {one.reactions} events behind and stand still", WORKER))
    if _stands_still(one.position - one.projections, before.position - before.projections, one.position):
        found.append(Finding(f"{one.slug}: projections are {one.projections} events behind and stand still", WORKER))
    if active and one.overdue:
        found.append(Finding(f"{one.slug}: {one.overdue} deadlines passed and were not fired", WORKER))
    if one.failed:
        next_step = "look at deadlines.failure in that tenant, mend the cause, and set failed_at to null"
        found.append(Finding(f"{one.slug}: {one.failed} deadlines failed", next_step))
    if one.refused:
        next_step = "look at reaction_refusals in that tenant: a person has to do what the reaction could not"
        found.append(Finding(f"{one.slug}: {one.refused} commands of reactions were refused", next_step))
    return [*found, *_of_notices(one, before)]


def _of_notices(one: Standing, before: Standing) -> list[Finding]:
    active, found = one.status == "active", []
    if active and _stands_still(one.position - one.untold, before.position - before.untold, one.position):
        found.append(Finding(f"{one.slug}: notices are {one.untold} events behind and stand still", WORKER))
    if active and one.unsent:
        found.append(Finding(f"{one.slug}: {one.unsent} notices were due and not sent", WORKER))
    if one.dead:
        next_step = f"`kaohe notices list --tenant {one.slug}` says why; mend it, then `kaohe notices replay`"
        found.append(Finding(f"{one.slug}: {one.dead} notices could not be delivered", next_step))
    return found


def _stands_still(reached: int, reached_before: int, last: int) -> bool:
    return reached < last and reached == reached_before
