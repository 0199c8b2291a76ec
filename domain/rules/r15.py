"""The rule values of R15, quality monitoring and purchased goods (过程和服务的监视和测量).

When sheets and reports are due, how a sheet grades, how a year is scored, which awards there are. The shipped values
stand in ``packs/r15.toml``.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from domain.duty_terms import LapseLevel
from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, range_problems, rule
from domain.rules.r15_checks import problems
from domain.rules.r15_goods import GoodsValues, goods_problems
from domain.rules.r15_parts import AwardLevel, Grade, Item, YearGrade
from domain.rules.regulation import Regulation
from domain.rules.role_names import RoleName
from domain.rules.versions import RuleVersions

REGULATION = "R15"
Items = Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=100)]


class R15Rules(GoodsValues, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R15: those of purchased goods, and these. Lists of quality monitoring stand in the pack alone."""

    sheet_items: Annotated[
        Items,
        rule("R15.5.1.3.1", "每日自查项目", "What a daily sheet checks", own=True),
    ]
    sheet_grades: Annotated[
        tuple[Grade, ...],
        msgspec.Meta(min_length=2, max_length=10),
        rule("R15.5.1.3.1", "自查结果等级", "How a daily sheet grades", own=True),
    ]
    lapse_ladder: Annotated[
        tuple[LapseLevel, ...],
        msgspec.Meta(max_length=10),
        rule("R15.5.1.3.1", "缺表的上报层级", "Who is told of missing sheets", own=True),
    ]
    report_ladder: Annotated[
        tuple[LapseLevel, ...],
        msgspec.Meta(max_length=10),
        rule("R15.5.1.3.2", "缺报告的上报层级", "Who is told of missing reports", own=True),
    ]
    year_grades: Annotated[
        tuple[YearGrade, ...],
        msgspec.Meta(min_length=1, max_length=10),
        rule("R15.5.1.3.3", "年终考评等级", "The grades of a year", own=True),
    ]
    award_levels: Annotated[
        tuple[AwardLevel, ...],
        msgspec.Meta(min_length=1, max_length=10),
        rule("R15.5.1.4", "评优级别", "The levels of awards"),
    ]
    award_items: Annotated[
        Items,
        rule("R15.5.1.4", "申报前自检项目", "What is checked before applying", own=True),
    ]
    start_of_month: Annotated[
        Literal["working_day", "whole_month"],
        rule(
            "R15.5.1.3.2",
            "月初的界定",
            "What the start of a month is",
            reading="R15.5.1.3.2.start_of_month",
            options={
                "working_day": ("以工作日计", "so many working days"),
                "whole_month": ("当月之内", "any day of the month"),
            },
        ),
    ] = "working_day"
    submission_working_day: Annotated[
        int,
        rule(
            "R15.5.1.3.2",
            "上月自查表上报期限",
            "Sheets are submitted by",
            unit="working_days",
            lowest=1,
            highest=20,
            own=True,
        ),
    ] = 3
    report_working_day: Annotated[
        int,
        rule("R15.5.1.3.2", "月度报告期限", "The monthly report is due by", unit="working_days", lowest=1, highest=20),
    ] = 5
    annual_working_day: Annotated[
        int,
        rule(
            "R15.5.1.3.3",
            "年度报告期限",
            "The annual report is due by",
            unit="working_days",
            lowest=1,
            highest=20,
            own=True,
        ),
    ] = 15
    answer_working_days: Annotated[
        int,
        rule(
            "R15.6",
            "信息联络答复期限",
            "A liaison is answered within",
            unit="working_days",
            lowest=1,
            highest=60,
            own=True,
        ),
    ] = 3
    rest_day: Annotated[
        Literal["skipped", "counts"],
        rule(
            "R15.5.1.3.1",
            "休息日是否自查",
            "Sheets on rest days",
            reading="R15.5.1.3.1.rest_day",
            options={"skipped": ("工作日自查", "on working days"), "counts": ("每天自查", "on every day")},
        ),
    ] = "skipped"
    coverage: Annotated[
        Literal["any", "weights"],
        rule(
            "R15.5.1.1",
            "公司目标何时算已分解",
            "When a company goal is decomposed",
            reading="R15.5.1.1.coverage",
            options={
                "any": ("至少一个部门目标承接", "at least one department takes it up"),
                "weights": ("承接目标的权重合计100", "the weights of those who do add up to 100"),
            },
            own=True,
        ),
    ] = "any"
    measure_escalation_days: Annotated[
        int,
        rule(
            "R15.5.1.3.2",
            "措施逾期后上报总经理",
            "An overdue measure reaches the general manager after",
            unit="days",
            lowest=1,
            highest=90,
            own=True,
        ),
    ] = 7
    measure_ladder: Annotated[
        tuple[RoleName, RoleName],
        rule("R15.5.1.3.2", "措施逾期的上报层级", "Who is told of a late measure, and of one later still", own=True),
    ] = ("quality_department", "general_manager")
    missing_part: Annotated[
        Literal["scaled", "zero"],
        rule(
            "R15.5.1.3.3",
            "考评某部分无数据时",
            "Where a part of the appraisal has nothing to go by",
            reading="R15.5.1.3.3.missing_part",
            options={
                "scaled": ("其余部分折算百分", "the rest counts for all"),
                "zero": ("该部分不得分", "it earns nothing"),
            },
            own=True,
        ),
    ] = "scaled"
    goal_points: Annotated[
        Decimal, rule("R15.5.1.3.3", "目标完成满分", "Points for goals", unit="score", lowest=0, highest=100, own=True)
    ] = Decimal(60)
    sheet_points: Annotated[
        Decimal,
        rule("R15.5.1.3.3", "日常自查满分", "Points for daily sheets", unit="score", lowest=0, highest=100, own=True),
    ] = Decimal(20)
    duty_points: Annotated[
        Decimal, rule("R15.5.1.3.3", "履职满分", "Points for duties", unit="score", lowest=0, highest=100, own=True)
    ] = Decimal(20)
    lapse_points: Annotated[
        Decimal,
        rule("R15.5.1.3.3", "每次缺失扣分", "Points off per lapse", unit="score", lowest=0, highest=100, own=True),
    ] = Decimal("0.5")


_VERSIONS = RuleVersions(REGULATION, R15Rules, rules_of=Text(zh="质量监测制度", en="rules of quality monitoring"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R15 is, for the API and the administrators."""
    return fields_of(R15Rules)


def validate(values: R15Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    return (
        *range_problems(values),
        *goods_problems(values),
        *problems(
            coded={
                "sheet_items": values.sheet_items,
                "sheet_grades": values.sheet_grades,
                "year_grades": values.year_grades,
                "award_levels": values.award_levels,
                "award_items": values.award_items,
            },
            grades=values.sheet_grades,
            year_grades=values.year_grades,
            ladders={"lapse_ladder": values.lapse_ladder, "report_ladder": values.report_ladder},
            points=values.goal_points + values.sheet_points + values.duty_points,
        ),
    )


R15 = Regulation(
    id=REGULATION,
    title=Text(zh="过程和服务的监测", en="Process and service monitoring"),
    values=R15Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
