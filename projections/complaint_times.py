"""How long do complaints wait for a response and for their settlement, by department and month? R0.1.

Measured is each round: a complaint lodged, or taken up again. The response is the first work, answer or promise, the
resolution the settlement; pauses in which the clock stood are left out, and a report of which the day alone is kept is
timed from that day's end. A complaint that concerns several departments counts in each of them.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from projections.asking import Question
from projections.complaints import COMPLAINTS
from projections.kernel import Connection

PROJECTION = COMPLAINTS.name


class ComplaintTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds that began in a month and concerned a department, none where no department was named.

    Times in seconds: the median, and what nine in ten did not exceed; none where nothing was measured yet.
    ``satisfaction_percent`` is the average of the ratings, each of the best there was.
    """

    month: str
    department: str | None
    rounds: int
    open: int
    settled: int
    unfounded: int
    withdrawn: int
    late: int
    upheld: int
    responded: int
    response_median_s: int | None
    response_p90_s: int | None
    resolution_median_s: int | None
    resolution_p90_s: int | None
    rated: int
    satisfaction_percent: Decimal | None


class TimesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are asked for; ``after`` is the month and department of the row before the page."""

    department: str | None = None
    first: str | None = None
    last: str | None = None
    after: tuple[str, str] | None = None


def question(tenant: UUID, asked: TimesAsked) -> Question:
    """A row for each month and department, the latest month first."""
    found = (
        Question("complaint_times", tenant)
        .where("d.department = {}", asked.department)
        .where("r.month >= {}", asked.first)
        .where("r.month <= {}", asked.last)
    )
    if asked.after is not None:
        month, department = asked.after
        found.where("(r.month < {} or r.month = {} and d.department > {})", month, month, department)
    return found.then("group by r.month, d.department order by r.month desc, d.department")


async def complaint_times(connection: Connection, tenant: UUID, asked: TimesAsked, limit: int) -> list[ComplaintTimes]:
    """The rows asked for, the latest month first."""
    return [_times(row) for row in await question(tenant, asked).rows(connection, limit)]


def _times(row: Any) -> ComplaintTimes:
    shown = dict(row)
    shown["department"] = shown["department"] or None
    return ComplaintTimes(**shown)
