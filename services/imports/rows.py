"""From rows of cells to commands, each row known again by its reference."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from domain.kernel import Command, Text
from infra.wire import canonical
from services.imports.cells import BadCell, Cell, as_text, is_blank, value_of
from services.imports.columns import Column, Layout, column_of
from services.imports.report import RowError, shown
from services.imports.tables import Row

EXAMPLE = "#示例 example"
"""Stands first in the templates' example row."""
_EXAMPLES = ("#示例", "#example")
_DIGEST_LENGTH = 24


class Heading(msgspec.Struct, frozen=True):
    """A column as the file heads it. ``name`` is shown in errors."""

    name: str
    column: Column


class ReadRow(msgspec.Struct, frozen=True):
    """A row that fits its columns: the command it asks for and its cells by field."""

    number: int
    reference: str
    command: Command
    cells: dict[str, Cell]


class Sheet(msgspec.Struct, frozen=True):
    """A file's rows, read: those that fit, what is wrong with the others, and how many there are."""

    headings: dict[str, str]
    """Field → heading in the file."""
    rows: tuple[ReadRow, ...]
    errors: tuple[RowError, ...]
    count: int
    ignored: int

    def error(self, row: ReadRow, layout: Layout, field: str | None, **what: Any) -> RowError:
        """An error of a row that was read, at the column of a field where it has one."""
        column = layout.column(field)
        name = self.headings.get(column.field, column.heading) if column else None
        value = shown(row.cells.get(column.field)) if column else None
        return RowError(row=row.number, column=name, field=column.field if column else field, value=value, **what)


def read_sheet(layout: Layout, rows: Sequence[Row]) -> Sheet:
    """Read a file's rows: the first is the heading."""
    if not rows:
        return _nothing(_empty("empty_file", "文件是空的", "The file is empty."))
    headings, wrong = _headings(layout, rows[0])
    if wrong:
        return _nothing(*wrong)
    body = [row for row in rows[1:] if not _is_example(row)]
    ignored = len(rows) - 1 - len(body)
    if not body:
        nothing = _empty("no_rows", "表头之下没有数据", "There is no row below the heading.")
        return msgspec.structs.replace(_nothing(nothing), ignored=ignored)
    read: list[ReadRow] = []
    errors: list[RowError] = []
    equal: Counter[str] = Counter()
    seen: dict[str, int] = {}
    for row in body:
        values, faults = _values(layout, headings, row)
        errors += faults
        if faults:
            continue
        one = _read(layout, headings, row, values, equal)
        first = seen.setdefault(one.reference, row.number)
        if first == row.number:
            read.append(one)
            continue
        heading = next(heading for heading in headings.values() if heading.column.field == layout.reference)
        text = Text(f"与第 {first} 行的编号重复", f"Row {first} has the same reference.")
        errors.append(_at(row, heading, "reference_repeated", text, one.reference))
    names = {heading.column.field: heading.name for heading in headings.values()}
    return Sheet(names, tuple(read), tuple(errors), len(body), ignored)


def _headings(layout: Layout, row: Row) -> tuple[dict[int, Heading], list[RowError]]:
    """The columns by their place in the file, and what is wrong with the heading."""
    found: dict[int, Heading] = {}
    wrong: list[RowError] = []
    for place, cell in enumerate(row.cells):
        if is_blank(cell):
            continue
        name = as_text(cell)
        column = column_of(layout, name)
        if column is None:
            text = Text("没有这一列，请使用模板的表头", "There is no such column; use the template's headings.")
            wrong.append(RowError(row=row.number, column=shown(name), code="unknown_column", zh=text.zh, en=text.en))
        elif any(heading.column is column for heading in found.values()):
            zh, en = f"“{column.zh}”出现两次", f"{column.en} stands twice."
            wrong.append(RowError(row=row.number, column=shown(name), code="repeated_column", zh=zh, en=en))
        else:
            found[place] = Heading(shown(name) or name, column)
    present = {heading.column.field for heading in found.values()}
    for column in layout.columns:
        if column.required and column.field not in present:
            zh, en = f"缺少“{column.zh}”列", f"The column {column.en} is missing."
            wrong.append(
                RowError(row=row.number, column=column.heading, field=column.field, code="missing_column", zh=zh, en=en)
            )
    return found, wrong


def _values(layout: Layout, headings: dict[int, Heading], row: Row) -> tuple[dict[str, Any], list[RowError]]:
    """A row's values by field, without the empty ones, and what is wrong with it."""
    values: dict[str, Any] = {}
    faults = list(_strays(headings, row))
    for place, heading in headings.items():
        column = heading.column
        cell = row.cells[place] if place < len(row.cells) else None
        if is_blank(cell):
            if column.required:
                text = Text("此列必填", "This column must be filled in.")
                faults.append(_at(row, heading, "missing_value", text, None))
            continue
        try:
            values[column.field] = value_of(layout.command, column, cell)
        except BadCell as bad:
            faults.append(_at(row, heading, bad.code, bad.text, cell))
    return values, faults


def _strays(headings: dict[int, Heading], row: Row) -> Iterator[RowError]:
    for place, cell in enumerate(row.cells):
        if place not in headings and not is_blank(cell):
            zh, en = f"第 {place + 1} 列没有表头", f"Column {place + 1} has no heading."
            yield RowError(row=row.number, code="column_without_heading", zh=zh, en=en, value=shown(cell))


def _read(
    layout: Layout, headings: dict[int, Heading], row: Row, values: dict[str, Any], equal: Counter[str]
) -> ReadRow:
    """The row as a command. One without a reference gets one that follows from its content.

    Of several equal rows each counts: the reference tells the first from the second, in whatever file they stand.
    """
    command = msgspec.convert(values, layout.command)
    if layout.reference not in values:
        digest = hashlib.sha256(canonical(command)).hexdigest()[:_DIGEST_LENGTH]
        equal[digest] += 1
        values[layout.reference] = f"row-{digest}-{equal[digest]}"
        command = msgspec.convert(values, layout.command)
    cells = {heading.column.field: row.cells[place] for place, heading in headings.items() if place < len(row.cells)}
    return ReadRow(row.number, values[layout.reference], command, cells)


def _at(row: Row, heading: Heading, code: str, text: Text, value: object) -> RowError:
    return RowError(
        row=row.number,
        column=heading.name,
        field=heading.column.field,
        code=code,
        zh=text.zh,
        en=text.en,
        value=shown(value),
    )


def _is_example(row: Row) -> bool:
    first = next(cell for cell in row.cells if not is_blank(cell))
    return isinstance(first, str) and first.strip().casefold().startswith(_EXAMPLES)


def _empty(code: str, zh: str, en: str) -> RowError:
    return RowError(code=code, zh=zh, en=en)


def _nothing(*errors: RowError) -> Sheet:
    return Sheet({}, (), errors, 0, 0)
