"""The scorecard of one month (月度考核评分): a pure function of what was recorded and the rules (R14.2).

Arithmetic is exact (fractions); only the score itself is rounded, half up. Every step is kept in words and
numbers, so that a reader can compute the month again by hand.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from domain.rules.r14 import Item, R14Rules

Group = Literal["staff", "students"]
Band = Literal["excellent", "qualified", "marginal", "failed"]
IncidentKind = Literal["accident", "higher_authority", "leader_document", "college_criticism"]
Ground = Literal["accident", "higher_authority", "leader_document", "college_criticism", "dissatisfaction"]

GROUPS: tuple[Group, ...] = ("staff", "students")
CENT = Decimal("0.01")


class Mark(msgspec.Struct, frozen=True):
    """Findings or complaints on one item: the id of the record, the item's code, how many."""

    id: str
    item_code: str
    count: int


class BallotMark(msgspec.Struct, frozen=True):
    """One valid ballot."""

    id: str
    group: Group
    score: Decimal


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may veto the month; loss and casualties matter to an accident alone."""

    id: str
    kind: IncidentKind
    loss_fen: int = 0
    casualties: int = 0


class ScoreInputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stood when the month was scored."""

    findings: tuple[Mark, ...] = ()
    complaints: tuple[Mark, ...] = ()
    ballots: tuple[BallotMark, ...] = ()
    incidents: tuple[Incident, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the computation: what was done, by which clause and reading, from what, with what result.

    ``inputs`` are ``id=amount`` pairs or named values; ``result`` is exact, as a decimal or as ``n/d``.
    """

    code: str
    zh: str
    en: str
    clause: str
    result: str
    inputs: tuple[str, ...] = ()
    reading: str | None = None


class Veto(msgspec.Struct, frozen=True, kw_only=True):
    """A ground on which the month fails whatever its score (一票否决)."""

    ground: Ground
    clause: str
    zh: str
    en: str
    incident_id: str | None = None


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """A month's result with its whole derivation.

    ``centre``, ``satisfaction`` and ``dissatisfaction_percent`` are shown rounded to 0.01; the steps hold them
    exactly. ``complaints_deducted`` is what complaints take, before the floor of zero.
    """

    score: Decimal
    band: Band
    rule_version: int
    centre: Decimal
    satisfaction: Decimal | None
    complaints_deducted: Decimal
    dissatisfaction_percent: Decimal | None
    vetoes: tuple[Veto, ...]
    dropped_ballots: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def vetoed(self) -> bool:
        """Whether any ground of veto holds."""
        return bool(self.vetoes)


def score(inputs: ScoreInputs, rules: R14Rules, rule_version: int) -> Scorecard:
    """Compute a month's scorecard; `LookupError` for an item that the rules do not know."""
    steps: list[Step] = []
    centre = _centre_part(inputs.findings, rules, steps)
    deducted = _complaints(inputs.complaints, rules, steps)
    dropped, satisfaction = _satisfaction_part(inputs.ballots, rules, steps)
    weighted = _weighted(centre, satisfaction, deducted, rules, steps)
    final = round_half_up(weighted, rules.rounding_step)
    steps.append(
        Step(
            code="rounded",
            zh=f"四舍五入到{rules.rounding_step}",
            en=f"Rounded half up to {rules.rounding_step}",
            clause="R14.2.1",
            inputs=(exact(weighted),),
            result=str(final),
        )
    )
    dissatisfied = _dissatisfaction(inputs.ballots, rules, steps)
    vetoes = _vetoes(inputs.incidents, dissatisfied, rules, steps)
    band = _band(final, vetoes, rules, steps)
    return Scorecard(
        score=final,
        band=band,
        rule_version=rule_version,
        centre=round_half_up(centre, CENT),
        satisfaction=None if satisfaction is None else round_half_up(satisfaction, CENT),
        complaints_deducted=round_half_up(deducted, CENT),
        dissatisfaction_percent=None if dissatisfied is None else round_half_up(dissatisfied, CENT),
        vetoes=vetoes,
        dropped_ballots=tuple(ballot.id for ballot in dropped),
        steps=tuple(steps),
    )


def round_half_up(value: Fraction, step: Decimal) -> Decimal:
    """A non-negative value rounded half up to a multiple of ``step``."""
    unit = Fraction(step)
    return Decimal(int(value / unit + Fraction(1, 2))) * step


def exact(value: Fraction) -> str:
    """A fraction as a decimal where it ends, else as ``n/d``."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    scaled = value.numerator * 10**places // value.denominator
    return f"{Decimal(scaled).scaleb(-places):f}"


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


def _centre_part(findings: tuple[Mark, ...], rules: R14Rules, steps: list[Step]) -> Fraction:
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


def _complaints(complaints: tuple[Mark, ...], rules: R14Rules, steps: list[Step]) -> Fraction:
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


def _satisfaction_part(
    ballots: tuple[BallotMark, ...], rules: R14Rules, steps: list[Step]
) -> tuple[tuple[BallotMark, ...], Fraction | None]:
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


def _weighted(
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


def _dissatisfaction(ballots: tuple[BallotMark, ...], rules: R14Rules, steps: list[Step]) -> Fraction | None:
    """The share of dissatisfied among all ballots, in percent; dropped ones count here."""
    if not ballots:
        return None
    unhappy = sum(1 for ballot in ballots if ballot.score < rules.dissatisfied_below)
    percent = Fraction(100 * unhappy, len(ballots))
    steps.append(
        Step(
            code="dissatisfaction",
            zh=f"不满意率：低于{rules.dissatisfied_below}分的选票占全部选票的百分比",
            en=f"Dissatisfaction: percent of all ballots below {rules.dissatisfied_below}",
            clause="R14.2.4",
            inputs=(f"dissatisfied={unhappy}", f"ballots={len(ballots)}"),
            result=exact(percent),
        )
    )
    return percent


def _vetoes(
    incidents: tuple[Incident, ...], dissatisfied: Fraction | None, rules: R14Rules, steps: list[Step]
) -> tuple[Veto, ...]:
    found: list[Veto] = []
    for incident in sorted(incidents, key=lambda incident: incident.id):
        veto = _incident_veto(incident, rules)
        found += [veto] if veto else []
        steps.append(
            Step(
                code="incident",
                zh=veto.zh if veto else "未达到一票否决的程度",
                en=veto.en if veto else "Does not reach the limit of a veto",
                clause="R14.2.4",
                inputs=(
                    f"{incident.id}={incident.kind}",
                    f"loss_fen={incident.loss_fen}",
                    f"casualties={incident.casualties}",
                ),
                result="veto" if veto else "none",
            )
        )
    if dissatisfied is not None and dissatisfied > Fraction(rules.dissatisfaction_limit_percent):
        limit = rules.dissatisfaction_limit_percent
        veto = Veto(
            ground="dissatisfaction",
            clause="R14.2.4",
            zh=f"不满意率超过{limit}%",
            en=f"Dissatisfaction above {limit} %",
        )
        found.append(veto)
        steps.append(
            Step(
                code="dissatisfaction_veto",
                zh=veto.zh,
                en=veto.en,
                clause=veto.clause,
                inputs=(f"percent={exact(dissatisfied)}", f"limit={limit}"),
                result="veto",
            )
        )
    return tuple(found)


def _incident_veto(incident: Incident, rules: R14Rules) -> Veto | None:
    if incident.kind == "accident":
        if incident.loss_fen < rules.veto_loss_fen and incident.casualties < rules.veto_casualties:
            return None
        zh, en = "重大安全事故", "A major safety accident"
    elif incident.kind == "higher_authority":
        zh, en = "受到上级部门批评", "Criticism by a higher authority"
    elif incident.kind == "leader_document":
        zh, en = "院级领导书面批评", "Criticism by a college leader in a written document"
    else:
        zh, en = "未按要求工作受到学院批评", "Criticism by the college for not working as required"
    return Veto(ground=incident.kind, clause="R14.2.4", zh=zh, en=en, incident_id=incident.id)


def _band(final: Decimal, vetoes: tuple[Veto, ...], rules: R14Rules, steps: list[Step]) -> Band:
    band, clause, reading = _band_of_score(final, rules)
    if vetoes:
        band, clause, reading = "failed", "R14.2.4", None
    steps.append(
        Step(
            code="band",
            zh="一票否决，当月不合格" if vetoes else "按得分定档",
            en="Vetoed: the month fails whatever its score" if vetoes else "The band of the score",
            clause=clause,
            reading=reading,
            inputs=(
                f"score={final}",
                f"excellent_at={rules.excellent_at}",
                f"qualified_at={rules.qualified_at}",
                f"fail_line={rules.fail_line}",
            ),
            result=band,
        )
    )
    return band


def _band_of_score(final: Decimal, rules: R14Rules) -> tuple[Band, str, str | None]:
    """The band by the score alone, the clause it rests on, and the reading where one decided."""
    if final >= rules.excellent_at:
        return "excellent", "R14.5.2", None
    if final >= rules.qualified_at:
        return "qualified", "R14.2.1", None
    if final == rules.fail_line and rules.fail_at == "fails":
        return "failed", "R14.2.1", "R14.2.1.fail_at=fails"
    if final < rules.fail_line:
        return "failed", "R14.2.1", None
    bands: dict[str, Band] = {"marginal": "marginal", "failing": "failed", "passing": "qualified"}
    return bands[rules.marginal], "R14.2.1", f"R14.2.1.band={rules.marginal}"
