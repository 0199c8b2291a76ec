"""What time did to an accountability case: limits that began, came near, passed, and went up the ladder."""

from datetime import date
from uuid import UUID

import msgspec

from domain.accountability.words import Clock, ClockMoved, NextLevel, Signal, Stage
from domain.kernel import Event
from domain.rules.r11_ladder import Channel


class StageBegan(Event, frozen=True, kw_only=True, tag="accountability_case.stage_began"):
    """A time limit runs."""

    clock: Clock
    rule_version: int
    clause: str
    readings: dict[str, str] = msgspec.field(default_factory=dict)


class Notice(Event, frozen=True, kw_only=True):
    """Word of a limit for a role by a channel. ``own`` marks a limit on which the source is silent."""

    key: str
    stage: Stage
    respondent_id: UUID | None
    form: str | None
    due_on: date
    role: str
    channel: Channel
    clause: str
    own: bool
    rule_version: int


class StageReminded(Notice, frozen=True, kw_only=True, tag="accountability_case.stage_reminded"):
    """A limit came near: yellow first, then red; the role whose the stage is learns of it."""

    signal: Signal


class StageOverdue(Notice, frozen=True, kw_only=True, tag="accountability_case.stage_overdue"):
    """A limit passed without the stage being done. The role whose it is learns of it, then the ladder."""

    next_level: NextLevel | None


class StageEscalated(Notice, frozen=True, kw_only=True, tag="accountability_case.stage_escalated"):
    """A level of the ladder learns that a stage is still overdue."""

    level: int
    next_level: NextLevel | None


class StagesRederived(Event, frozen=True, kw_only=True, tag="accountability_case.stages_rederived"):
    """The calendar of a year that was unknown is published, and the limits that rested on it were counted anew.

    What had passed by then stays as it was recorded; of an overdue stage the ladder's next step alone moves.
    """

    year: int
    clocks: tuple[ClockMoved, ...]
    rule_version: int
    clause: str = "R4.14"


class ReviewRightLapsed(Event, frozen=True, kw_only=True, tag="accountability_case.review_right_lapsed"):
    """The time to ask for a review passed; the decision is final for this respondent."""

    respondent_id: UUID
    due_on: date
    clause: str = "R4.18"
    rule_version: int
