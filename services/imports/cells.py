"""From a cell to a value, or what is wrong with it. Bounds are those of the command's own fields."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from domain.fee_account.parts import Basis
from domain.kernel import Command, Text
from domain.scorecard import Group
from services.imports.columns import Column, ColumnType

YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("是", "yes", "y", "true", "1", "√"), True),
    **dict.fromkeys(("否", "no", "n", "false", "0", "×"), False),
}
GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(("教职工", "教工", "教师", "职工", "员工", "staff", "teacher", "teachers"), "staff"),
    **dict.fromkeys(("学生", "student", "students"), "students"),
}
BASES: Mapping[str, Basis] = {
    **dict.fromkeys(("按面积", "面积", "area"), "area"),
    **dict.fromkeys(("固定", "定额", "固定数量", "fixed"), "fixed"),
    **dict.fromkeys(("抄表", "按表", "metered"), "metered"),
}
_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")
_MONTH = re.compile(r"(20\d{2})(?:-|/|\.|年)(0?[1-9]|1[0-2])月?")
_YUAN = re.compile(r"[¥￥]?([+-]?)[¥￥]?(\d{1,11}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2})0*)?元?")
_WHOLE = re.compile(r"([+-]?\d{1,12})(?:\.0+)?")
_DECIMAL = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BEYOND_EXACT = 10**15
_QUOTED_FORMULA = re.compile(r"'[=+\-@\t\r]")


class Unusable(msgspec.Struct, frozen=True):
    """A cell that holds a formula or an error where a value should be."""

    code: str
    text: Text
    content: str

    def __str__(self) -> str:
        return self.content


Cell = str | int | float | Decimal | bool | date | datetime | Unusable | None
"""What a file may hold in a cell. CSV knows text alone."""


class BadCell(Exception):  # noqa: N818 - an answer to the reader
    """A cell that does not fit its column."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_of(command: type[Command], column: Column, cell: Cell) -> Any:
    """The value of a cell that is not blank. Raises `BadCell`."""
    if isinstance(cell, Unusable):
        raise BadCell(cell.code, cell.text)
    return _READERS[column.type](_field_type(command, column.field), cell)


def as_text(cell: Cell) -> str:
    """A cell's content as people see it: whole numbers without a point, an escaped formula without its quote."""
    if isinstance(cell, float):
        cell = _exact(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    text = str(cell).strip()
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def _exact(number: float) -> Decimal:
    """A spreadsheet's number as it shows it: fifteen significant digits, no more than it keeps itself."""
    return Decimal(f"{number:.15g}")


def _text(kind: msgspec.inspect.Type, cell: Cell) -> str:
    if isinstance(cell, bool | date):
        raise BadCell(
            "not_text", Text("应为文本，请将单元格设为文本格式", "This must be text; format the cell as text.")
        )
    if isinstance(cell, int | float) and abs(cell) >= _BEYOND_EXACT:
        # two bank references that differ in their last digits would be one, and the second payment lost
        zh = "超过15位的数字在表格中会丢失末几位，请将此列设为文本格式后重新填写"
        en = "A spreadsheet keeps 15 digits of a number; format the column as text and enter it anew."
        raise BadCell("number_too_long", Text(zh, en))
    text = as_text(cell)
    if _CONTROL.search(text):
        raise BadCell("control_character", Text("含有不可见的控制字符", "Contains control characters."))
    if isinstance(kind, msgspec.inspect.StrType) and kind.max_length is not None and len(text) > kind.max_length:
        most = kind.max_length
        raise BadCell("too_long", Text(f"超过 {most} 个字", f"This is longer than {most} characters."))
    return text


def _code(kind: msgspec.inspect.Type, cell: Cell) -> str:
    text = _narrow(_text(kind, cell)).lower()
    if isinstance(kind, msgspec.inspect.StrType) and kind.pattern and not re.search(kind.pattern, text):
        raise BadCell("bad_code", Text("不是有效的编码", "This is not a code."))
    return text


def _count(kind: msgspec.inspect.Type, cell: Cell) -> int:
    found = None if isinstance(cell, bool | date) else _WHOLE.fullmatch(_narrow(as_text(cell)))
    if found is None:
        raise BadCell("not_whole", Text("应为整数", "This must be a whole number."))
    number = int(found[1])
    if isinstance(kind, msgspec.inspect.IntType):
        lowest, highest = kind.ge, kind.le
        if (lowest is not None and number < lowest) or (highest is not None and number > highest):
            text = Text(f"应在 {lowest} 至 {highest} 之间", f"This must be from {lowest} to {highest}.")
            raise BadCell("out_of_range", text)
    return number


def _score(_: msgspec.inspect.Type, cell: Cell) -> Decimal:
    text = "" if isinstance(cell, bool | date) else _narrow(as_text(cell))
    if not _DECIMAL.fullmatch(text):
        raise BadCell("not_a_number", Text("应为数字", "This must be a number."))
    return Decimal(text)


def _date(_: msgspec.inspect.Type, cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.fullmatch(_narrow(cell)) if isinstance(cell, str) else None
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass  # such as the 30th of February
    raise BadCell("bad_date", Text("应为日期，如 2025-03-14", "This must be a date such as 2025-03-14."))


def _month(_: msgspec.inspect.Type, cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell.year:04d}-{cell.month:02d}"
    found = _MONTH.fullmatch(_narrow(cell)) if isinstance(cell, str) else None
    if found is None:
        raise BadCell("bad_month", Text("应为月份，如 2025-03", "This must be a month such as 2025-03."))
    return f"{found[1]}-{int(found[2]):02d}"


def _yuan(_: msgspec.inspect.Type, cell: Cell) -> int:
    """An amount of yuan in fen, exactly: what has a part of a fen is refused, not rounded."""
    found = None if isinstance(cell, bool | date) else _YUAN.fullmatch(_narrow(as_text(cell)).replace(" ", ""))
    if found is None:
        text = Text("应为金额（元），最多两位小数", "This must be an amount in yuan with at most two decimals.")
        raise BadCell("not_money", text)
    fen = int(found[2].replace(",", "")) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -fen if found[1] == "-" else fen


def _yes_no(_: msgspec.inspect.Type, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = YES_NO.get(_narrow(as_text(cell)).casefold())
    if found is None:
        raise BadCell("not_yes_no", Text("应为“是”或“否”", "This must be yes or no."))
    return found


def _group(_: msgspec.inspect.Type, cell: Cell) -> Group:
    found = GROUPS.get(_narrow(as_text(cell)).casefold())
    if found is None:
        raise BadCell("bad_group", Text("应为“教职工”或“学生”", "This must be staff or students."))
    return found


def _basis(_: msgspec.inspect.Type, cell: Cell) -> Basis:
    found = BASES.get(_narrow(as_text(cell)).casefold())
    if found is None:
        raise BadCell("bad_basis", Text("应为“按面积”“固定”或“抄表”", "This must be area, fixed or metered."))
    return found


def _narrow(text: str) -> str:
    """Full-width digits, letters and signs as their narrow forms."""
    return unicodedata.normalize("NFKC", text).strip()


_READERS: Mapping[ColumnType, Callable[[msgspec.inspect.Type, Cell], Any]] = {
    "text": _text,
    "code": _code,
    "count": _count,
    "score": _score,
    "date": _date,
    "month": _month,
    "yuan": _yuan,
    "yes_no": _yes_no,
    "group": _group,
    "basis": _basis,
}


@cache
def _field_type(command: type[Command], field: str) -> msgspec.inspect.Type:
    """The type of a command's field, without what makes it optional."""
    info = msgspec.inspect.type_info(command)
    assert isinstance(info, msgspec.inspect.StructType)
    kind = next(one.type for one in info.fields if one.name == field)
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType))
    return kind
