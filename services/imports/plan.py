"""Decides an import in memory: which rows are new, which stand there already, and what is wrong with the others.

What is decided here is what the store is asked to append afterwards, so a dry run says what a real run would do.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.kernel import Command, Context, Decider, Refusal, State
from services.imports.columns import Layout
from services.imports.report import RowError
from services.imports.rows import ReadRow, Sheet
from services.runtime.deciding import at_turn


class Plan(msgspec.Struct, frozen=True):
    """The commands of the new rows, how many rows are known, and every error in the order of the file."""

    commands: tuple[Command, ...]
    skipped: int
    errors: tuple[RowError, ...]


def plan(  # noqa: PLR0913, PLR0917 - a file, what is known, and what decides
    layout: Layout, sheet: Sheet, known: Mapping[str, Command], decider: Decider[Any], state: State, context: Context
) -> Plan:
    """Decide each new row on what those before it caused; a refused row leaves the others as they are."""
    commands: list[Command] = []
    refused: list[tuple[Refusal, RowError]] = []
    errors = list(sheet.errors)
    skipped = 0
    for row in sheet.rows:
        if row.reference in known:
            differing = _differing(row.command, known[row.reference])
            if differing is None:
                skipped += 1
            else:
                errors.append(_changed(layout, sheet, row, differing))
            continue
        try:
            events = decider.decide(state, row.command, at_turn(context, row.number))
        except Refusal as refusal:
            refused.append((refusal, _refused(layout, sheet, row, refusal)))
            continue
        state = decider.fold(state, events) or state
        commands.append(row.command)
    errors += _gathered(refused, whole=not commands)
    return Plan(tuple(commands), skipped, tuple(sorted(errors, key=lambda error: error.row or 0)))


def _differing(asked: Command, known: Command) -> str | None:
    """The first field in which a row differs from what is known under its reference; an empty day asks for none."""
    for field in asked.__struct_fields__:
        wanted = getattr(asked, field)
        if wanted != getattr(known, field) and not (field == "cast_on" and wanted is None):
            return field
    return None


def _changed(layout: Layout, sheet: Sheet, row: ReadRow, field: str) -> RowError:
    column = layout.column(field)
    zh, en = (column.zh, column.en) if column else (field, field)
    return sheet.error(
        row,
        layout,
        field,
        code="reference_taken",
        zh=f"编号“{row.reference}”已录入，但“{zh}”不同",
        en=f"{row.reference} is entered already with another value for {en}.",
    )


def _refused(layout: Layout, sheet: Sheet, row: ReadRow, refusal: Refusal) -> RowError:
    return sheet.error(
        row, layout, refusal.field, code=refusal.code, zh=refusal.text.zh, en=refusal.text.en, clause=refusal.clause
    )


def _gathered(refused: list[tuple[Refusal, RowError]], *, whole: bool) -> list[RowError]:
    """The errors of refused rows; one for the file where the month as such refuses every row alike."""
    reasons = {(refusal.code, refusal.kind) for refusal, _ in refused}
    if whole and len(refused) > 1 and len(reasons) == 1 and refused[0][0].kind == "state":
        error = refused[0][1]
        return [RowError(code=error.code, zh=error.zh, en=error.en, clause=error.clause)]
    return [error for _, error in refused]
