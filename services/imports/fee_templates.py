"""Template files for units, readings and bank rows; what is downloaded can be imported as it is."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from services.imports.columns import Layout
from services.imports.rows import EXAMPLE
from services.imports.tables import Format
from services.imports.templates import harmless

WIDTH = 22
_FORMATS: Mapping[str, str] = {"text": "@", "code": "@", "month": "@", "basis": "@", "date": "yyyy-mm-dd"}
"""Text stays as it is typed: 001 keeps its zeros, 2026-03 becomes no date."""


def fee_template(layout: Layout, file_format: Format, day: date, item: str) -> bytes:
    """An empty file of a kind with its headings and an example row that the import passes over."""
    example = _example(layout, day, item)
    headings = [column.heading for column in layout.columns]
    return _csv(headings, example) if file_format == "csv" else _xlsx(layout, headings, example)


def _example(layout: Layout, day: date, item: str) -> list[str | date]:
    values: dict[str, str | date] = {
        layout.reference: EXAMPLE,
        "building": "2",
        "unit": "2-201",
        "item": item,
        "month": f"{day.year:04d}-{day.month:02d}",
        "value": "1024.5",
        "paid_on": day,
        "amount_fen": "123.45",
        "owner": "示例行，导入时忽略 / example, ignored on import",
        "area_m2": "88.5",
        "from_month": f"{day.year:04d}-{day.month:02d}",
        "item_1": "property_fee",
        "basis_1": "按面积",
        "item_2": item,
        "basis_2": "抄表",
        "item_3": "common_repair",
        "basis_3": "固定",
        "quantity_3": "1",
        "payer": "示例行，导入时忽略 / example, ignored on import",
    }
    return [values.get(column.field, "") for column in layout.columns]


def _csv(headings: Sequence[str], example: Sequence[str | date]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerow([harmless(str(value)) for value in example])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(layout: Layout, headings: Sequence[str], example: Sequence[str | date]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = layout.title.zh
    sheet.append(list(headings))
    sheet.append([harmless(value) if isinstance(value, str) else value for value in example])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(layout.columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.type, "General")
        sheet.column_dimensions[letter].width = WIDTH
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
