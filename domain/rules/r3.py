"""The rule values of R3, the cars of a government vehicle centre (机关车辆管理服务中心用车).

Every number and every reading of an ambiguous clause that a decision under R3 consults is a field here or in
`R3Tariff`. The shipped values stand in ``packs/r3.toml``; a tenant publishes its own through its rule book.
"""

from datetime import time
from typing import Annotated, Literal

import msgspec

from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, rule
from domain.rules.r3_checks import Coded, problems
from domain.rules.r3_parts import ChargedCategory, FreeCategory, OrderLevel, PriorityClass
from domain.rules.r3_tariff import R3Tariff
from domain.rules.regulation import Regulation
from domain.rules.versions import RuleVersions

REGULATION = "R3"


class R3Rules(R3Tariff, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R3: those of money, and those of requests and dispatch. Lists stand in the pack alone."""

    free: Annotated[
        tuple[FreeCategory, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R3.1.1", "免费用车事由", "Free uses"),
    ]
    charged: Annotated[
        tuple[ChargedCategory, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R3.1.2", "收费用车事由", "Charged uses"),
    ]
    priorities: Annotated[
        tuple[PriorityClass, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R3.2.2", "优先派车类别", "Classes that go first"),
    ]
    order_levels: Annotated[
        tuple[OrderLevel, ...],
        msgspec.Meta(max_length=10),
        rule("R3.2.1", "派车单逾期上报的层级", "Who is told of an order unsigned or incomplete", own=True),
    ]
    lead_days: Annotated[
        int, rule("R3.2.1", "用车提前天数", "A request comes ahead by", unit="days", lowest=0, highest=30)
    ] = 1
    day: Annotated[
        Literal["calendar", "working"],
        rule(
            "R3.2.1",
            "提前一天如何计",
            "What a day of lead time is",
            reading="R3.2.1.day",
            options={"calendar": ("自然日", "a calendar day"), "working": ("工作日", "a working day")},
        ),
    ] = "calendar"
    day_count: Annotated[
        Literal["clock", "date"],
        rule(
            "R3.2.1",
            "提前一天算到何时",
            "Up to when on that day a request is in time",
            reading="R3.2.1.day_count",
            options={"clock": ("同一钟点", "the same time of day"), "date": ("当日24:00", "the day's end")},
            own=True,
        ),
    ] = "clock"
    half_day: Annotated[
        Literal["hours_12", "working_hours_4"],
        rule(
            "R3.2.1",
            "提前半天如何计",
            "What half a day of lead time is",
            reading="R3.2.1.half_day",
            options={"hours_12": ("12小时", "12 hours"), "working_hours_4": ("4个工作小时", "4 working hours")},
        ),
    ] = "hours_12"
    half_day_minutes: Annotated[
        int, rule("R3.2.1", "半天（连续）", "Half a day, running", unit="minutes", lowest=0, highest=1440)
    ] = 720
    half_day_working_minutes: Annotated[
        int, rule("R3.2.1", "半天（工作时间）", "Half a day, in working time", unit="minutes", lowest=0, highest=1440)
    ] = 240
    opens_at: Annotated[time, rule("R3.2.1", "上班时间", "Work begins at", own=True)] = time(8, 30)
    closes_at: Annotated[time, rule("R3.2.1", "下班时间", "Work ends at", own=True)] = time(17, 30)
    unit: Annotated[
        Literal["own_department", "or_unassigned"],
        rule(
            "R3.2.1",
            "谁可代表用车单位签字",
            "Who signs and objects for a unit",
            reading="R3.2.1.unit",
            options={
                "own_department": ("仅本部门人员", "members of that department alone"),
                "or_unassigned": ("本部门及未登记部门的人员", "those, and members of no department"),
            },
            own=True,
        ),
    ] = "own_department"
    late: Annotated[
        Literal["refused", "centre_head"],
        rule(
            "R3.2.1",
            "逾时申请的处理",
            "What becomes of a late request",
            reading="R3.2.1.late",
            options={
                "refused": ("不予受理", "it is refused"),
                "centre_head": ("须中心负责人批准", "the centre head decides"),
            },
        ),
    ] = "refused"
    early_minutes: Annotated[
        int,
        rule(
            "R3.2.1",
            "可提前出车时间",
            "A car sets out before the time asked for by at most",
            unit="minutes",
            lowest=0,
            highest=60 * 24,
            own=True,
        ),
    ] = 120
    record_minutes: Annotated[
        int,
        rule(
            "R3.2.1",
            "返回后填写派车单期限",
            "The driver completes an order after the planned return within",
            unit="minutes",
            lowest=1,
            highest=60 * 24 * 30,
            own=True,
        ),
    ] = 240
    return_minutes: Annotated[
        int,
        rule(
            "R3.2.2",
            "未归车辆提示调度的时间",
            "The dispatcher is told of a car still out after its planned return by",
            unit="minutes",
            lowest=0,
            highest=60 * 24,
            own=True,
        ),
    ] = 60
    signature_minutes: Annotated[
        int,
        rule(
            "R3.2.1",
            "经办人签认期限",
            "The unit's handler signs within",
            unit="minutes",
            lowest=1,
            highest=60 * 24 * 30,
            own=True,
        ),
    ] = 1440
    rank: Annotated[
        Literal["ranked", "equal"],
        rule(
            "R3.2.2",
            "六类优先之间的关系",
            "How the six priority classes relate",
            reading="R3.2.2.rank",
            options={"ranked": ("依序递减", "ranked"), "equal": ("相互平等，再看时间", "equal, then by time")},
        ),
    ] = "ranked"
    preempt: Annotated[
        Literal["never", "first_class"],
        rule(
            "R3.2.2",
            "已确认派车能否被占用",
            "Whether a confirmed booking may be displaced",
            reading="R3.2.2.preempt",
            options={
                "never": ("不可", "never"),
                "first_class": ("第一类可占用并告知", "the first class may, with notice"),
            },
        ),
    ] = "never"
    preempt_notice_minutes: Annotated[
        int,
        rule(
            "R3.2.2",
            "占用须提前告知",
            "A booking is displaced no later before its departure than",
            unit="minutes",
            lowest=0,
            highest=60 * 24 * 30,
            own=True,
        ),
    ] = 60
    individual: Annotated[
        Literal["accepted", "centre_head"],
        rule(
            "R3.2.3",
            "其他非集体用车",
            "Other use that is not collective",
            reading="R3.2.3.individual",
            options={
                "accepted": ("照常受理", "is accepted"),
                "centre_head": ("须中心负责人批准", "the centre head decides"),
            },
            own=True,
        ),
    ] = "accepted"
    trip: Annotated[
        Literal["refused", "centre_head"],
        rule(
            "R3.2.3",
            "个人出差、开会用车",
            "Business trips and meetings of individuals",
            reading="R3.2.3.trip",
            options={
                "refused": ("不予派车", "are refused"),
                "centre_head": ("须中心负责人批准", "the centre head decides"),
            },
        ),
    ] = "refused"


_VERSIONS = RuleVersions(REGULATION, R3Rules, rules_of=Text(zh="用车办法", en="rules of vehicle use"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R3 is, for the API and the administrators."""
    return fields_of(R3Rules)


def validate(values: R3Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    lists: dict[str, tuple[Coded, ...]] = {
        "free": values.free,
        "charged": values.charged,
        "priorities": values.priorities,
        "tariff": values.tariff,
    }
    return problems(values, lists, values.order_levels, opens_at=values.opens_at, closes_at=values.closes_at)


R3 = Regulation(
    id=REGULATION,
    title=Text(zh="机关车辆服务中心用车", en="Government vehicle centre"),
    values=R3Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
