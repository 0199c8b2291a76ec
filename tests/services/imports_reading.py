"""Reading a file in a test: what it gives, what is wrong with it, why it can not be read."""

from datetime import date

import pytest

from domain.assessment.commands import RecordFinding
from domain.rules.r14 import default_values
from services.imports.columns import LAYOUTS
from services.imports.report import Unreadable
from services.imports.rows import Sheet, read_sheet
from services.imports.tables import read_table

RULES = default_values()


def read(content: bytes, kind: str = "findings", file_format: str = "csv") -> Sheet:
    """A file, read."""
    layout = LAYOUTS[kind]
    return read_sheet(layout, read_table(layout, content, file_format))


def faults(sheet: Sheet) -> list[tuple[int | None, str | None, str]]:
    """Where and what is wrong."""
    return [(error.row, error.column, error.code) for error in sheet.errors]


def unreadable(content: bytes, file_format: str = "csv") -> str:
    """Why a file can not be read at all."""
    with pytest.raises(Unreadable) as caught:
        read(content, file_format=file_format)
    assert caught.value.error.zh
    assert caught.value.error.en
    return caught.value.error.code


EXPECTED = RecordFinding(
    item_code="hygiene.corridors",
    count=2,
    found_on=date(2026, 3, 9),
    department="后勤",
    note="楼道有垃圾",
    finding_ref="J-1",
)
