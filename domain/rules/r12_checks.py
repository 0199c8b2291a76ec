"""Which R12 values make no sense together."""

from collections.abc import Iterator

from domain.cadence import Cadence, Shift, faults
from domain.duty_terms import LapseLevel
from domain.rules.fields import Problem
from domain.rules.r12_parts import LEVELS, InspectionLevel, Level, LiabilityRule, LogPart, LogReview


def problems(  # noqa: PLR0913 - the lists of the regulation
    *,
    levels: tuple[InspectionLevel, ...],
    reviews: tuple[LogReview, ...],
    liability: tuple[LiabilityRule, ...],
    log_parts: tuple[LogPart, ...],
    ladder: tuple[LapseLevel, ...],
    shifts: tuple[Shift, ...],
) -> Iterator[Problem]:
    """All of them, each at its field."""
    yield from _levels(levels)
    yield from _reviews(reviews)
    yield from _liability(liability)
    if len(set(log_parts)) != len(log_parts):
        yield Problem("log_parts", "内容重复", "name one part twice")
    steps = [level.missed_in_a_row for level in ladder]
    if steps != sorted(set(steps)):
        yield Problem("lapse_ladder", "层级须由低到高", "must go up")
    if faults(Cadence(kind="shift", shifts=shifts)):
        yield Problem("shifts", "班次重叠或次序不当", "overlap or are out of order")


def _levels(levels: tuple[InspectionLevel, ...]) -> Iterator[Problem]:
    named = [each.level for each in levels]
    for place, level in enumerate(named):
        if level in named[:place]:
            yield Problem(f"levels[{place}].level", "层级重复", "stands twice")


def _reviews(reviews: tuple[LogReview, ...]) -> Iterator[Problem]:
    seen = [(each.reviewer, each.of, each.what) for each in reviews]
    for place, review in enumerate(reviews):
        if not _above(review.reviewer, review.of):
            yield Problem(f"reviews[{place}].reviewer", "须高于被审阅层级", "must be above the level reviewed")
        if seen[place] in seen[:place]:
            yield Problem(f"reviews[{place}].of", "审阅重复", "stands twice")


def _liability(liability: tuple[LiabilityRule, ...]) -> Iterator[Problem]:
    for place, each in enumerate(liability):
        pairs = [(found_by, earlier) for found_by in each.found_by for earlier in each.after]
        if not pairs or not all(_above(found_by, earlier) for found_by, earlier in pairs):
            yield Problem(f"liability[{place}].after", "须为更低层级", "must be levels below the finder")
        if not each.liable:
            yield Problem(f"liability[{place}].liable", "缺责任人", "names nobody")


def _above(one: Level, other: Level) -> bool:
    return LEVELS.index(one) < LEVELS.index(other)
