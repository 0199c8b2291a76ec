"""Published accounts as a workbook: amounts are numbers in yuan, texts are never taken for formulas."""

import io
from collections.abc import Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.fee_book.events import AccountsPublished
from domain.fee_book.statement import AGENCY, AGENCY_COLUMNS, agency_lines, sections
from domain.kernel import Text
from services.imports.templates import harmless

AMOUNT = "#,##0.00"
WIDTH = 28


def workbook(accounts: AccountsPublished) -> bytes:
    """One sheet with all sections, one above the other."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"{accounts.first_month} {accounts.last_month}"
    _heading(sheet, f"{accounts.name} 收支账目 {accounts.first_month} 至 {accounts.last_month}".strip())
    for section in sections(accounts):
        _heading(sheet, _both(section.title))
        for line in section.lines:
            _row(sheet, [_both(line.label), _yuan(line.amount_fen)])
    _heading(sheet, _both(AGENCY))
    _row(sheet, [_both(column) for column in AGENCY_COLUMNS])
    for name, owed in agency_lines(accounts):
        amounts = (owed.opening_fen, owed.collected_fen, owed.passed_on_fen, owed.closing_fen)
        _row(sheet, [_both(name), owed.supplier or "", *(_yuan(amount_fen) for amount_fen in amounts)])
    for letter in "ABCDEF":
        sheet.column_dimensions[letter].width = WIDTH
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _heading(sheet: Worksheet, text: str) -> None:
    _row(sheet, [text])
    sheet.cell(sheet.max_row, 1).font = Font(bold=True)


def _row(sheet: Worksheet, values: Sequence[str | Decimal]) -> None:
    sheet.append([harmless(value) if isinstance(value, str) else value for value in values])
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, Decimal):
            cell.number_format = AMOUNT


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}"


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen) / 100
