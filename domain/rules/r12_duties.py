"""The duties that R12 lays on each level: to inspect, and to review what the level below writes (R12.5.1)."""

from domain.cadence import Cadence
from domain.duty_terms import Terms
from domain.kernel import Text
from domain.rules.r12 import R12Rules
from domain.rules.r12_parts import InspectionLevel, Level, LogReview, Often

NAMES: dict[Level, Text] = {
    "company_manager": Text("公司经理", "company manager"),
    "department": Text("职能部室", "department"),
    "project_head": Text("项目负责人", "project head"),
    "supervisor": Text("专业主管", "supervisor"),
    "area_lead": Text("区域负责人", "area lead"),
    "operator": Text("操作员工", "operator"),
}
INSPECT = "r12.inspect"


def duties_of(level: Level, rules: R12Rules, rule_version: int) -> tuple[Terms, ...]:
    """What a post of a level owes under a version of the rules; nothing for a level without a frequency."""
    owed = [_inspecting(each, rules, rule_version) for each in rules.levels if each.level == level]
    owed += [_reviewing(each, rules, rule_version) for each in rules.reviews if each.reviewer == level]
    return tuple(owed)


def review_kind(review: LogReview) -> str:
    """The kind of the duty to review."""
    return f"r12.review.{review.what}.{review.of}"


def level_of(level: Level, rules: R12Rules) -> InspectionLevel | None:
    """What the rules ask of a level, if anything."""
    return next((each for each in rules.levels if each.level == level), None)


def role_of(level: Level, rules: R12Rules) -> str:
    """The role that fills a level's post where it names nobody."""
    asked = level_of(level, rules)
    return level if asked is None else asked.role


def _inspecting(asked: InspectionLevel, rules: R12Rules, rule_version: int) -> Terms:
    by_shift = asked.level == "area_lead" and rules.shift == "shift"
    name = NAMES[asked.level]
    cadence = (
        Cadence(kind="shift", shifts=rules.shifts, rest_days=rules.rest_day) if by_shift else _every(asked.often, rules)
    )
    return Terms(
        kind=INSPECT,
        title=Text(f"{name.zh}检查", f"Inspection by the {name.en}"),
        clause="R12.5.1",
        rule_version=rule_version,
        readings={
            "R12.5.1.window": rules.window,
            "R12.5.1.shift": rules.shift,
            "R12.5.1.rest_day": rules.rest_day,
        },
        cadence=cadence,
        times=asked.times,
        ladder=rules.lapse_ladder,
    )


def _reviewing(review: LogReview, rules: R12Rules, rule_version: int) -> Terms:
    of = NAMES[review.of]
    title = (
        Text(f"审阅{of.zh}工作日志", f"Review of the {of.en}s' logs")
        if review.what == "log"
        else Text(f"会签{of.zh}检查表单", f"Countersigning the {of.en}s' forms")
    )
    return Terms(
        kind=review_kind(review),
        title=title,
        clause="R12.5.1",
        rule_version=rule_version,
        readings={"R12.5.1.rest_day": rules.rest_day},
        cadence=_every(review.often, rules),
        ladder=rules.lapse_ladder,
    )


def _every(often: Often, rules: R12Rules) -> Cadence:
    """A week and a month are whole; of days, rest days count or not by the reading R12.5.1.rest_day."""
    if often == "three_days":
        return Cadence(kind="every_days", days=rules.every_days, counting=rules.window, rest_days=rules.rest_day)
    return Cadence(kind=often, rest_days=rules.rest_day)
