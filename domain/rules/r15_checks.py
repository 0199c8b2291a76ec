"""Which R15 values make no sense together."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from domain.duty_terms import LapseLevel
from domain.rules.fields import Problem, number_problem
from domain.rules.r15_parts import AwardLevel, Grade, Item, YearGrade

HUNDRED = Decimal(100)


def problems(
    *,
    coded: Mapping[str, Sequence[Item | Grade | YearGrade | AwardLevel]],
    grades: tuple[Grade, ...],
    year_grades: tuple[YearGrade, ...],
    ladders: Mapping[str, tuple[LapseLevel, ...]],
    points: Decimal,
) -> Iterator[Problem]:
    """All of them, each at its field."""
    for name, entries in coded.items():
        codes = [entry.code for entry in entries]
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield Problem(f"{name}[{place}].code", "代码重复", "stands twice")
    yield from _fine(grades, year_grades)
    if not any(grade.problem for grade in grades) or all(grade.problem for grade in grades):
        yield Problem("sheet_grades", "须分别有合格与不合格等级", "must tell problems from what conforms")
    floors = [grade.from_points for grade in year_grades]
    if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
        yield Problem("year_grades", "等级须由高到低并以0分为底", "must go down, the last one to nothing")
    for name, ladder in ladders.items():
        steps = [level.missed_in_a_row for level in ladder]
        if steps != sorted(set(steps)):
            yield Problem(name, "层级须由低到高", "must go up")
    if points != HUNDRED:
        yield Problem("goal_points", "各部分满分须合计100", "must add up to a hundred with the other parts")


def _fine(grades: tuple[Grade, ...], year_grades: tuple[YearGrade, ...]) -> Iterator[Problem]:
    """Numbers within the lists that are too fine."""
    numbers = [(f"sheet_grades[{place}].percent", grade.percent) for place, grade in enumerate(grades)]
    numbers += [(f"year_grades[{place}].from_points", grade.from_points) for place, grade in enumerate(year_grades)]
    for field, number in numbers:
        problem = number_problem(field, number, Decimal(0), HUNDRED)
        if problem is not None:
            yield problem
