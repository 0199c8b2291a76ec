"""The scorecard of one month (月度考核评分): a pure function of what was recorded and the rules (R14.2).

Arithmetic is exact (fractions); only the score itself is rounded, half up. Every step is kept in words and
numbers, so that a reader can compute the month again by hand.
"""

from decimal import Decimal

from domain.rules.r14 import R14Rules
from domain.scorecard.arithmetic import exact, round_half_up
from domain.scorecard.card import (
    GROUPS,
    BallotMark,
    Band,
    Ground,
    Group,
    Incident,
    IncidentKind,
    Mark,
    Scorecard,
    ScoreInputs,
    Step,
    Veto,
)
from domain.scorecard.parts import centre_part, complaints_part, satisfaction_part, trimmed, weighted_score
from domain.scorecard.verdict import band_of, dissatisfaction, vetoes_of

__all__ = [
    "GROUPS",
    "BallotMark",
    "Band",
    "Ground",
    "Group",
    "Incident",
    "IncidentKind",
    "Mark",
    "ScoreInputs",
    "Scorecard",
    "Step",
    "Veto",
    "score",
    "trimmed",
]

SHOWN = Decimal("0.01")
"""To what the parts are rounded where they are shown; the steps hold them exactly."""


def score(inputs: ScoreInputs, rules: R14Rules, rule_version: int) -> Scorecard:
    """Compute a month's scorecard; `LookupError` for an item that the rules do not know."""
    steps: list[Step] = []
    centre = centre_part(inputs.findings, rules, steps)
    deducted = complaints_part(inputs.complaints, rules, steps)
    dropped, satisfaction = satisfaction_part(inputs.ballots, rules, steps)
    weighted = weighted_score(centre, satisfaction, deducted, rules, steps)
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
    dissatisfied = dissatisfaction(inputs.ballots, rules, steps)
    vetoes = vetoes_of(inputs.incidents, dissatisfied, rules, steps)
    band = band_of(final, vetoes, rules, steps)
    return Scorecard(
        score=final,
        band=band,
        rule_version=rule_version,
        centre=round_half_up(centre, SHOWN),
        satisfaction=None if satisfaction is None else round_half_up(satisfaction, SHOWN),
        complaints_deducted=round_half_up(deducted, SHOWN),
        dissatisfaction_percent=None if dissatisfied is None else round_half_up(dissatisfied, SHOWN),
        vetoes=vetoes,
        dropped_ballots=tuple(ballot.id for ballot in dropped),
        steps=tuple(steps),
    )
