"""Imports a file of findings or ballots into a month's assessment: all of it or nothing, and nothing twice."""

import asyncio
import secrets
from functools import partial
from pathlib import PurePath
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.assessment import ASSESSMENT
from domain.kernel import Context, Event, Refusal, State, not_found
from infra.eventstore import select_stream
from infra.wire import StoredRow, canonical
from services.imports.columns import LAYOUTS, Layout
from services.imports.known import known_rows
from services.imports.plan import Plan, plan
from services.imports.report import MAX_ERRORS_SHOWN, ImportReport, Kind, Unreadable
from services.imports.rows import Sheet, read_sheet
from services.imports.tables import Format, read_table
from services.runtime.commands import (
    ENTROPY_BYTES,
    Authorise,
    CommandRequest,
    CommandResult,
    KeyUse,
    TooContended,
    VersionMismatch,
)
from services.runtime.principal import Forbidden, Principal
from services.runtime.runtime import Runtime

MAX_ATTEMPTS = 5
_ZIP = b"PK\x03\x04"


class _Seen(msgspec.Struct, frozen=True):
    """The assessment as it was read, with all that a decision on it needs."""

    principal: Principal
    context: Context
    state: State
    version: int
    stored: list[StoredRow]


async def import_file(  # noqa: PLR0913, PLR0917 - what an import is made of
    runtime: Runtime,
    tenant: UUID,
    authorise: Authorise,
    assessment_id: UUID,
    kind: Kind,
    content: bytes,
    name: str,
    dry_run: bool,
    *,
    key: KeyUse | None = None,
    if_match: int | None = None,
    correlation: str | None = None,
) -> ImportReport:
    """Import a file's bytes into an assessment; a name ending in ``.csv`` or ``.xlsx`` says what it is.

    The report lists what is wrong with the file; nothing of it is then added. Raises what ``authorise`` and the
    command bus raise: `Refusal` ``not_found``, `Forbidden`, `KeyReused`, `VersionMismatch`, `TooContended`.
    """
    layout = LAYOUTS[kind]
    seen = await _see(runtime, tenant, authorise, assessment_id, layout)
    if not dry_run:
        before = await runtime.bus.replay(tenant, assessment_id, key, seen.principal)
        if before is not None:
            return _replayed(before)
    if if_match is not None and if_match != seen.version:
        raise VersionMismatch(seen.version)
    sheet = await asyncio.to_thread(_read, layout, content, format_of(name, content))
    for _ in range(MAX_ATTEMPTS):
        decided = await asyncio.to_thread(_decide, runtime, layout, sheet, seen)
        report = _report(assessment_id, layout, sheet, decided, seen.version, dry_run=dry_run)
        if dry_run or decided.errors or not decided.commands:
            return report
        request = CommandRequest(
            tenant=tenant,
            decider=ASSESSMENT,
            stream=assessment_id,
            command=decided.commands[0],
            then=decided.commands[1:],
            authorise=authorise,
            respond=partial(_respond, report),
            if_match=if_match,
            key=key,
            correlation=correlation,
        )
        try:
            return _done(await runtime.bus.execute(request))
        except Refusal:
            # the month moved on between our look and the append: look again, it may be that a row stands there now
            seen = await _see(runtime, tenant, authorise, assessment_id, layout)
    raise TooContended


def format_of(name: str, content: bytes) -> Format:
    """What a file is, by its name or else by how it begins."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".xlsx" or (suffix != ".csv" and content.startswith(_ZIP)):
        return "xlsx"
    return "csv"


async def _see(runtime: Runtime, tenant: UUID, authorise: Authorise, stream: UUID, layout: Layout) -> _Seen:
    """Read the assessment as a principal who may add to it."""
    config = await runtime.configs.refresh(tenant)
    principal = await authorise(config)
    permission = ASSESSMENT.spec(layout.command).permission
    if permission not in principal.permissions:
        raise Forbidden(permission)
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        found = await runtime.states.read(connection, tenant, ASSESSMENT.noun, stream)
        stored = [] if found.state is None else await select_stream(connection, tenant, stream)
    if found.state is None:
        raise not_found(ASSESSMENT.title)
    context = Context(
        actor=principal.actor,
        now=runtime.clock(),
        calendar=config.calendar,
        rules=config.rules,
        entropy=secrets.token_bytes(ENTROPY_BYTES),
        stream_id=stream,
    )
    return _Seen(principal, context, found.state, found.version, stored)


def _read(layout: Layout, content: bytes, file_format: Format) -> Sheet:
    try:
        return read_sheet(layout, read_table(layout, content, file_format))
    except Unreadable as unreadable:
        return Sheet({}, (), (unreadable.error,), 0, 0)


def _decide(runtime: Runtime, layout: Layout, sheet: Sheet, seen: _Seen) -> Plan:
    known = known_rows(layout, runtime.mapper, seen.stored)
    return plan(layout, sheet, known, ASSESSMENT, seen.state, seen.context)


def _report(  # noqa: PLR0913 - the parts of a report
    assessment_id: UUID, layout: Layout, sheet: Sheet, decided: Plan, version: int, *, dry_run: bool
) -> ImportReport:
    return ImportReport(
        assessment_id=assessment_id,
        kind=layout.kind,
        dry_run=dry_run,
        rows=sheet.count,
        new=len(decided.commands),
        skipped=decided.skipped,
        ignored=sheet.ignored,
        added=0,
        error_count=len(decided.errors),
        errors=decided.errors[:MAX_ERRORS_SHOWN],
        version=version,
    )


def _respond(report: ImportReport, _: UUID, version: int, events: tuple[Event, ...], __: tuple[bytes, ...]) -> bytes:
    return canonical(replace(report, added=report.new if events else 0, version=version))


def _done(result: CommandResult) -> ImportReport:
    if result.replayed:
        return _replayed(result)
    return replace(msgspec.json.decode(result.body, type=ImportReport), position=result.position)


def _replayed(result: CommandResult) -> ImportReport:
    report = msgspec.json.decode(result.body, type=ImportReport)
    return replace(report, position=result.position, replayed=True)
