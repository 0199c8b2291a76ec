"""Which R11 values make no sense, alone or together."""

from collections.abc import Iterator

from domain.rules.fields import Problem, range_problems
from domain.rules.r11_documents import R11Documents


def problems(rules: R11Documents) -> tuple[Problem, ...]:
    """All problems of single values; relations are looked at only once every single number is sound."""
    single = range_problems(rules)
    return single or (*_hours(rules), *_fines(rules), *_weekdays(rules))


def _hours(rules: R11Documents) -> Iterator[Problem]:
    for name in ("business_opens_at", "business_closes_at"):
        if getattr(rules, name).tzinfo is not None:
            yield Problem(name, "不得带时区", "must not carry a time zone")
            return
    if rules.business_closes_at <= rules.business_opens_at:
        yield Problem("business_closes_at", "不晚于上班时间", "does not come after business opens")


def _fines(rules: R11Documents) -> Iterator[Problem]:
    if rules.late_work_highest_fen < rules.late_work_lowest_fen:
        yield Problem("late_work_highest_fen", "低于下限", "lies below the least fine")
    for name in rules.__struct_fields__:
        roles = getattr(rules, name)
        if name.endswith("_joint_roles") and len(set(roles)) != len(roles):
            yield Problem(name, "角色重复", "name one role twice")


def _weekdays(rules: R11Documents) -> Iterator[Problem]:
    days = rules.company_copy_weekdays
    if len(set(days)) != len(days):
        yield Problem("company_copy_weekdays", "日期重复", "name one day twice")
