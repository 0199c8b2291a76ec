"""Templates: what is generated can be filled in and imported."""

import io

import pytest
from openpyxl import load_workbook

from services.imports.columns import BALLOTS as BALLOT_LAYOUT
from services.imports.columns import FINDINGS as FINDING_LAYOUT
from services.imports.columns import LAYOUTS
from services.imports.templates import ITEMS_SHEET, harmless, template
from tests.services.imports_given import FINDINGS, ballot, csv_of, finding, with_rows
from tests.services.imports_reading import EXPECTED, RULES, read


@pytest.mark.parametrize("kind", ["findings", "ballots"])
def test_a_filled_template_is_imported(kind) -> None:
    """Rows added below the example of a downloaded workbook are read, the example is not."""
    rows = {"findings": finding("J-1"), "ballots": ballot("A-1")}
    content = with_rows(template(LAYOUTS[kind], "xlsx", RULES, "2026-03"), rows[kind])

    sheet = read(content, kind, "xlsx")

    assert (len(sheet.rows), sheet.ignored, sheet.errors) == (1, 1, ())
    assert sheet.rows[0].number == 3


def test_a_filled_csv_template_is_imported() -> None:
    """The same for CSV, which begins with the mark by which spreadsheets know UTF-8."""
    content = template(FINDING_LAYOUT, "csv", RULES, "2026-03")

    sheet = read(content + csv_of(finding("J-1")))

    assert content.startswith(b"\xef\xbb\xbf")
    assert ([row.command for row in sheet.rows], sheet.ignored) == ([EXPECTED], 1)


def test_the_example_is_a_good_row() -> None:
    """But for its mark the template's example would be imported."""
    for layout in (FINDING_LAYOUT, BALLOT_LAYOUT):
        text = template(layout, "csv", RULES, "2026-03").decode("utf-8-sig").replace("#示例 example", "J-1")
        sheet = read(text.encode(), layout.kind)
        assert (len(sheet.rows), sheet.errors) == (1, ())


def test_the_workbook_lists_the_items() -> None:
    """The second sheet holds the catalogue, and the codes are offered where they are asked for."""
    book = load_workbook(io.BytesIO(template(FINDING_LAYOUT, "xlsx", RULES, "2026-03")))
    listed = [tuple(cell.value for cell in row) for row in book[ITEMS_SHEET].iter_rows(min_row=2)]

    assert listed == [
        (item.code, item.zh, item.en, float(item.points), float(item.deduction), content.code, content.zh, content.en)
        for content in RULES.contents
        for item in content.items
    ]
    offered = {rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert offered == {f"'{ITEMS_SHEET}'!$A$2:$A${len(listed) + 1}", '"是,否"'}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_of_ours_is_a_formula(start) -> None:
    """A name that begins like a formula is quoted in what we generate, and the quote comes off on import."""
    assert harmless(f"{start}1") == f"'{start}1"
    if start.strip():
        [row] = read(csv_of(FINDINGS, finding("J-1", note=harmless(f"{start}1")))).rows
        assert row.command.note == f"{start}1"
