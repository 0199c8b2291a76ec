"""The three parts of the score (R14.2.2) and how they are weighed together (R14.2.3)."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from domain.rules.r14 import Item, R14Rules
from domain.scorecard.arithmetic import exact
from domain.scorecard.card import GROUPS, BallotMark, Mark, Step


def _item(rules: R14Rules, code: str) -> Item:
    found = rules.item(code)
    if found is None:
        raise LookupError(f"the rules have no item {code}")
    return found[1]


def _by_item(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    grouped: dict[str, list[Mark]] = {}
    for mark in marks:
        grouped.setdefault(mark.item_code, []).append(mark)
    return dict(sorted(grouped.items()))


def centre_part(findings: tuple[Mark, ...], rules: R14Rules, steps: list[Step]) -> Fraction:
    """The centre's part (R14.1, R14.2.2): the full score less each item's deductions, capped at its points."""
    lost = Fraction(0)
    taken: list[str] = []
    for code, marks in _by_item(findings).items():
        item = _item(rules, code)
        count = sum(mark.count for mark in marks)
        loss = min(Fraction(item.points), Fraction(item.deduction) * count)
        lost += loss
        taken.append(f"{code}={exact(loss)}")
        steps.append(
            Step(
                code="item",
                zh=f"{item.zh}：{count}次，每次扣{item.deduction}分，最多扣{item.points}分",
                en=f"{item.en}: {count} × {item.deduction}, at most {item.points}",
                clause="R14.1",
                inputs=tuple(f"{mark.id}={mark.count}" for mark in sorted(marks, key=lambda mark: mark.id)),
                result=exact(loss),
            )
        )
    centre = max(Fraction(0), Fraction(rules.full_score) - lost)
    steps.append(
        Step(
            code="centre",
            zh=f"后勤服务中心考核：满分{rules.full_score}减各细目扣分",
            en=f"The centre's part: full score {rules.full_score} less the items' deductions",
            clause="R14.2.2",
            inputs=tuple(taken),
            result=exact(centre),
        )
    )
    return centre


def complaints_part(complaints: tuple[Mark, ...], rules: R14Rules, steps: list[Step]) -> Fraction:
    """What upheld complaints take: a multiple of the item's deduction for each (R14.2.3)."""
    total = Fraction(0)
    multiplier = Fraction(rules.complaint_multiplier)
    for code, marks in _by_item(complaints).items():
        item = _item(rules, code)
        count = sum(mark.count for mark in marks)
        deducted = multiplier * Fraction(item.deduction) * count
        total += deducted
        steps.append(
            Step(
                code="complaint",
                zh=f"投诉“{item.zh}”：{count}次，每次扣{item.deduction}分的{rules.complaint_multiplier}倍",
                en=f"Complaints on {item.en}: {count} × {item.deduction} × {rules.complaint_multiplier}",
                clause="R14.2.3",
                inputs=tuple(f"{mark.id}={mark.count}" for mark in sorted(marks, key=lambda mark: mark.id)),
                result=exact(deducted),
            )
        )
    return total


def trimmed(ballots: tuple[BallotMark, ...], rules: R14Rules) -> tuple[tuple[BallotMark, ...], tuple[BallotMark, ...]]:
    """The ballots kept and those dropped (R14.2.3), each ordered by score, equal scores by id."""
    pools = [ballots]
    if rules.trim == "per_group":
        pools = [tuple(ballot for ballot in ballots if ballot.group == group) for group in GROUPS]
    kept: list[BallotMark] = []
    dropped: list[BallotMark] = []
    for pool in pools:
        ordered = sorted(pool, key=_rank)
        if len(ordered) < rules.trim_min_ballots:
            kept += ordered
            continue
        end = len(ordered) - rules.trim_highest
        kept += ordered[rules.trim_lowest : end]
        dropped += ordered[: rules.trim_lowest] + ordered[end:]
    return tuple(sorted(kept, key=_rank)), tuple(sorted(dropped, key=_rank))


def _rank(ballot: BallotMark) -> tuple[Decimal, str]:
    return ballot.score, ballot.id


def satisfaction_part(
    ballots: tuple[BallotMark, ...], rules: R14Rules, steps: list[Step]
) -> tuple[tuple[BallotMark, ...], Fraction | None]:
    """The ballots dropped and the mean of those kept; no mean where there is no ballot."""
    kept, dropped = trimmed(ballots, rules)
    if not kept:
        return dropped, None
    steps.append(
        Step(
            code="trimmed",
            zh=f"去掉最高{rules.trim_highest}票、最低{rules.trim_lowest}票（少于{rules.trim_min_ballots}票不去）",
            en=(
                f"{rules.trim_highest} highest and {rules.trim_lowest} lowest ballots dropped "
                f"(none with fewer than {rules.trim_min_ballots})"
            ),
            clause="R14.2.3",
            reading=f"R14.2.3.trim={rules.trim}",
            inputs=tuple(f"{ballot.id}={ballot.score}" for ballot in dropped),
            result=str(len(dropped)),
        )
    )
    mean = sum((Fraction(ballot.score) for ballot in kept), Fraction(0)) / len(kept)
    steps.append(
        Step(
            code="satisfaction",
            zh=f"满意率测评：其余{len(kept)}票的平均分",
            en=f"Satisfaction: mean of the {len(kept)} ballots kept",
            clause="R14.2.2",
            inputs=tuple(f"{ballot.id}={ballot.score}" for ballot in kept),
            result=exact(mean),
        )
    )
    return dropped, mean


def weighted_score(
    centre: Fraction, satisfaction: Fraction | None, deducted: Fraction, rules: R14Rules, steps: list[Step]
) -> Fraction:
    """The unrounded score: parts weighted, complaints deducted where the reading says, never below zero."""
    if rules.double == "centre_part":
        centre = _deduct(centre, deducted, rules, steps)
    if satisfaction is None:
        result = centre
        steps.append(
            Step(
                code="weighted",
                zh="没有有效选票：中心考核占全部权重",
                en="No valid ballot: the centre's part carries the whole weight",
                clause="R14.2.3",
                reading=f"R14.2.3.no_ballots={rules.no_ballots}",
                inputs=(f"centre={exact(centre)}",),
                result=exact(result),
            )
        )
    else:
        result = Fraction(rules.centre_weight) * centre + Fraction(rules.satisfaction_weight) * satisfaction
        steps.append(
            Step(
                code="weighted",
                zh=f"中心考核×{rules.centre_weight}＋满意率测评×{rules.satisfaction_weight}",
                en=f"Centre × {rules.centre_weight} + satisfaction × {rules.satisfaction_weight}",
                clause="R14.2.3",
                inputs=(f"centre={exact(centre)}", f"satisfaction={exact(satisfaction)}"),
                result=exact(result),
            )
        )
    return _deduct(result, deducted, rules, steps) if rules.double == "final" else result


def _deduct(before: Fraction, deducted: Fraction, rules: R14Rules, steps: list[Step]) -> Fraction:
    after = max(Fraction(0), before - deducted)
    steps.append(
        Step(
            code="complaints_deducted",
            zh="扣除投诉分，不低于零",
            en="Complaints deducted, never below zero",
            clause="R14.2.3",
            reading=f"R14.2.3.double={rules.double}",
            inputs=(f"before={exact(before)}", f"deducted={exact(deducted)}"),
            result=exact(after),
        )
    )
    return after
