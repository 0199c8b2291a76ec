"""Which period's accounts are owed, and by when (R13.4.3)."""

from domain.fee_book.parts import PeriodOwed
from domain.kernel import Context
from domain.periods import last_day
from domain.rules.r13 import R13Rules


def period_owed(context: Context, rules: R13Rules, month: str) -> PeriodOwed:
    """The period from a month on to the end of the half-year, or whatever the rules publish by, that it lies in."""
    year, number, months = int(month[:4]), int(month[5:]), rules.statement_months
    last = f"{year}-{(number - 1) // months * months + months:02}"
    due_on = context.calendar.add_days(last_day(last), rules.statement_days)
    return PeriodOwed(first_month=month, last_month=last, due_on=due_on, due_at=context.calendar.end_of_day(due_on))


def block_of(month: str, months: int) -> str:
    """The first month of the period that a month lies in."""
    return f"{month[:4]}-{(int(month[5:]) - 1) // months * months + 1:02}"
