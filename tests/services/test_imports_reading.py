"""Reading CSV: encodings, separators, headings, and every fault of a cell."""

from datetime import date
from decimal import Decimal

import pytest

from domain.assessment.commands import CastBallot, RecordFinding
from services.imports.cells import GROUPS, YES_NO
from services.imports.columns import FINDINGS as FINDING_LAYOUT
from services.imports.report import MAX_VALUE_SHOWN
from services.imports.tables import MAX_COLUMNS, MAX_LINES, MAX_ROWS
from tests.services.imports_given import BALLOTS, FINDINGS, ballot, csv_of, finding
from tests.services.imports_reading import EXPECTED, faults, read, unreadable


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(encoding, delimiter) -> None:
    """UTF-8 with and without its mark, the Chinese encoding, and each separator give the same rows."""
    sheet = read(csv_of(FINDINGS, finding("J-1"), encoding=encoding, delimiter=delimiter))

    assert [row.command for row in sheet.rows] == [EXPECTED]
    assert sheet.errors == ()


def test_an_ungainly_csv() -> None:
    """Empty lines, trailing separators, quoted breaks and blank cells neither disturb nor move the row numbers."""
    lines = (
        "",
        "记录编号,细目编码,检查日期,部门,说明,,",
        "",
        'J-1,hygiene.corridors,2026-03-09,后勤,"两行',
        '说明",,',
        ",,,,,,",
        "J-2,x,2026-03-09,后勤,,,",
    )
    content = "\n".join(lines)

    sheet = read(content.encode())

    assert [(row.number, row.command.note, row.command.count) for row in sheet.rows] == [
        (4, "两行\n说明", 1),
        (6, "", 1),
    ]
    assert sheet.count == 2


@pytest.mark.parametrize(
    "headings",
    [
        ("finding_ref", "item_code", "count", "found_on", "department", "note", "evidence", "minor"),
        ("Reference", "Item code", "COUNT", "found  on", "Department*", "Note", "Evidence", "Minor"),
        tuple(column.heading for column in FINDING_LAYOUT.columns),
        tuple(f"{column.en}／{column.zh}" for column in FINDING_LAYOUT.columns),
    ],
)
def test_headings_in_either_language(headings) -> None:
    """A column is known by its name in the API, in Chinese, in English and in both."""
    assert [row.command for row in read(csv_of(headings, finding("J-1"))).rows] == [EXPECTED]


def test_columns_in_any_order() -> None:
    """Each value follows its heading."""
    order = (3, 7, 1, 5, 0, 4, 2)
    sheet = read(csv_of([FINDINGS[n] for n in order], [finding("J-1", minor="是")[n] for n in order]))

    [row] = sheet.rows
    assert row.command == RecordFinding(**{**_fields(EXPECTED), "minor": True})


def _fields(command: RecordFinding) -> dict:
    return {name: getattr(command, name) for name in command.__struct_fields__}


def test_wrong_headings() -> None:
    """A column that is unknown, doubled or missing is named, in the row that the heading stands in."""
    sheet = read(csv_of((), ("细目编码", "颜色", "部门", "部门"), ("hygiene.corridors", "红", "后勤", "后勤")))

    assert faults(sheet) == [
        (2, "颜色", "unknown_column"),
        (2, "部门", "repeated_column"),
        (2, "检查日期 / Found on", "missing_column"),
    ]
    assert [(error.zh, error.en) for error in sheet.errors[1:]] == [
        ("“部门”出现两次", "Department stands twice."),
        ("缺少“检查日期”列", "The column Found on is missing."),
    ]


@pytest.mark.parametrize(
    ("changes", "column", "code", "zh", "en"),
    [
        ({"item": ""}, "细目编码", "missing_value", "此列必填", "This column must be filled in."),
        ({"item": "两 个"}, "细目编码", "bad_code", "不是有效的编码", "This is not a code."),
        ({"count": "两处"}, "数量", "not_whole", "应为整数", "This must be a whole number."),
        ({"count": "1.5"}, "数量", "not_whole", "应为整数", "This must be a whole number."),
        ({"count": "0"}, "数量", "out_of_range", "应在 1 至 1000 之间", "This must be from 1 to 1000."),
        ({"count": "1001"}, "数量", "out_of_range", "应在 1 至 1000 之间", "This must be from 1 to 1000."),
        (
            {"day": "三月九日"},
            "检查日期",
            "bad_date",
            "应为日期，如 2025-03-14",
            "This must be a date such as 2025-03-14.",
        ),
        (
            {"day": "2026-02-30"},
            "检查日期",
            "bad_date",
            "应为日期，如 2025-03-14",
            "This must be a date such as 2025-03-14.",
        ),
        (
            {"day": "46090"},
            "检查日期",
            "bad_date",
            "应为日期，如 2025-03-14",
            "This must be a date such as 2025-03-14.",
        ),
        ({"department": "后" * 121}, "部门", "too_long", "超过 120 个字", "This is longer than 120 characters."),
        ({"note": "后\x07"}, "说明", "control_character", "含有不可见的控制字符", "Contains control characters."),
        ({"minor": "也许"}, "轻微", "not_yes_no", "应为“是”或“否”", "This must be yes or no."),
    ],
)
def test_a_fault_is_named_by_row_and_column(changes, column, code, zh, en) -> None:
    """Each fault of a finding's cell says where it is and what is expected, in both languages."""
    [error] = read(csv_of(FINDINGS, finding("J-0"), finding("J-1", **changes))).errors

    assert (error.row, error.column, error.code, error.zh, error.en) == (3, column, code, zh, en)
    [value] = changes.values()
    assert error.value is None if value == "" else error.value in (value, f"{value[: MAX_VALUE_SHOWN - 1]}…")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (ballot(""), "选票编号", "missing_value"),
        (ballot("A", group="家长"), "群体", "bad_group"),
        (ballot("A", group=""), "群体", "missing_value"),
        (ballot("A", score=""), "评分", "missing_value"),
        (ballot("A", score="很好"), "评分", "not_a_number"),
        (ballot("A", score="NaN"), "评分", "not_a_number"),
        (ballot("A", score="1e9"), "评分", "not_a_number"),
        (ballot("A", comment="好" * 2001), "意见", "too_long"),
        (ballot("A", day="昨天"), "填写日期", "bad_date"),
        (ballot("A" * 201), "选票编号", "too_long"),
    ],
)
def test_a_fault_of_a_ballot(row, column, code) -> None:
    """Each fault of a ballot's cell says where it is."""
    assert faults(read(csv_of(BALLOTS, row), "ballots")) == [(2, column, code)]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    """Nobody has to send a file once for each of its faults."""
    row = finding("J-1", item="", count="x", day="y")

    assert [code for _, _, code in faults(read(csv_of(FINDINGS, row)))] == ["missing_value", "not_whole", "bad_date"]


def test_a_reference_twice_in_a_file() -> None:
    """The second row under a reference is told where the first is."""
    [error] = read(csv_of(FINDINGS, finding("J-1"), finding("J-2"), finding("J-1"))).errors

    assert (error.row, error.column, error.code, error.value) == (4, "记录编号", "reference_repeated", "J-1")
    assert error.en == "Row 2 has the same reference."


def test_a_cell_beside_the_headings() -> None:
    """A value under no heading is not passed over in silence."""
    sheet = read(csv_of(FINDINGS, (*finding("J-1"), "多余")))

    assert faults(sheet) == [(2, None, "column_without_heading")]
    assert sheet.errors[0].en == "Column 9 has no heading."


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-03-09", date(2026, 3, 9)),
        ("2026/3/9", date(2026, 3, 9)),
        ("2026.03.9", date(2026, 3, 9)),
        ("2026年3月9日", date(2026, 3, 9)),
        ("2026/3/9 0:00", date(2026, 3, 9)),
        ("２０２６-０３-０９", date(2026, 3, 9)),
    ],
)
def test_days_as_people_write_them(written, read_as) -> None:
    """Every usual way to write a day is read."""
    [row] = read(csv_of(FINDINGS, finding("J-1", day=written))).rows
    assert row.command.found_on == read_as


@pytest.mark.parametrize("written", [*YES_NO, "YES", "Ｙｅｓ", "False"])
def test_yes_and_no(written) -> None:
    """Yes and no are read in both languages, in any case and width."""
    [row] = read(csv_of(FINDINGS, finding("J-1", minor=written))).rows
    assert row.command.minor is (written in ("YES", "Ｙｅｓ") or YES_NO.get(written, False))


@pytest.mark.parametrize("written", [*GROUPS, "Staff", " 学生 "])
def test_groups(written) -> None:
    """Both groups are read in both languages."""
    [row] = read(csv_of(BALLOTS, ballot("A-1", group=written, score="８８.5")), "ballots").rows
    expected = GROUPS[written.strip().lower()]
    assert row.command == CastBallot(group=expected, score=Decimal("88.5"), ballot_ref="A-1", cast_on=date(2026, 3, 9))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n , ,\n", "empty_file"),
        (csv_of(FINDINGS), "no_rows"),
    ],
)
def test_files_without_rows(content, code) -> None:
    """A file that holds nothing is an error, not an import of nothing."""
    assert faults(read(content)) == [(None, None, code)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00\x01", "unknown_encoding"),
        ("记录编号\0".encode(), "unknown_encoding"),
        (b'a,b\n"open', "malformed_csv"),
        (b'a,b\n"x"y,z\n', "malformed_csv"),
        (b"a" * 200_000, "malformed_csv"),
        (csv_of(FINDINGS, *(finding(f"J-{n}") for n in range(MAX_ROWS + 1))), "too_many_rows"),
        (csv_of(FINDINGS, *[[""]] * MAX_LINES, finding("J")), "too_many_rows"),
        (csv_of(FINDINGS, ["x"] * (MAX_COLUMNS + 1)), "too_many_columns"),
    ],
    ids=["bytes", "nul", "open quote", "stray quote", "one cell", "too many rows", "too far down", "too many columns"],
)
def test_csv_that_can_not_be_read(content, code) -> None:
    """A file that is no CSV, or too long or wide, is refused as a whole."""
    assert unreadable(content) == code
