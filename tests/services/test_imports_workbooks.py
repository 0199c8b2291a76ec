"""Reading XLSX: cells of every type, and workbooks meant to do harm."""

import io
import zipfile
from datetime import date, datetime

import pytest

from domain.assessment.commands import RecordFinding
from services.imports import workbooks
from services.imports.tables import MAX_COLUMNS, MAX_ROWS
from tests.services.imports_given import FINDINGS, csv_of, finding, xlsx_of
from tests.services.imports_reading import faults, read, unreadable


def test_workbook_cells() -> None:
    """Numbers, text, days, instants and truth values of a workbook are read as what they show."""
    content = xlsx_of(
        FINDINGS,
        (7, "hygiene.corridors", 2.0, date(2026, 3, 9), "后勤", 0.1 + 0.2, "007", True),
        ("J-2", "Hygiene.Corridors", "3", datetime(2026, 3, 9, 8), "后勤", None, None, False),  # noqa: DTZ001 - no zones
    )

    first, second = read(content, file_format="xlsx").rows

    assert first.command == RecordFinding(
        item_code="hygiene.corridors",
        count=2,
        found_on=date(2026, 3, 9),
        department="后勤",
        note="0.3",
        evidence="007",
        minor=True,
        finding_ref="7",
    )
    assert (second.command.item_code, second.command.count) == ("hygiene.corridors", 3)
    assert second.command.found_on == date(2026, 3, 9)


def test_the_same_rows_have_the_same_reference_in_any_format() -> None:
    """A row without a reference is known again in a workbook when it came as CSV."""
    row = finding("", count=2)
    in_csv = read(csv_of(FINDINGS, row, row))
    in_xlsx = read(xlsx_of(FINDINGS, (*row[:3], date(2026, 3, 9), *row[4:]), row), file_format="xlsx")

    assert [one.reference for one in in_csv.rows] == [one.reference for one in in_xlsx.rows]
    assert len({one.reference for one in in_csv.rows}) == 2


def test_formulas_and_errors_are_refused() -> None:
    """What a workbook computes may be stale, so it is refused at its cell."""
    sheet = read(xlsx_of(FINDINGS, finding("J-1", count="=1+1", note="#DIV/0!")), file_format="xlsx")

    assert faults(sheet) == [(2, "数量", "formula"), (2, "说明", "cell_error")]
    assert [error.value for error in sheet.errors] == ["=1+1", "#DIV/0!"]


def test_a_day_is_no_text() -> None:
    """A reference that the spreadsheet turned into a day is not taken for what was meant."""
    content = xlsx_of(FINDINGS, (date(2026, 3, 14), *finding("")[1:]))
    [error] = read(content, file_format="xlsx").errors

    assert (error.row, error.column, error.code) == (2, "记录编号", "not_text")


def test_a_number_longer_than_a_spreadsheet_keeps_is_no_reference() -> None:
    """Two references that differ in their last digits would become one; fifteen digits are kept, and taken."""
    row = finding("")[1:]
    content = xlsx_of(FINDINGS, (12345678901234567890, *row), (1.2345678901234568e19, *row), (123456789012345, *row))
    sheet = read(content, file_format="xlsx")

    assert faults(sheet) == [(2, "记录编号", "number_too_long"), (3, "记录编号", "number_too_long")]
    assert [one.reference for one in sheet.rows] == ["123456789012345"]


def _altered(content: bytes, part: str, change) -> bytes:
    """A workbook with one part changed."""
    altered = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(altered, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            raw = source.read(name)
            target.writestr(name, change(raw) if name == part else raw)
    return altered.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx_of(FINDINGS, finding("J-1"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 but not really", "unreadable_workbook"),
        (b"no archive", "unreadable_workbook"),
        (GOOD[:-200], "unreadable_workbook"),
        (_altered(GOOD, SHEET, lambda _: b"<not xml"), "unreadable_workbook"),
        (_altered(GOOD, "xl/workbook.xml", lambda _: b"<a/>"), "unreadable_workbook"),
        (_altered(GOOD, SHEET, lambda raw: b'<!DOCTYPE a [<!ENTITY b "c">]>' + raw), "unreadable_workbook"),
        (_altered(GOOD, SHEET, lambda raw: raw + b" " * (workbooks.MAX_UNPACKED + 1)), "workbook_too_big"),
        (_altered(GOOD, SHEET, lambda raw: raw + b"<" * (workbooks.MAX_TAGS + 1)), "workbook_too_big"),
        (_altered(GOOD, "xl/styles.xml", lambda raw: raw + b"<a/>" * 100_001), "workbook_too_big"),
        (xlsx_of(FINDINGS, *(finding(f"J-{n}") for n in range(MAX_ROWS + 1))), "too_many_rows"),
        (xlsx_of(FINDINGS, ["x"] * (MAX_COLUMNS + 1)), "too_many_columns"),
    ],
    ids=[
        "not really",
        "no archive",
        "cut off",
        "no xml",
        "no workbook",
        "entities",
        "too big",
        "too many tags",
        "too many styles",
        "too many rows",
        "too many columns",
    ],
)
def test_workbooks_that_can_not_be_read(content, code) -> None:
    """A damaged workbook, one that unpacks to too much, and one that brings entities are refused as a whole."""
    assert unreadable(content, "xlsx") == code


def test_a_bomb_that_lies_about_its_size() -> None:
    """A part that unpacks to more than it claims is refused without unpacking it all."""
    bomb = bytearray(_altered(GOOD, SHEET, lambda raw: raw + b" " * 64_000_000))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := bomb.find(signature, at + 1)) >= 0:
            bomb[at + offset : at + offset + 4] = (100).to_bytes(4, "little")

    assert unreadable(bytes(bomb), "xlsx") == "unreadable_workbook"


def test_a_row_at_the_end_of_the_world() -> None:
    """A row numbered beyond all rows costs nothing and is not passed over."""
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    content = _altered(GOOD, SHEET, lambda raw: raw.replace(b"</sheetData>", far))

    assert unreadable(content, "xlsx") == "too_many_rows"
