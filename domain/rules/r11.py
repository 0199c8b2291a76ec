"""The rule values of R11, customer service of a sales office (售楼部客户服务).

Every number and every reading of an ambiguous clause that a decision under R11 consults is a field here or in
`R11Documents`. The shipped values stand in ``packs/r11.toml``; a tenant publishes its own through its rule book.
"""

from typing import Annotated, Literal

import msgspec

from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, rule
from domain.rules.r11_checks import problems
from domain.rules.r11_documents import R11Documents
from domain.rules.r11_ladder import ComplaintKind, EscalationLevel, Reminder
from domain.rules.regulation import Regulation
from domain.rules.role_names import RoleName
from domain.rules.versions import RuleVersions

REGULATION = "R11"


class R11Rules(R11Documents, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R11: those of hand-overs, and those of complaints (R11.2). Lists stand in the pack alone."""

    kinds: Annotated[
        tuple[ComplaintKind, ...],
        msgspec.Meta(min_length=1, max_length=50),
        rule("R11.2.1", "投诉类别", "Kinds of complaint", own=True),
    ]
    escalation: Annotated[
        tuple[EscalationLevel, ...],
        msgspec.Meta(min_length=1, max_length=10),
        rule("R11.2.3", "逐级上报的层级", "The levels of the ladder", own=True),
    ]
    reminders: Annotated[
        tuple[Reminder, ...],
        msgspec.Meta(max_length=10),
        rule("R11.2.1", "期限前的催办", "Reminders ahead of a limit", own=True),
    ]
    settle_days: Annotated[
        int, rule("R11.2.1", "投诉解决期限", "Complaints are settled within", unit="days", lowest=0, highest=30)
    ] = 0
    rest_day: Annotated[
        Literal["next_working_day", "counts"],
        rule(
            "R11.2.1",
            "休息日收到的投诉",
            "A complaint lodged on a rest day",
            reading="R11.2.1.rest_day",
            options={
                "next_working_day": ("期限顺延至下一工作日", "its day is the next working day"),
                "counts": ("按当日计", "its day is that day"),
            },
            own=True,
        ),
    ] = "next_working_day"
    pause: Annotated[
        Literal["stops", "runs_on"],
        rule(
            "R11.2.1",
            "等待客户期间的计时",
            "The clock while the customer is waited for",
            reading="R11.2.1.pause",
            options={"stops": ("停止计时", "stops"), "runs_on": ("继续计时", "runs on")},
            own=True,
        ),
    ] = "stops"
    pause_days: Annotated[
        int,
        rule(
            "R11.2.1",
            "等待客户最长天数",
            "The customer is waited for at most",
            unit="days",
            lowest=1,
            highest=365,
            own=True,
        ),
    ] = 10
    anonymous_time: Annotated[
        Literal["day", "instant"],
        rule(
            "R11.2.1",
            "匿名投诉时间的记录",
            "The time kept of an anonymous complaint",
            reading="R11.2.1.anonymous_time",
            options={"day": ("只记日期", "the day alone"), "instant": ("记到时刻", "the instant")},
            own=True,
        ),
    ] = "day"
    receipt_days: Annotated[
        int,
        rule(
            "R11.2.1",
            "匿名回执有效期",
            "A receipt opens the conversation for",
            unit="days",
            lowest=1,
            highest=3650,
            own=True,
        ),
    ] = 365
    promise_departments: Annotated[
        int,
        rule(
            "R11.2.2", "可约定日期的涉及部门数", "A date may be promised from", unit="departments", lowest=1, highest=20
        ),
    ] = 2
    promise_days: Annotated[
        int,
        rule(
            "R11.2.2", "约定日期最远", "A date is promised at most ahead", unit="days", lowest=1, highest=365, own=True
        ),
    ] = 30
    promise: Annotated[
        Literal["once", "before_it_passes"],
        rule(
            "R11.2.2",
            "约定日期可否更改",
            "Whether a promised date may be renewed",
            reading="R11.2.2.promise",
            options={
                "once": ("只约定一次", "promised once"),
                "before_it_passes": ("到期前可改约", "renewed before it passes"),
            },
            own=True,
        ),
    ] = "once"
    late: Annotated[
        Literal["both", "promise_passed", "no_notice"],
        rule(
            "R11.2.2",
            "何为未及时解决",
            "What counts as late",
            reading="R11.2.2.late",
            options={
                "both": ("两种情形都算", "either of the two"),
                "promise_passed": ("超过约定日期", "the promised date passed"),
                "no_notice": ("当日未告知", "the day passed without notice"),
            },
        ),
    ] = "both"
    late_fine_fen: Annotated[
        int,
        rule("R11.2.2", "投诉未及时解决扣款", "Fine for a late complaint", unit="fen", lowest=0, highest=10_000_000),
    ] = 10_000
    late_joint_fen: Annotated[
        int,
        rule(
            "R11.2.2",
            "投诉未及时解决连带扣款",
            "Joint fine for a late complaint",
            unit="fen",
            lowest=0,
            highest=10_000_000,
        ),
    ] = 5_000
    late_joint_roles: Annotated[
        tuple[RoleName, ...],
        msgspec.Meta(max_length=5),
        rule("R11.2.2", "投诉未及时解决的连带责任人", "Jointly liable for a late complaint"),
    ] = ("sales_director", "director_assistant")
    joint: Annotated[
        Literal["each", "shared"],
        rule(
            "R11.2.2",
            "连带扣款是否各自承担",
            "How a joint fine is borne",
            reading="R11.2.2.joint",
            options={"each": ("每人全额", "each in full"), "shared": ("共同分担", "shared between them")},
        ),
    ] = "each"
    overlap: Annotated[
        Literal["heavier", "both"],
        rule(
            "R11.2.2",
            "同一事项有两项扣款",
            "Two fines for one matter",
            reading="R11.overlap",
            options={"heavier": ("只取较重", "the heavier alone"), "both": ("并处", "both")},
        ),
    ] = "heavier"
    ladder_clock: Annotated[
        Literal["working", "running"],
        rule(
            "R11.2.3",
            "逐级上报的计时",
            "The clock of the ladder",
            reading="R11.2.3.clock",
            options={"working": ("工作时间", "business hours"), "running": ("连续时间", "running time")},
            own=True,
        ),
    ] = "working"
    reopen_days: Annotated[
        int,
        rule(
            "R11.2.4",
            "结案后可重新提起",
            "A complaint may be reopened for",
            unit="days",
            lowest=0,
            highest=3650,
            own=True,
        ),
    ] = 30
    best_rating: Annotated[
        int,
        rule("R11.2.4", "客户评价最高分", "The customer's best rating", unit="score", lowest=1, highest=100, own=True),
    ] = 5


_VERSIONS = RuleVersions(REGULATION, R11Rules, rules_of=Text(zh="客户服务制度", en="rules of customer service"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R11 is, for the API and the administrators."""
    return fields_of(R11Rules)


def validate(values: R11Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    found = problems(values)
    codes = [kind.code for kind in values.kinds]
    repeated = tuple(
        Problem(f"kinds[{place}].code", "代码重复", "stands twice")
        for place, code in enumerate(codes)
        if code in codes[:place]
    )
    signals = [(each.signal, each.before_minutes) for each in values.reminders]
    if len(set(signals)) != len(signals):
        found = (*found, Problem("reminders", "催办重复", "hold one reminder twice"))
    roles = [level.role for level in values.escalation]
    if len(set(roles)) != len(roles):
        found = (*found, Problem("escalation", "同一层级出现两次", "name one level twice"))
    return (*found, *repeated)


R11 = Regulation(
    id=REGULATION,
    title=Text(zh="售楼部客户服务", en="Sales-office customer service"),
    values=R11Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
