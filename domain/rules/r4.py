"""The rule values of R4, the accountability of a college's management services (管理服务工作问责).

Every number and every reading of an ambiguous clause that a decision under R4 consults is a field here or in
`R4Matrix` and `R4Ladder`. The shipped values stand in ``packs/r4.toml``; a tenant publishes its own through its rule
book.
"""

from typing import Annotated, Literal

import msgspec

from domain.kernel import Text
from domain.rules.fields import Problem, RuleField, fields_of, range_problems, rule
from domain.rules.r4_ladder import R4Ladder, ladder_problems
from domain.rules.r4_matrix import matrix_problems
from domain.rules.regulation import Regulation
from domain.rules.versions import RuleVersions

REGULATION = "R4"


def _days(clause: str, zh: str, en: str, *, own: bool = False) -> msgspec.Meta:
    return rule(clause, zh, en, unit="working_days", lowest=1, highest=250, own=own)


class R4Rules(R4Ladder, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All values of R4: the matrix and its lists, who is told, time limits in working days, readings."""

    effect_month: Annotated[
        Literal["service", "decision", "conduct"],
        rule(
            "R4.8",
            "受影响的考核月份",
            "The month whose appraisal is affected",
            reading="R4.8.month",
            options={
                "service": ("送达当月", "the month of service"),
                "decision": ("决定当月", "the month of the decision"),
                "conduct": ("行为当月", "the month of the conduct"),
            },
        ),
    ] = "service"
    verification_days: Annotated[int, _days("R4.14", "初步核实期限", "Time to verify a report", own=True)] = 5
    proposal_days: Annotated[int, _days("R4.14", "提出书面建议期限", "Time to propose", own=True)] = 5
    initiation_days: Annotated[int, _days("R4.14", "决定是否提起期限", "Time to decide on initiation", own=True)] = 10
    team_days: Annotated[int, _days("R4.14", "组成调查组期限", "Time to form the team", own=True)] = 5
    team_minimum: Annotated[
        int,
        rule("R4.14", "调查组最少人数", "An investigation team has at least", unit="persons", lowest=1, own=True),
    ] = 2
    investigation_days: Annotated[int, _days("R4.16", "调查期限", "Time to investigate")] = 20
    investigation_start: Annotated[
        Literal["initiation", "team"],
        rule(
            "R4.16",
            "调查期限的起算",
            "What the time to investigate counts from",
            reading="R4.16.start",
            options={
                "initiation": ("决定提起之日", "the decision to initiate"),
                "team": ("调查组成立之日", "the forming of the team"),
            },
            own=True,
        ),
    ] = "initiation"
    extension_days: Annotated[int, _days("R4.16", "批准后延长", "An approved extension adds")] = 10
    extension: Annotated[
        Literal["once", "repeat"],
        rule(
            "R4.16",
            "延长的次数",
            "How often the time may be extended",
            reading="R4.16.extend",
            options={"once": ("一次", "once"), "repeat": ("可多次", "repeatedly")},
        ),
    ] = "once"
    resolution_days: Annotated[int, _days("R4.14", "形成决议期限", "Time to resolve, from the report", own=True)] = 10
    merge_answer_days: Annotated[int, _days("R4.14", "并案答复期限", "Time to answer a merger", own=True)] = 1
    service_days: Annotated[int, _days("R4.17", "决定送达期限", "Time to serve a decision")] = 10
    review_request_days: Annotated[int, _days("R4.18", "申请复核期限", "Time to ask for a review")] = 10
    review_days: Annotated[int, _days("R4.18", "复核期限", "Time to decide a review", own=True)] = 20
    review_body: Annotated[
        Literal["same_office", "uninvolved"],
        rule(
            "R4.18",
            "由谁复核",
            "Who reviews",
            reading="R4.18.body",
            options={
                "same_office": ("原办事机构", "the same office"),
                "uninvolved": ("未参与原决定的人员", "people not involved in the decision"),
            },
        ),
    ] = "same_office"
    correction_days: Annotated[
        int, _days("R4.5", "限期整改的期限", "Time for an ordered correction, from service", own=True)
    ] = 20
    execution_days: Annotated[
        int, _days("R4.5", "其他形式的执行期限", "Time to carry out any other form, from service", own=True)
    ] = 10
    filing_days: Annotated[int, _days("R4.19", "人事备案期限", "Time to file with personnel", own=True)] = 10
    receipt_days: Annotated[
        int,
        rule(
            "R4.12",
            "匿名回执有效期",
            "A receipt opens the conversation for",
            unit="days",
            lowest=1,
            highest=3650,
            own=True,
        ),
    ] = 365


_VERSIONS = RuleVersions(REGULATION, R4Rules, rules_of=Text(zh="问责办法", en="rules of accountability"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R4 is, for the API and the administrators."""
    return fields_of(R4Rules)


def validate(values: R4Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    single = range_problems(values)
    if single:
        return single
    return (*matrix_problems(values), *ladder_problems(values))


R4 = Regulation(
    id=REGULATION,
    title=Text(zh="学院管理服务问责", en="College accountability"),
    values=R4Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
