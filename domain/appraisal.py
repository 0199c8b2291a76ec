"""A department's year in points (年终考评, R15.5.1.3.3): goals, sheets, lapses of duties.

Pure arithmetic on figures and rule values; exact decimals, rounded once to two decimals, half up.
"""

from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import msgspec

from domain.quality_terms import DepartmentFigures, GoalFigure
from domain.rules.r15 import R15Rules

CENT, HUNDRED, NOTHING = Decimal("0.01"), Decimal(100), Decimal(0)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the points; ``points`` is none where there was nothing to go by."""

    name: str
    full: Decimal
    points: Decimal | None


class Appraisal(msgspec.Struct, frozen=True, kw_only=True):
    """What a department's year comes to, out of a hundred, and how that is called."""

    department_id: UUID
    department: str
    parts: tuple[Part, ...]
    lapses: int
    points: Decimal
    grade: str
    grade_zh: str
    reading: str


def appraise(figures: DepartmentFigures, rules: R15Rules) -> Appraisal:
    """Score a department's year."""
    parts = (
        Part(name="goals", full=rules.goal_points, points=_goals(figures, rules)),
        Part(name="sheets", full=rules.sheet_points, points=_sheets(figures, rules)),
        Part(name="duties", full=rules.duty_points, points=_duties(figures, rules)),
    )
    points = total(parts, rules)
    grade = next(one for one in rules.year_grades if points >= one.from_points)
    return Appraisal(
        department_id=figures.department_id,
        department=figures.department,
        parts=tuple(
            msgspec.structs.replace(one, points=None if one.points is None else _rounded(one.points)) for one in parts
        ),
        lapses=figures.missed,
        points=points,
        grade=grade.code,
        grade_zh=grade.zh,
        reading=rules.missing_part,
    )


def total(parts: tuple[Part, ...], rules: R15Rules) -> Decimal:
    """The parts together; one without anything to go by earns nothing, or leaves the rest to count for all."""
    earned = sum((one.points for one in parts if one.points is not None), NOTHING)
    if rules.missing_part == "zero":
        return _rounded(earned)
    full = sum((one.full for one in parts if one.points is not None), NOTHING)
    return _rounded(earned * HUNDRED / full) if full else NOTHING


def _goals(figures: DepartmentFigures, rules: R15Rules) -> Decimal | None:
    """By weight, the share of each goal's measurements that were achieved; one counts once, however often measured."""
    of_goal: dict[str, list[GoalFigure]] = {}
    for figure in figures.goals:
        of_goal.setdefault(figure.code, []).append(figure)
    # a weight that was revised within the year counts as it stood last
    weights = {code: max(measured, key=_period).weight for code, measured in of_goal.items()}
    whole = sum(weights.values(), NOTHING)
    if not whole:
        return None
    got = sum((weights[code] * _share(measured) for code, measured in of_goal.items()), NOTHING)
    return rules.goal_points * got / whole


def _period(figure: GoalFigure) -> str:
    return figure.period


def _share(measured: list[GoalFigure]) -> Decimal:
    return Decimal(sum(one.achieved for one in measured)) / len(measured)


def _sheets(figures: DepartmentFigures, rules: R15Rules) -> Decimal | None:
    return None if figures.percent is None else rules.sheet_points * figures.percent / HUNDRED


def _duties(figures: DepartmentFigures, rules: R15Rules) -> Decimal | None:
    """Full points less those of each lapse, never below nothing; none where nothing was owed."""
    if not figures.met + figures.missed + figures.excused:
        return None
    return max(NOTHING, rules.duty_points - rules.lapse_points * figures.missed)


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)
