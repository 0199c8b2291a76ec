"""The assessed month, ``YYYY-MM``: its first and last day, its successor."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated

import msgspec

Month = Annotated[str, msgspec.Meta(min_length=7, max_length=7, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""A calendar month of this century, e.g. ``2026-03``. The length bound also shuts out a trailing newline."""


def first_day(month: str) -> date:
    """The first day of a month; raises `ValueError` for anything that is not one."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of a month."""
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


def next_month(month: str) -> str:
    """The month that follows."""
    return month_of(last_day(month) + timedelta(days=1))


def month_of(day: date) -> str:
    """The month a day belongs to."""
    return f"{day.year:04d}-{day.month:02d}"
