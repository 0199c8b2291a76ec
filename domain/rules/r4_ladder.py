"""Who is told of R4's time limits: whose each stage is, the reminders ahead, and the ladder once one has passed."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

import msgspec

from domain.rules.fields import Problem, rule
from domain.rules.r4_matrix import R4Matrix
from domain.rules.r11_ladder import Channel
from domain.rules.role_names import RoleName

OwedStage = Literal[
    "verification",
    "proposal",
    "initiation",
    "team",
    "investigation",
    "resolution",
    "service",
    "review",
    "correction",
    "execution",
    "filing",
]
"""What somebody owes by a time limit."""
Days = Annotated[int, msgspec.Meta(ge=0, le=250)]


class StageOwner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose a stage is (承办方): the role that is reminded of its limit, and how."""

    stage: OwedStage
    role: RoleName
    channel: Channel


class StageReminder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice ahead of a limit (催办), at the beginning of the working day so many working days before it."""

    signal: Literal["yellow", "red"]
    before_days: Annotated[int, msgspec.Meta(ge=1, le=250)]


class OverdueLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level that learns of an overdue stage (逾期上报层级), so many working days after the one below it did."""

    role: RoleName
    after_days: Days
    channel: Channel


class R4Ladder(R4Matrix, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Owners, reminders and ladder. They stand in the pack alone; the source is silent on all of them."""

    owners: Annotated[
        tuple[StageOwner, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R4.11", "各步骤的承办方", "Whose each stage is", own=True),
    ]
    reminders: Annotated[
        tuple[StageReminder, ...],
        msgspec.Meta(max_length=2),
        rule("R4.14", "期限前的催办", "Reminders ahead of a limit", own=True),
    ]
    escalation: Annotated[
        tuple[OverdueLevel, ...],
        msgspec.Meta(min_length=1, max_length=10),
        rule("R4.11", "逾期逐级上报的层级", "The levels that learn what is overdue", own=True),
    ]

    def owner(self, stage: str) -> StageOwner | None:
        """Whose a stage is; nobody's where it is a right that may go unused."""
        return next((each for each in self.owners if each.stage == stage), None)


def ladder_problems(rules: R4Ladder) -> Iterator[Problem]:
    """Stages without an owner, signals or levels that stand twice."""
    stages = [each.stage for each in rules.owners]
    for place, stage in enumerate(stages):
        if stage in stages[:place]:
            yield Problem(f"owners[{place}].stage", "步骤重复", "stands twice")
    missing = [stage for stage in get_args(OwedStage) if stage not in stages]
    if missing:
        yield Problem("owners", f"缺少{'、'.join(missing)}的承办方", f"lack whose {', '.join(missing)} is")
    if len({each.signal for each in rules.reminders}) != len(rules.reminders):
        yield Problem("reminders", "催办重复", "hold one signal twice")
    before = {each.signal: each.before_days for each in rules.reminders}
    if before.get("red", 0) > before.get("yellow", before.get("red", 0)):
        yield Problem("reminders", "红色提醒早于黄色提醒", "let red come before yellow")
    roles = [level.role for level in rules.escalation]
    if len(set(roles)) != len(roles):
        yield Problem("escalation", "同一层级出现两次", "name one level twice")
