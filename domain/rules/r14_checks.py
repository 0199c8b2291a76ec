"""Which R14 values make no sense, alone or together."""

from collections.abc import Iterator
from decimal import Decimal

from domain.rules.fields import Problem, number_problem, range_problems
from domain.rules.r14_scoring import Content, R14Scoring

ONE = Decimal(1)


def scoring_problems(scoring: R14Scoring) -> tuple[Problem, ...]:
    """All problems of single values and of the scorecard's values together.

    Relations are looked at only once every single number is sound.
    """
    single = (*range_problems(scoring), *_points_out_of_range(scoring.contents))
    if single:
        return single
    return (
        *_bands(scoring),
        *_weights(scoring),
        *_survey(scoring),
        *_catalogue(scoring),
    )


def _points_out_of_range(contents: tuple[Content, ...]) -> Iterator[Problem]:
    for place, content in enumerate(contents):
        for row, item in enumerate(content.items):
            for name, value in (("points", item.points), ("deduction", item.deduction)):
                path = f"contents[{place}].items[{row}].{name}"
                problem = number_problem(path, value, Decimal(0), Decimal(1000))
                if problem:
                    yield problem
                elif value == 0:
                    yield Problem(path, "必须大于零", "must be above zero")


def _bands(rules: R14Scoring) -> Iterator[Problem]:
    if rules.fail_line > rules.qualified_at:
        yield Problem("qualified_at", "合格起点低于不合格线", "lies below the fail line")
    if rules.fail_line == rules.qualified_at and rules.fail_at == "fails":
        yield Problem("qualified_at", "同一得分既合格又不合格", "one score would both qualify and fail")
    if rules.excellent_at < rules.qualified_at:
        yield Problem("excellent_at", "优秀起点低于合格起点", "lies below the qualified line")
    for name, line in (("excellent_at", rules.excellent_at), ("dissatisfied_below", rules.dissatisfied_below)):
        if line > rules.full_score:
            yield Problem(name, "高于满分", "lies above the full score")
    if rules.rounding_step == 0:
        yield Problem("rounding_step", "必须大于零", "must be above zero")
    elif rules.full_score % rules.rounding_step != 0:
        yield Problem("rounding_step", "满分不是其整数倍", "does not divide the full score")


def _weights(rules: R14Scoring) -> Iterator[Problem]:
    total = rules.centre_weight + rules.satisfaction_weight
    if total != ONE:
        yield Problem("centre_weight", f"权重之和为{total}，应为1", f"the weights sum to {total}, not 1")
    if rules.centre_weight == 0:
        yield Problem("centre_weight", "中心考核权重不得为零", "the centre's part must weigh something")


def _survey(rules: R14Scoring) -> Iterator[Problem]:
    if rules.trim_min_ballots <= rules.trim_highest + rules.trim_lowest:
        yield Problem("trim_min_ballots", "去分后将没有选票剩下", "no ballot would be left after dropping")
    if not rules.summary_recipients:
        yield Problem("summary_recipients", "至少一个角色", "needs at least one role")


def _catalogue(rules: R14Scoring) -> Iterator[Problem]:
    if not rules.contents:
        yield Problem("contents", "至少一项考核内容", "needs at least one content")
        return
    contents: set[str] = set()
    items: set[str] = set()
    for place, content in enumerate(rules.contents):
        path = f"contents[{place}]"
        if content.code in contents:
            yield Problem(f"{path}.code", f"内容编码重复：{content.code}", f"content code {content.code} appears twice")
        contents.add(content.code)
        if not content.items:
            yield Problem(f"{path}.items", "至少一项细目", "needs at least one item")
        for row, item in enumerate(content.items):
            if item.code in items:
                yield Problem(
                    f"{path}.items[{row}].code",
                    f"细目编码重复：{item.code}",
                    f"item code {item.code} appears twice",
                )
            items.add(item.code)
            if item.deduction > item.points:
                yield Problem(
                    f"{path}.items[{row}].deduction", "单次扣分高于细目分值", "takes more than the item's points"
                )
    total = sum((item.points for content in rules.contents for item in content.items), Decimal(0))
    if total != rules.full_score:
        yield Problem(
            "contents",
            f"分值合计{total}，应等于满分{rules.full_score}",
            f"the points sum to {total}, not to the full score {rules.full_score}",
        )
