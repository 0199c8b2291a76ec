"""Imports units, readings or bank rows into the accounts of a project: all that is fit or nothing, and nothing twice.

All accounts are appended to in one transaction, so a file is never half booked; a row of the bank is held by the
account that booked it, so no other file, account or concurrent import books it again before that account has freed it.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain.fee_account import FEE_ACCOUNT
from domain.fee_account.state import BANK_ROW, bank_row_id
from domain.kernel import Context
from infra.claims import read_ledger
from infra.database import Connection
from infra.eventstore import append_on
from infra.recordings import Appended
from infra.states import Versioned
from services.imports.columns import Layout
from services.imports.fee_columns import FEE_LAYOUTS, BankRow
from services.imports.fee_matching import Matches, matches
from services.imports.fee_plan import FeePlan, plan_of
from services.imports.fee_report import FeeImportReport
from services.imports.importing import format_of
from services.imports.report import MAX_ERRORS_SHOWN, Unreadable
from services.imports.rows import Sheet, read_sheet
from services.imports.tables import read_table
from services.imports.unit_columns import UNITS
from services.imports.unit_plan import plan_of_units
from services.runtime.commands import ENTROPY_BYTES, Authorise, TooContended
from services.runtime.config import UnknownTenant
from services.runtime.principal import Forbidden
from services.runtime.recording import Decision, to_recording
from services.runtime.runtime import Runtime

MAX_ATTEMPTS = 5
HELD = (
    "select r.resource_id, r.originator_id from unnest($3::uuid[]) k(id)"
    " join reservations r on r.tenant_id = $1 and r.resource_kind = $2 and r.resource_id = k.id"
)


class _Overtaken(Exception):  # noqa: N818 - the transaction is rolled back by it, and begun again
    """Somebody else appended to one of the accounts in between."""


async def import_fees(  # noqa: PLR0913, PLR0917 - what an import is made of
    runtime: Runtime,
    tenant: UUID,
    authorise: Authorise,
    project: UUID,
    kind: str,
    content: bytes,
    name: str,
    *,
    dry_run: bool,
    correlation: str | None = None,
) -> FeeImportReport:
    """Import a file's bytes into the accounts of a project; see `FeeImportReport` for what is answered.

    Raises what ``authorise`` raises, `Forbidden`, and `TooContended`.
    """
    layout = FEE_LAYOUTS[kind]
    sheet = await asyncio.to_thread(_read, layout, content, name)
    digest = hashlib.sha256(content).hexdigest()[:16]
    for _ in range(MAX_ATTEMPTS):
        try:
            return await _attempt(
                runtime, tenant, authorise, project, layout, sheet, dry_run=dry_run, cause=(digest, correlation)
            )
        except _Overtaken:
            continue
    raise TooContended


async def _attempt(  # noqa: PLR0913, PLR0917 - what an import is made of
    runtime: Runtime,
    tenant: UUID,
    authorise: Authorise,
    project: UUID,
    layout: Layout,
    sheet: Sheet,
    *,
    dry_run: bool,
    cause: tuple[str, str | None],
) -> FeeImportReport:
    async with runtime.database.tenant_transaction(tenant) as connection:
        ledger = await read_ledger(connection, tenant, locked=False)
        if ledger is None:
            raise UnknownTenant(str(tenant))
        config = await runtime.configs.at_epoch(connection, tenant, ledger.epoch)
        principal = await authorise(config)
        for name in (layout.command_name, *layout.with_commands):
            if (permission := f"{FEE_ACCOUNT.noun}.{name}") not in principal.permissions:
                raise Forbidden(permission)
        context = Context(
            actor=principal.actor,
            now=runtime.clock(),
            calendar=config.calendar,
            rules=config.rules,
            entropy=secrets.token_bytes(ENTROPY_BYTES),
            office=config.office,
        )
        found = await matches(connection, runtime.states, tenant, project, sheet.rows)
        held = await _held(connection, runtime, tenant, sheet, found)
        plan = await asyncio.to_thread(_plan, layout, sheet, found, held, context)
        report = _report(project, layout, sheet, plan, dry_run=dry_run)
        if dry_run or plan.errors or not plan.bookings:
            return report
        position, after = await _append(runtime, connection, tenant, plan, found, context, ledger.epoch, cause)
    for account, versioned in after.items():
        runtime.states.remember(tenant, FEE_ACCOUNT.noun, account, versioned)
    runtime.hints.appended(tenant)
    return msgspec.structs.replace(report, booked=plan.new, position=position)


async def _held(
    connection: Connection, runtime: Runtime, tenant: UUID, sheet: Sheet, found: Matches
) -> dict[UUID, UUID]:
    """Which account holds which row of the bank; those accounts are read, too."""
    rows = [row.command for row in sheet.rows if isinstance(row.command, BankRow)]
    if not rows:
        return {}
    wanted = [bank_row_id(row.bank_reference) for row in rows]
    held = {row["resource_id"]: row["originator_id"] for row in await connection.fetch(HELD, tenant, BANK_ROW, wanted)}
    unread = [(FEE_ACCOUNT.noun, account) for account in sorted(set(held.values()) - found.states.keys())]
    if unread:
        found.states.update(await runtime.states.read_many(connection, tenant, unread))
    return held


async def _append(  # noqa: PLR0913, PLR0917 - what is appended, and what it rests on
    runtime: Runtime,
    connection: Connection,
    tenant: UUID,
    plan: FeePlan,
    found: Matches,
    context: Context,
    epoch: int,
    cause: tuple[str, str | None],
) -> tuple[int, dict[UUID, Versioned]]:
    """Append to every account in one statement; roll back where anybody was quicker on any of them."""
    recordings, after = [], {}
    for account, booking in plan.bookings.items():
        decision = Decision(
            decider=FEE_ACCOUNT,
            stream=account,
            before=found.states[account],
            command=booking.command,
            events=booking.events,
            context=msgspec.structs.replace(
                context, stream_id=account, entropy=hashlib.sha256(context.entropy + account.bytes).digest()
            ),
            epoch=epoch,
            correlation=cause[1],
            causation=f"import:{cause[0]}",
        )
        recording, after[account] = to_recording(runtime.mapper, decision)
        recordings.append(recording)
    outcomes = await append_on(connection, tenant, recordings)
    appended = [one.last_position for one in outcomes if isinstance(one, Appended)]
    if len(appended) < len(outcomes):
        raise _Overtaken
    return max(appended), after


def _plan(layout: Layout, sheet: Sheet, found: Matches, held: Mapping[UUID, UUID], context: Context) -> FeePlan:
    if layout is UNITS:
        return plan_of_units(sheet, found, context)
    return plan_of(layout, sheet, found, held, context)


def _read(layout: Layout, content: bytes, name: str) -> Sheet:
    try:
        return read_sheet(layout, read_table(layout, content, format_of(name, content)))
    except Unreadable as unreadable:
        return Sheet({}, (), (unreadable.error,), 0, 0)


def _report(project: UUID, layout: Layout, sheet: Sheet, plan: FeePlan, *, dry_run: bool) -> FeeImportReport:
    return FeeImportReport(
        kind=layout.kind,
        project_id=project,
        dry_run=dry_run,
        rows=sheet.count,
        new=plan.new,
        skipped=plan.skipped,
        ignored=sheet.ignored,
        errors=tuple(plan.errors[:MAX_ERRORS_SHOWN]),
        warnings=tuple(plan.warnings[:MAX_ERRORS_SHOWN]),
        unmatched=tuple(plan.unmatched[:MAX_ERRORS_SHOWN]),
    )
