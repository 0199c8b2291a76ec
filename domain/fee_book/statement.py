"""A published period laid out for its readers: the same figures for the page, the workbook and the paper (R13.4.3)."""

from collections.abc import Iterable

import msgspec

from domain.fee_book.events import AccountsPublished
from domain.fee_book.parts import AgencyLine
from domain.kernel import Text

KINDS = {
    "public_service": Text("公共性服务费", "Public service"),
    "special": Text("特约服务费", "Special services"),
    "late_fee": Text("滞纳金", "Late fees"),
    "advance": Text("预收款", "Paid in advance"),
}
INCOME, SPENT = Text("收入", "Income"), Text("支出", "Expenditure")
TOTAL, SURPLUS = Text("合计", "Total"), Text("收支结余", "Surplus")
AGENCY = Text("代收代付（不计入公司收入）", "Collected for others, no income of the company")
AGENCY_COLUMNS = (
    Text("项目", "Item"),
    Text("代收单位", "Supplier"),
    Text("期初应付", "Owed before"),
    Text("本期代收", "Collected"),
    Text("本期转付", "Passed on"),
    Text("期末应付", "Owed after"),
)
APART = Text("单列款项", "Money kept apart")
REPAIRS = Text("修缮费用收款（转入修缮基金）", "Paid for repairs, to the repair fund")
ADVANCE = (
    Text("预收款期初", "Paid in advance, before"),
    Text("预收款本期增减", "Paid in advance, change"),
    Text("预收款期末", "Paid in advance, after"),
)


class Line(msgspec.Struct, frozen=True):
    """A figure and what it is."""

    label: Text
    amount_fen: int


class Section(msgspec.Struct, frozen=True):
    """Figures that belong together."""

    title: Text
    lines: tuple[Line, ...]


def sections(accounts: AccountsPublished) -> tuple[Section, ...]:
    """Income, expenditure with the surplus, and what is kept apart; agency fees stand in `agency_lines`."""
    income, spent = accounts.income_fen, accounts.spent_fen
    return (
        Section(INCOME, (*_lines(accounts, income), Line(TOTAL, sum(income.values())))),
        Section(
            SPENT,
            (*_lines(accounts, spent), Line(TOTAL, sum(spent.values())), Line(SURPLUS, accounts.surplus_fen)),
        ),
        Section(
            APART,
            (
                Line(REPAIRS, accounts.repair_fen),
                Line(ADVANCE[0], accounts.advance_opening_fen),
                Line(ADVANCE[1], accounts.advance_moved_fen),
                Line(ADVANCE[2], accounts.advance_closing_fen),
            ),
        ),
    )


def agency_lines(accounts: AccountsPublished) -> Iterable[tuple[Text, AgencyLine]]:
    """Each item that is collected for others, by its name."""
    return ((name_of(accounts, line.item), line) for line in accounts.agency)


def name_of(accounts: AccountsPublished, code: str) -> Text:
    """A kind, heading or item by the name that it had when the accounts were published."""
    return accounts.names.get(code) or KINDS.get(code) or Text(code, code)


def signed_yuan(amount_fen: int) -> str:
    """An amount in yuan with two decimals, below zero with its sign."""
    whole, cents = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole:,}.{cents:02}"


def _lines(accounts: AccountsPublished, amounts: dict[str, int]) -> Iterable[Line]:
    return (Line(name_of(accounts, code), amounts[code]) for code in sorted(amounts))
