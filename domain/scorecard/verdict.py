"""What a score amounts to: vetoes (R14.2.4) and the band (R14.2.1, R14.5.2)."""

from decimal import Decimal
from fractions import Fraction

from domain.rules.r14 import R14Rules
from domain.scorecard.arithmetic import exact
from domain.scorecard.card import BallotMark, Band, Incident, Step, Veto


def dissatisfaction(ballots: tuple[BallotMark, ...], rules: R14Rules, steps: list[Step]) -> Fraction | None:
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


def vetoes_of(
    incidents: tuple[Incident, ...], dissatisfied: Fraction | None, rules: R14Rules, steps: list[Step]
) -> tuple[Veto, ...]:
    """Every ground of veto that holds; dissatisfaction vetoes only strictly above the limit."""
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


def band_of(final: Decimal, vetoes: tuple[Veto, ...], rules: R14Rules, steps: list[Step]) -> Band:
    """The band of the month; a veto outweighs any score."""
    if final == rules.fail_line:
        steps.append(_on_the_line(final, rules))
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
    if final < rules.fail_line or (final == rules.fail_line and rules.fail_at == "fails"):
        return "failed", "R14.2.1", None
    bands: dict[str, Band] = {"marginal": "marginal", "failing": "failed", "passing": "qualified"}
    return bands[rules.marginal], "R14.2.1", f"R14.2.1.band={rules.marginal}"


def _on_the_line(final: Decimal, rules: R14Rules) -> Step:
    fails = rules.fail_at == "fails"
    return Step(
        code="on_fail_line",
        zh="得分恰为不合格线：不合格" if fails else "得分恰为不合格线：归入上一档",
        en="Exactly on the fail line: fails" if fails else "Exactly on the fail line: belongs to the band above",
        clause="R14.2.1",
        reading=f"R14.2.1.fail_at={rules.fail_at}",
        inputs=(f"score={final}", f"fail_line={rules.fail_line}"),
        result=rules.fail_at,
    )
