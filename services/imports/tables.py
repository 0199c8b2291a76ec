"""A file as rows of cells: CSV in the encodings and with the separators that spreadsheets write, or XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from domain.kernel import Text
from services.imports.cells import Cell, is_blank
from services.imports.columns import Layout, column_of
from services.imports.report import Unreadable
from services.imports.workbooks import workbook_rows

MAX_ROWS = 5_000
MAX_LINES = 20_000
"""The last row that may hold anything, counting empty ones."""
MAX_COLUMNS = 50
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",;\t"

Format = Literal["csv", "xlsx"]


class Row(msgspec.Struct, frozen=True):
    """A row that holds something, with its number in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]


def read_table(layout: Layout, content: bytes, file_format: Format) -> tuple[Row, ...]:
    """The rows of a file that hold anything, the heading first. Raises `Unreadable`."""
    rows = _csv_rows(layout, content) if file_format == "csv" else workbook_rows(content, MAX_COLUMNS + 1)
    return tuple(_bounded(rows))


def _bounded(rows: Iterable[tuple[Cell, ...]]) -> Iterator[Row]:
    count = 0
    for number, cells in enumerate(rows, 1):
        if len(cells) > MAX_COLUMNS and any(not is_blank(cell) for cell in cells[MAX_COLUMNS:]):
            text = Text(f"超过 {MAX_COLUMNS} 列", f"The file has more than {MAX_COLUMNS} columns.")
            raise Unreadable("too_many_columns", text)
        if all(is_blank(cell) for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS + 1 or number > MAX_LINES:
            text = Text(f"超过 {MAX_ROWS} 行，请分成几个文件", f"The file has more than {MAX_ROWS} rows; split it.")
            raise Unreadable("too_many_rows", text)
        yield Row(number, cells[:MAX_COLUMNS])


def _csv_rows(layout: Layout, content: bytes) -> Iterator[tuple[Cell, ...]]:
    text = _decoded(content)
    line = 1
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(layout, text), strict=True)
        for row in reader:
            line = reader.line_num + 1
            yield tuple(row)
    except csv.Error as error:
        raise Unreadable(
            "malformed_csv",
            Text(
                f"自第 {line} 行起的 CSV 格式有误（引号不配对？）", f"The CSV is broken from line {line} on: {error}."
            ),
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(
        "unknown_encoding",
        Text("请将文件存为 UTF-8 或 GB18030 编码的 CSV", "Save the file as CSV in UTF-8 or GB18030."),
    )


def _delimiter(layout: Layout, text: str) -> str:
    """The separator under which the first row that is not empty names most columns."""
    first = next((line for line in text.splitlines() if line.strip(' ,;\t"')), "")

    def named(delimiter: str) -> tuple[int, int]:
        headings = next(csv.reader([first], delimiter=delimiter), [])
        return sum(column_of(layout, heading) is not None for heading in headings), len(headings)

    return max(_DELIMITERS, key=named)
