"""Template files, made from the item catalogue that an assessment uses; what is downloaded can be imported as it is."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from domain.periods import first_day
from domain.rules.r14 import R14Rules
from services.imports.columns import Layout
from services.imports.rows import EXAMPLE
from services.imports.tables import MAX_ROWS, Format

ITEMS_SHEET = "细目 Items"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 24
_ITEM_HEADINGS = (
    "细目编码 / Item code",
    "细目",
    "Item",
    "分值 / Points",
    "每处扣分 / Deduction",
    "内容编码 / Content code",
    "考核内容",
    "Content",
)
_REMARK = "示例行，导入时忽略 / example, ignored on import"


def template(layout: Layout, file_format: Format, rules: R14Rules, month: str) -> bytes:
    """An empty file of a kind with its headings and an example row that the import passes over."""
    example = _example(layout, rules, first_day(month))
    return _csv(layout, example) if file_format == "csv" else _xlsx(layout, example, rules)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; the import takes the quote off again."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _example(layout: Layout, rules: R14Rules, day: date) -> list[str | int | date | Decimal]:
    values: dict[str, str | int | date | Decimal] = {
        layout.reference: EXAMPLE,
        "item_code": rules.contents[0].items[0].code,
        "count": 1,
        "found_on": day,
        "department": "后勤服务中心",
        "note": _REMARK,
        "minor": "否",
        "group": "学生",
        "score": rules.full_score,
        "comment": _REMARK,
        "cast_on": day,
    }
    return [values.get(column.field, "") for column in layout.columns]


def _csv(layout: Layout, example: list[str | int | date | Decimal]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.heading for column in layout.columns])
    writer.writerow([harmless(str(value)) for value in example])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(layout: Layout, example: list[str | int | date | Decimal], rules: R14Rules) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"{layout.title.zh} {layout.title.en}"
    _append_heading(sheet, [column.heading for column in layout.columns])
    _append(sheet, example)
    items = _items(book, rules)
    choices = {
        "code": f"'{ITEMS_SHEET}'!$A$2:$A${items + 1}",
        "yes_no": '"是,否"',
        "group": '"教职工,学生"',
    }
    for column in layout.columns:
        letter = get_column_letter(layout.columns.index(column) + 1)
        cells = f"{letter}2:{letter}{MAX_ROWS + 2}"
        if column.type in choices:
            validation = DataValidation(type="list", formula1=choices[column.type], allow_blank=not column.required)
            validation.add(cells)
            sheet.add_data_validation(validation)
        # text stays as it is typed: 001 keeps its zeros, 3-14 becomes no date
        sheet.column_dimensions[letter].number_format = {"text": "@", "date": "yyyy-mm-dd"}.get(column.type, "General")
        sheet.column_dimensions[letter].width = _WIDTH
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _items(book: Workbook, rules: R14Rules) -> int:
    """The catalogue on a sheet of its own; how many items it has."""
    sheet: Worksheet = book.create_sheet(ITEMS_SHEET)
    _append_heading(sheet, _ITEM_HEADINGS)
    count = 0
    for content in rules.contents:
        for item in content.items:
            count += 1
            _append(
                sheet,
                [item.code, item.zh, item.en, item.points, item.deduction, content.code, content.zh, content.en],
            )
    for letter in "ABCDEFGH":
        sheet.column_dimensions[letter].width = _WIDTH
    return count


def _append(sheet: Worksheet, values: Sequence[object]) -> None:
    sheet.append([harmless(value) if isinstance(value, str) else value for value in values])


def _append_heading(sheet: Worksheet, headings: Sequence[str]) -> None:
    _append(sheet, headings)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
