"""Which period's accounts are owed to the public, and by when: of a project's book and of its repair fund (R13.4.3)."""

from datetime import date, datetime

import msgspec

from domain.kernel import Context
from domain.periods import last_day
from domain.rules.r13 import R13Rules


class PeriodOwed(msgspec.Struct, frozen=True, kw_only=True):
    """A period whose accounts are to be published by ``due_on``; reported ``level`` times since, next at ``due_at``."""

    first_month: str
    last_month: str
    due_on: date
    due_at: datetime | None
    level: int = 0


def period_owed(context: Context, rules: R13Rules, month: str) -> PeriodOwed:
    """The period from a month on to the end of the half-year, or whatever the rules publish by, that it lies in."""
    year, number, months = int(month[:4]), int(month[5:]), rules.statement_months
    last = f"{year}-{(number - 1) // months * months + months:02}"
    due_on = context.calendar.add_days(last_day(last), rules.statement_days)
    return PeriodOwed(first_month=month, last_month=last, due_on=due_on, due_at=context.calendar.end_of_day(due_on))


def block_of(month: str, months: int) -> str:
    """The first month of the period that a month lies in."""
    return f"{month[:4]}-{(int(month[5:]) - 1) // months * months + 1:02}"


def told_again_at(context: Context, rules: R13Rules, level: int) -> datetime | None:
    """When it is told once more that a period is not published; not after the last time of the rules."""
    if level >= rules.statement_levels:
        return None
    return context.calendar.end_of_day(context.calendar.add_days(context.today, rules.statement_days))
