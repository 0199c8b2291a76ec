"""Reading XLSX from strangers: unpacked by us within bounds, then read cell by cell."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date

from openpyxl import load_workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.cell import MergedCell

from domain.kernel import Text
from services.imports.cells import Cell, Unusable
from services.imports.report import Unreadable

MAX_UNPACKED = 32 * 1024 * 1024
MAX_PARTS = 200
LAST_ROW = 1_048_576
"""No sheet has a row after it."""
MAX_TAGS = 1_500_000
"""Marks ``<`` in the parts that hold cells: each may become an object of a hundred bytes."""
MAX_TAGS_ELSEWHERE = 100_000
"""The same in all others: styles become objects of a thousand."""
_CELL_PARTS = ("xl/worksheets/", "xl/sharedstrings.xml")
_CHUNK = 65_536
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

_FORMULA = Text("单元格是公式，请粘贴为数值", "The cell holds a formula; paste its value.")
_ERROR = Text("单元格是错误值", "The cell holds an error.")


def workbook_rows(content: bytes, max_columns: int) -> Iterator[tuple[Cell, ...]]:
    """The rows of a workbook's first sheet, cut off after so many columns. Raises `Unreadable`."""
    unpacked = _unpacked(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decorations that are not read anyway
            # formulas are kept as such: a stored result may be stale, so they are refused rather than believed
            book = load_workbook(unpacked, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            before: object = None
            for cells in sheet.iter_rows(max_row=LAST_ROW, max_col=max_columns):
                # rows that the file leaves out are all one object, and there may be a million of them
                yield () if cells is before else tuple(_cell(one) for one in cells)
                before = cells
    except Exception as error:  # a damaged workbook makes the library raise whatever it stumbles upon
        raise _unreadable() from error


def _cell(cell: BookCell | MergedCell) -> Cell:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return Unusable("formula", _FORMULA, str(cell.value))
    if cell.data_type == "e":
        return Unusable("cell_error", _ERROR, str(cell.value))
    value = cell.value
    if isinstance(value, str | bool | int | float | date):
        return value
    return str(value)


def _unpacked(content: bytes) -> io.BytesIO:
    """The same archive with nothing left to unpack, so that the library can not unpack more than we allow."""
    plain = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(plain, "w") as target:
            parts = source.infolist()
            names = {part.filename for part in parts}
            if len(names) != len(parts) or len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
                raise _too_big()
            if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
                raise _unreadable()
            tags = tags_elsewhere = 0
            for part in parts:
                unpacked = _part(source, part)
                if part.filename.lower().startswith(_CELL_PARTS):
                    tags += unpacked.count(b"<")
                else:
                    tags_elsewhere += unpacked.count(b"<")
                if tags > MAX_TAGS or tags_elsewhere > MAX_TAGS_ELSEWHERE:
                    raise _too_big()
                target.writestr(part.filename, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _unreadable() from error
    plain.seek(0)
    return plain


def _part(source: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """One part, unpacked in pieces: no more than it claims to be, whatever it is."""
    pieces = []
    with source.open(part) as stream:
        while piece := stream.read(_CHUNK):
            pieces.append(piece)
    unpacked = b"".join(pieces)
    if any(mark in unpacked for mark in _DOCTYPES):
        raise _unreadable()  # no spreadsheet has one, and entities grow
    return unpacked


def _too_big() -> Unreadable:
    return Unreadable(
        "workbook_too_big",
        Text("工作簿内容过大，请只保留数据表", "The workbook unpacks to too much; keep only the sheet with the data."),
    )


def _unreadable() -> Unreadable:
    return Unreadable("unreadable_workbook", Text("不是有效的 XLSX 文件", "This is not a sound XLSX file."))
