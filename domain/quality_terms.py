"""What quality monitoring is made of (R15.5.1): words of commands, a department's frame, the figures of a period."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Context, Refusal
from domain.periods import Month, last_day
from domain.rules.r15_parts import Grade, Item

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Remark = Annotated[str, msgspec.Meta(max_length=2000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
People = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=20)]
Year = Annotated[str, msgspec.Meta(min_length=4, max_length=4, pattern=r"^20[0-9]{2}$")]
Period = Annotated[
    str, msgspec.Meta(min_length=4, max_length=7, pattern=r"^20[0-9]{2}(-(0[1-9]|1[0-2])|-Q[1-4])?$(?!\n)")
]
"""A month (``2026-03``), a quarter (``2026-Q1``) or a year (``2026``)."""
Every = Literal["month", "quarter", "year"]
Direction = Literal["at_least", "at_most"]
LIMIT = Decimal(10) ** 9
DECIMALS = -4


class SheetFrame(msgspec.Struct, frozen=True, kw_only=True):
    """Within what a department keeps its sheets of a month: by whom, of what, how graded, and for which duties."""

    department_id: UUID
    department: str
    month: Month
    head: UUID
    keepers: tuple[UUID, ...]
    projects: tuple[UUID, ...]
    items: tuple[Item, ...]
    grades: tuple[Grade, ...]
    sheet_duty: UUID
    submission_duty: UUID
    submit_by: date
    readings: dict[str, str]
    rule_version: int


class GoalFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A goal's last measurement of a period, against the target that it was measured against."""

    code: str
    indicator: str
    unit: str
    period: str
    direction: Direction
    target: Decimal
    value: Decimal
    achieved: bool
    weight: Decimal


class DepartmentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a period's facts say of a department. ``percent`` is the mean of its sheets, none without any.

    Of a month: its sheets; of a year: those of the approved monthly reports, ``reports`` many.
    ``missed`` counts every lapse of its own duties and of those at its projects that was not overturned.
    """

    department_id: UUID
    department: str
    filed: Count
    late: Count
    percent: Decimal | None
    problems: Count
    raised: Count
    submitted_on: date | None
    submitted_late: bool
    met: Count
    missed: Count
    excused: Count
    issues_found: Count
    issues_open: Count
    goals: tuple[GoalFigure, ...] = ()
    reports: Count = 0


def months_of(period: str) -> tuple[str, ...]:
    """The months of a period, in order."""
    year = period[:4]
    if len(period) == 4:  # noqa: PLR2004 - a year alone
        return tuple(f"{year}-{month:02}" for month in range(1, 13))
    if period[5] == "Q":
        first = int(period[6]) * 3 - 2
        return tuple(f"{year}-{month:02}" for month in range(first, first + 3))
    return (period,)


def every_of(period: str) -> Every:
    """Whether a period is a month, a quarter or a year."""
    return {1: "month", 3: "quarter", 12: "year"}[len(months_of(period))]  # type: ignore[return-value]


def is_over(period: str, context: Context) -> bool:
    """Whether a period's last day has passed."""
    return context.today > last_day(months_of(period)[-1])


def is_number(value: Decimal) -> bool:
    """Whether a measured value can be kept: finite, of a size and a fineness that stay exact."""
    exponent = value.as_tuple().exponent
    return value.is_finite() and abs(value) <= LIMIT and isinstance(exponent, int) and exponent >= DECIMALS


def are_sound(figures: tuple[DepartmentFigures, ...]) -> bool:
    """Whether figures can be counted with: percentages are such, and goals have weights and values that stay exact."""
    return all(
        (one.percent is None or _is_share(one.percent))
        and all(_is_share(goal.weight) and is_number(goal.value) and is_number(goal.target) for goal in one.goals)
        for one in figures
    )


def _is_share(value: Decimal) -> bool:
    return is_number(value) and 0 <= value <= 100  # noqa: PLR2004 - per cent


def person_of(context: Context, clause: str) -> UUID:
    """Who acts; refused where nobody known does."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由本人办理", en="A person must do this.", clause=clause, kind="forbidden"
        )
    return context.actor.id


def senseless(code: str, zh: str, en: str, field: str, clause: str) -> Refusal:
    """A value of the command that makes no sense."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field)


def forbidden(code: str, zh: str, en: str, clause: str) -> Refusal:
    """Something that others may do."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="forbidden")


def wrong_status(status: str, clause: str, *needed: str) -> Refusal:
    """Something that cannot be done as the matter stands."""
    return Refusal(
        "wrong_status",
        zh="当前状态不能这样办理",
        en="This can not be done as it stands.",
        clause=clause,
        details={"status": status, "needed": sorted(needed)},
    )
