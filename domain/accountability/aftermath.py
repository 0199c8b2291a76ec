"""What is asked of an accountability case once it is resolved: service, filing, review, execution, limits."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.accountability.words import Code, Line, Prose, Signal, VerdictGiven
from domain.kernel import Command
from domain.rules.r4_parts import Step

Method = Literal["in_person", "through_the_unit", "registered_mail", "left_in_place"]
ReviewOutcome = Literal["upheld", "changed", "revoked"]
ClockKey = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ServeDecision(Command, frozen=True, kw_only=True):
    """Record that a respondent received the written decision (送达问责决定书).

    ``proof`` is the reference of the proof of service, ``received_by`` who signed it. The decision states the
    respondent's rights, or it can not be served.
    """

    respondent_id: UUID
    received_on: date
    received_by: Line
    method: Method
    proof: Line
    rights_stated: bool


class FileWithPersonnel(Command, frozen=True, kw_only=True):
    """File the decision, or the review decision of a respondent, with personnel (人事备案)."""

    respondent_id: UUID | None = None
    reference: Line


class RequestReview(Command, frozen=True, kw_only=True):
    """Ask for a review of the decision (申请复核); the respondent himself does, or the head of a unit."""

    respondent_id: UUID
    reasons: Prose


class DecideReview(Command, frozen=True, kw_only=True):
    """Decide a review (复核决定); a changed decision brings its new verdict."""

    respondent_id: UUID
    outcome: ReviewOutcome
    reason: Prose
    verdict: VerdictGiven | None = None


class RecordExecution(Command, frozen=True, kw_only=True):
    """Record a step in carrying a form out (记录执行)."""

    respondent_id: UUID
    form: Code
    step: Step
    done_on: date
    note: Prose


class CloseCase(Command, frozen=True, kw_only=True):
    """Close a case of which nothing is owed any more (结案)."""

    note: Prose


class RemindStage(Command, frozen=True, kw_only=True):
    """A limit comes near (期限提醒)."""

    key: ClockKey
    signal: Signal


class LapseStage(Command, frozen=True, kw_only=True):
    """A limit has passed (期限届满)."""

    key: ClockKey


class RederiveStages(Command, frozen=True, kw_only=True):
    """Count anew what rested on a year whose calendar is published now (日历公布后重新计算期限)."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=2100)]


class EscalateStage(Command, frozen=True, kw_only=True):
    """The next level is to learn of an overdue stage (逾期上报)."""

    key: ClockKey
    level: Annotated[int, msgspec.Meta(ge=1, le=10)]
