"""The R14 values that make a month's scorecard: contents, weights, bands, vetoes, survey, representatives."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from domain.rules.fields import rule
from domain.rules.role_names import RoleName

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_.-]*$(?!\n)")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing inspected (考核细目): its points, and what one finding takes off them."""

    code: Code
    zh: Name
    en: Name
    points: Decimal
    deduction: Decimal


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One content of the assessment (考核内容) with its items.

    ``awaits_result``: a department must declare its result complete before the month closes (R14.3).
    """

    code: Code
    zh: Name
    en: Name
    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=100)]
    awaits_result: bool = True


class R14Scoring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a month's scorecard is computed by. Percentages are whole percents (``1`` is 1 %), weights parts of one."""

    full_score: Annotated[Decimal, rule("R14.2.1", "满分", "Full score", unit="score", lowest=1, highest=1000)] = (
        Decimal(100)
    )
    excellent_at: Annotated[
        Decimal, rule("R14.5.2", "优秀起点（含）", "Excellent from, inclusive", unit="score", lowest=0, highest=1000)
    ] = Decimal(90)
    qualified_at: Annotated[
        Decimal, rule("R14.2.1", "合格起点（含）", "Qualified from, inclusive", unit="score", lowest=0, highest=1000)
    ] = Decimal(80)
    fail_line: Annotated[
        Decimal, rule("R14.2.1", "不合格线", "Line below which a month fails", unit="score", lowest=0, highest=1000)
    ] = Decimal(70)
    marginal: Annotated[
        Literal["marginal", "failing", "passing"],
        rule(
            "R14.2.1",
            "不合格线与合格线之间的月份",
            "A month between the fail line and the qualified line",
            reading="R14.2.1.band",
            options={
                "marginal": ("临界：不罚不奖，但未达标", "marginal: no penalty, no reward, yet below standard"),
                "failing": ("不合格", "failing"),
                "passing": ("合格", "passing"),
            },
        ),
    ] = "marginal"
    fail_at: Annotated[
        Literal["fails", "passes"],
        rule(
            "R14.2.1",
            "恰在不合格线上的得分",
            "A score exactly on the fail line",
            reading="R14.2.1.fail_at",
            options={
                "fails": ("不合格（“以下”含本数）", "fails (the line is included)"),
                "passes": ("归入上一档", "belongs to the band above"),
            },
        ),
    ] = "fails"
    rounding_step: Annotated[
        Decimal, rule("R14.2.1", "得分四舍五入到", "Scores are rounded half up to", unit="step", lowest=0, highest=1)
    ] = Decimal("0.01")

    centre_weight: Annotated[
        Decimal,
        rule("R14.2.3", "后勤服务中心考核权重", "Weight of the centre's part", unit="weight", lowest=0, highest=1),
    ] = Decimal("0.60")
    satisfaction_weight: Annotated[
        Decimal,
        rule("R14.2.3", "满意率测评权重", "Weight of the satisfaction part", unit="weight", lowest=0, highest=1),
    ] = Decimal("0.40")
    trim_highest: Annotated[
        int, rule("R14.2.3", "去掉的最高分数", "Highest ballots dropped", unit="ballots", lowest=0, highest=100)
    ] = 1
    trim_lowest: Annotated[
        int, rule("R14.2.3", "去掉的最低分数", "Lowest ballots dropped", unit="ballots", lowest=0, highest=100)
    ] = 1
    trim_min_ballots: Annotated[
        int,
        rule(
            "R14.2.3",
            "少于此票数时不去分",
            "Nothing is dropped with fewer ballots than",
            unit="ballots",
            lowest=1,
            highest=1000,
            own=True,
        ),
    ] = 3
    trim: Annotated[
        Literal["all", "per_group"],
        rule(
            "R14.2.3",
            "去掉最高最低分的范围",
            "Where the highest and lowest ballots are dropped",
            reading="R14.2.3.trim",
            options={
                "all": ("全部选票一并去分", "once over all ballots"),
                "per_group": ("教职工与学生分别去分", "in each group, staff and students"),
            },
        ),
    ] = "all"
    no_ballots: Annotated[
        Literal["centre_alone", "refuse"],
        rule(
            "R14.2.3",
            "当月没有有效选票时",
            "A month without a valid ballot",
            reading="R14.2.3.no_ballots",
            options={
                "centre_alone": ("中心考核占全部权重", "the centre's part carries the whole weight"),
                "refuse": ("当月不得结算", "the month can not be closed"),
            },
            own=True,
        ),
    ] = "centre_alone"
    complaint_multiplier: Annotated[
        Decimal,
        rule("R14.2.3", "投诉扣分倍数", "Complaints deduct this many times", unit="times", lowest=0, highest=100),
    ] = Decimal(2)
    double: Annotated[
        Literal["final", "centre_part"],
        rule(
            "R14.2.3",
            "投诉加倍扣分从何处扣",
            "Where the double deduction of complaints applies",
            reading="R14.2.3.double",
            options={
                "final": ("从加权后的总分中扣", "taken from the weighted score"),
                "centre_part": ("加权前从中心考核分中扣", "taken from the centre's part before weighting"),
            },
        ),
    ] = "final"

    dissatisfied_below: Annotated[
        Decimal,
        rule(
            "R14.2.4",
            "低于此分的选票为不满意",
            "A ballot below this score is dissatisfied",
            unit="score",
            lowest=0,
            highest=1000,
            own=True,
        ),
    ] = Decimal(60)
    dissatisfaction_limit_percent: Annotated[
        Decimal,
        rule(
            "R14.2.4",
            "不满意率上限（超过即否决）",
            "Dissatisfaction above this vetoes",
            unit="percent",
            lowest=0,
            highest=100,
        ),
    ] = Decimal(40)
    veto_loss_fen: Annotated[
        int,
        rule(
            "R14.2.4",
            "事故损失达到此额即否决",
            "An accident's loss from which it vetoes",
            unit="fen",
            lowest=1,
            highest=10**12,
        ),
    ] = 1_000_000
    veto_casualties: Annotated[
        int,
        rule(
            "R14.2.4",
            "事故伤亡达到此数即否决",
            "Casualties from which an accident vetoes",
            unit="persons",
            lowest=1,
            highest=1000,
        ),
    ] = 1
    minor_correction_days: Annotated[
        int,
        rule(
            "R14.2.4",
            "轻微问题整改期限",
            "Time to correct a minor breach",
            unit="days",
            lowest=1,
            highest=365,
            own=True,
        ),
    ] = 7

    survey_closes_days_before_month_end: Annotated[
        int,
        rule(
            "R14.3",
            "满意度调查在月末前几天截止",
            "The survey closes before the month's last day by",
            unit="days",
            lowest=0,
            highest=27,
        ),
    ] = 0
    ballot_link_days: Annotated[
        int,
        rule("R14.3", "投票链接最长有效期", "A ballot link lives at most", unit="days", lowest=1, highest=31, own=True),
    ] = 31
    summary_recipients: Annotated[
        tuple[RoleName, ...],
        rule("R14.3", "月度汇总报送的角色", "Roles that receive the month's summary"),
    ] = ("leader", "assessor")
    staff_representatives: Annotated[
        int,
        rule("R14.4", "教职工代表人数", "Staff representatives drawn", unit="persons", lowest=0, highest=500),
    ] = 10
    student_representatives: Annotated[
        int,
        rule("R14.4", "学生代表人数", "Student representatives drawn", unit="persons", lowest=0, highest=500),
    ] = 20

    contents: Annotated[
        tuple[Content, ...],
        msgspec.Meta(max_length=50),
        rule("R14.1", "考核内容与细目", "Contents and items of the assessment"),
    ]

    def item(self, code: str) -> tuple[Content, Item] | None:
        """The item of a code and the content it belongs to, or none."""
        for content in self.contents:
            for item in content.items:
                if item.code == code:
                    return content, item
        return None
