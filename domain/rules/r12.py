"""The rule values of R12, tiered inspection of property services (物业常规服务层级检查).

Frequency and coverage of the five levels, reviews of logs, what a log holds, and who answers for an issue found again.
The shipped values stand in ``packs/r12.toml``.
"""

from typing import Annotated, Literal

import msgspec

from domain.cadence import Shift
from domain.duty_terms import LapseLevel
from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, range_problems, rule
from domain.rules.r12_checks import problems
from domain.rules.r12_parts import InspectionLevel, LiabilityRule, LogPart, LogReview
from domain.rules.regulation import Regulation
from domain.rules.versions import RuleVersions

REGULATION = "R12"


class R12Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R12. Lists stand in the pack alone."""

    levels: Annotated[
        tuple[InspectionLevel, ...],
        msgspec.Meta(min_length=1, max_length=6),
        rule("R12.5.1", "各层级的检查频次与覆盖", "Frequency and coverage of each level"),
    ]
    reviews: Annotated[
        tuple[LogReview, ...],
        msgspec.Meta(max_length=10),
        rule("R12.5.1", "日志审阅与表单会签", "Reviews of logs, and countersigning"),
    ]
    liability: Annotated[
        tuple[LiabilityRule, ...],
        msgspec.Meta(max_length=10),
        rule("R12.5.4", "重复问题的责任认定", "Who answers for an issue found again"),
    ]
    log_parts: Annotated[
        tuple[LogPart, ...],
        msgspec.Meta(min_length=1, max_length=6),
        rule("R12.6.1", "检查日志的必备内容", "What a log must hold"),
    ]
    lapse_ladder: Annotated[
        tuple[LapseLevel, ...],
        msgspec.Meta(max_length=10),
        rule("R12.5.1", "漏检的上报层级", "Who is told of missed inspections", own=True),
    ]
    shifts: Annotated[
        tuple[Shift, ...],
        msgspec.Meta(min_length=1, max_length=6),
        rule("R12.5.1", "班次", "The shifts of a day", own=True),
    ]
    window: Annotated[
        Literal["rolling", "blocks"],
        rule(
            "R12.5.1",
            "每三天的计算",
            "How three days are counted",
            reading="R12.5.1.window",
            options={
                "rolling": ("滚动三天", "rolling three days"),
                "blocks": ("固定三天一段", "fixed blocks of three"),
            },
        ),
    ] = "rolling"
    every_days: Annotated[
        int, rule("R12.5.1", "项目负责人抽查间隔", "The project head inspects every", unit="days", lowest=1, highest=31)
    ] = 3
    shift: Annotated[
        Literal["day", "shift"],
        rule(
            "R12.5.1",
            "区域负责人的两次按日还是按班次",
            "Whether an area lead's rounds count by day or by shift",
            reading="R12.5.1.shift",
            options={"day": ("每天两次", "twice a day"), "shift": ("每班次两次", "twice each shift")},
            own=True,
        ),
    ] = "day"
    rest_day: Annotated[
        Literal["counts", "skipped"],
        rule(
            "R12.5.1",
            "休息日是否检查",
            "Inspections on rest days",
            reading="R12.5.1.rest_day",
            options={"counts": ("照常检查", "as on any day"), "skipped": ("休息日不检查", "none on rest days")},
            own=True,
        ),
    ] = "counts"
    few_units: Annotated[
        Literal["all", "waived"],
        rule(
            "R12.5.1",
            "单元总数不足时",
            "Where there are fewer units than the least number",
            reading="R12.5.1.few_units",
            options={"all": ("检查全部单元", "all of them"), "waived": ("不另要求单元数", "no number is asked for")},
        ),
    ] = "all"
    same_issue: Annotated[
        Literal["same_place", "anywhere"],
        rule(
            "R12.5.4",
            "何为同一问题",
            "What the same issue is",
            reading="R12.same_issue",
            options={
                "same_place": ("同一地点同一项目", "the same item at the same place"),
                "anywhere": ("项目范围内同一项目", "the same item anywhere in the project"),
            },
        ),
    ] = "same_place"
    uncorrected: Annotated[
        Literal["any", "plan_passed"],
        rule(
            "R12.5.4",
            "何为未及时整改",
            "What counts as uncorrected",
            reading="R12.5.4.uncorrected",
            options={
                "any": ("尚未整改即算", "as long as it is not corrected"),
                "plan_passed": ("整改时限已过", "once the planned time has passed"),
            },
            own=True,
        ),
    ] = "any"
    reinspect_days: Annotated[
        int,
        rule("R12.5.3.5", "复查期限", "Re-inspected within", unit="days", lowest=0, highest=90, own=True),
    ] = 3


_VERSIONS = RuleVersions(REGULATION, R12Rules, rules_of=Text(zh="层级检查制度", en="rules of tiered inspection"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R12 is, for the API and the administrators."""
    return fields_of(R12Rules)


def validate(values: R12Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    return (
        *range_problems(values),
        *problems(
            levels=values.levels,
            reviews=values.reviews,
            liability=values.liability,
            log_parts=values.log_parts,
            ladder=values.lapse_ladder,
            shifts=values.shifts,
        ),
    )


R12 = Regulation(
    id=REGULATION,
    title=Text(zh="物业服务层级检查", en="Tiered inspection of property services"),
    values=R12Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
