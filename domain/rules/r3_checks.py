"""Which R3 values make no sense, alone or together."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time

from domain.rules.fields import Problem, range_problems
from domain.rules.r3_parts import ChargedCategory, FreeCategory, OrderLevel, PriorityClass, TariffLine
from domain.rules.r3_tariff import R3Tariff

Coded = FreeCategory | ChargedCategory | PriorityClass | TariffLine


def problems(
    rules: R3Tariff,
    lists: Mapping[str, Sequence[Coded]],
    levels: Sequence[OrderLevel],
    *,
    opens_at: time,
    closes_at: time,
) -> tuple[Problem, ...]:
    """All problems of single values; relations are looked at only once every single number is sound."""
    single = range_problems(rules)
    return single or (*_hours(opens_at, closes_at), *_codes(lists), *_receptions(lists["free"]), *_levels(levels))


def _hours(opens_at: time, closes_at: time) -> Iterator[Problem]:
    for name, value in (("opens_at", opens_at), ("closes_at", closes_at)):
        if value.tzinfo is not None:
            yield Problem(name, "不得带时区", "must not carry a time zone")
            return
    if closes_at <= opens_at:
        yield Problem("closes_at", "不晚于上班时间", "does not come after work begins")


def _codes(lists: Mapping[str, Sequence[Coded]]) -> Iterator[Problem]:
    """A code names one thing; a use is free or charged, never both."""
    for name, listed in lists.items():
        codes = [each.code for each in listed]
        if name == "charged":
            codes = [each.code for each in lists["free"]] + codes
        known = len(codes) - len(listed)
        for place, code in enumerate(codes[known:]):
            if code in codes[: known + place]:
                yield Problem(f"{name}[{place}].code", "代码重复", "stands twice")


def _receptions(free: Sequence[Coded]) -> Iterator[Problem]:
    if not any(isinstance(each, FreeCategory) and each.reception for each in free):
        yield Problem("free", "没有公务接待一类", "hold no official reception")


def _levels(levels: Sequence[OrderLevel]) -> Iterator[Problem]:
    roles = [level.role for level in levels]
    if len(set(roles)) != len(roles):
        yield Problem("order_levels", "同一层级出现两次", "name one level twice")
