"""The rule values of R14, the monthly quality assessment of a property company (物业管理服务质量考核).

Every number and every reading of an ambiguous clause that a decision under R14 consults is a field here.
The shipped values stand in ``packs/r14.toml``; a tenant publishes its own versions through its rule book.
"""

from decimal import Decimal
from typing import Annotated, Literal

from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, rule
from domain.rules.r14_checks import scoring_problems
from domain.rules.r14_scoring import Content, Item, R14Scoring
from domain.rules.regulation import Regulation
from domain.rules.versions import RuleVersions

__all__ = [
    "R14",
    "REGULATION",
    "Content",
    "Item",
    "R14Rules",
    "default_values",
    "fields",
    "in_force",
    "validate",
    "version",
]

REGULATION = "R14"


class R14Rules(R14Scoring, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R14: those of the scorecard, and those of what follows from it (R14.5)."""

    penalty_percent: Annotated[
        Decimal,
        rule(
            "R14.5.1",
            "不合格月违约金占履约保证金",
            "Penalty of a failed month, share of the deposit",
            unit="percent",
            lowest=0,
            highest=100,
        ),
    ] = Decimal(1)
    penalty_base: Annotated[
        Literal["original", "current"],
        rule(
            "R14.5.1",
            "违约金与奖励的计算基数",
            "What penalty and reward are a share of",
            reading="R14.5.1.base",
            options={
                "original": ("约定的履约保证金原额", "the deposit as agreed"),
                "current": ("当前保证金余额", "the deposit's current balance"),
            },
        ),
    ] = "original"
    streak_counts: Annotated[
        Literal["failing", "below_standard"],
        rule(
            "R14.5.1",
            "连续计数所计的月份",
            "Months that count towards a streak",
            reading="R14.5.1.streak",
            options={
                "failing": ("不合格的月份", "failing months"),
                "below_standard": ("未达合格线的月份", "months below the qualified line"),
            },
        ),
    ] = "failing"
    streak_reset: Annotated[
        Literal["passing_month", "passing_month_or_correction"],
        rule(
            "R14.5.1",
            "连续计数如何清零",
            "What ends a streak",
            reading="R14.5.1.reset",
            options={
                "passing_month": ("达标月份", "a passing month"),
                "passing_month_or_correction": ("达标月份或整改完成", "a passing month or a completed correction"),
            },
        ),
    ] = "passing_month"
    streak_gap: Annotated[
        Literal["skips", "breaks"],
        rule(
            "R14.5.1",
            "未考核月份对连续计数的影响",
            "A month never assessed, within a streak",
            reading="R14.5.1.gap",
            options={
                "skips": ("跳过，不中断", "is skipped over"),
                "breaks": ("中断连续计数", "ends the streak"),
            },
            own=True,
        ),
    ] = "skips"
    correction_after: Annotated[
        int,
        rule(
            "R14.5.1",
            "连续几个月后责令整改",
            "Months in a row after which correction is ordered",
            unit="months",
            lowest=1,
            highest=60,
        ),
    ] = 2
    correction_days: Annotated[
        int,
        rule("R14.5.1", "责令整改期限", "Time for an ordered correction", unit="days", lowest=1, highest=365, own=True),
    ] = 15
    termination_after: Annotated[
        int,
        rule(
            "R14.5.1",
            "连续几个月后有权终止合同",
            "Months in a row after which the contract may be ended",
            unit="months",
            lowest=1,
            highest=60,
        ),
    ] = 5
    top_up: Annotated[
        Literal["within_days", "none"],
        rule(
            "R14.5.1",
            "扣罚后保证金是否补足",
            "Whether the deposit is topped up after a penalty",
            reading="R14.5.1.top_up",
            options={
                "within_days": ("限期补足", "yes, within the time set"),
                "none": ("不补足", "no"),
            },
        ),
    ] = "within_days"
    top_up_days: Annotated[
        int,
        rule("R14.5.1", "保证金补足期限", "Time to top up the deposit", unit="days", lowest=1, highest=365, own=True),
    ] = 15
    reward_percent: Annotated[
        Decimal,
        rule(
            "R14.5.2",
            "优秀月奖励占履约保证金",
            "Reward of an excellent month, share of the deposit",
            unit="percent",
            lowest=0,
            highest=100,
        ),
    ] = Decimal(1)
    reward_kind: Annotated[
        Literal["paid_out", "credited"],
        rule(
            "R14.5.2",
            "奖励的发放方式",
            "How a reward is given",
            reading="R14.5.2.kind",
            options={
                "paid_out": ("另行支付", "paid out"),
                "credited": ("计入保证金", "credited to the deposit"),
            },
        ),
    ] = "paid_out"


_VERSIONS = RuleVersions(REGULATION, R14Rules, rules_of=Text(zh="考核办法", en="rules of assessment"), clause="R14.6")
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R14 is, for the API and the administrators."""
    return fields_of(R14Rules)


def validate(values: R14Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    found = scoring_problems(values)
    if values.termination_after < values.correction_after:
        found = (*found, Problem("termination_after", "早于责令整改", "comes before correction is ordered"))
    return found


R14 = Regulation(
    id=REGULATION,
    title=Text(zh="学院物业管理服务质量考核", en="College property service quality assessment"),
    values=R14Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R14.6",
)
