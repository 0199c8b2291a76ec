"""What happened to an accountability case once it was resolved."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from domain.accountability.aftermath import Method, ReviewOutcome
from domain.accountability.events import Act
from domain.accountability.words import Coded, RespondentRecord, SubjectKind, Verdict
from domain.kernel import Event
from domain.rules.r4_parts import Step


class DecisionServed(Act, frozen=True, kw_only=True, tag="accountability_case.decision_served"):
    """A respondent received the decision with a statement of his rights; ``late`` when its limit had passed.

    He may ask the office for a review until the end of ``review_until``; meanwhile the decision is carried out.
    """

    respondent_id: UUID
    respondent: RespondentRecord
    received_on: date
    received_by: str
    method: Method
    proof: str
    late: bool
    review_until: date
    clause: str = "R4.17"
    rule_version: int


class Consequence(Event, frozen=True, kw_only=True):
    """Something that a decision does to a respondent. ``entry_key`` is unique in the case; ``subject`` the ledger's."""

    respondent_id: UUID
    entry_key: str
    subject_kind: SubjectKind
    subject: str
    subject_name: str
    clause: str
    rule_version: int


class SanctionImposed(Consequence, frozen=True, kw_only=True, tag="accountability_case.sanction_imposed"):
    """A form took effect. That of a unit is carried out on its head where the form speaks to a person."""

    form: Coded
    period: str
    head: UUID | None = None
    readings: dict[str, str] = msgspec.field(default_factory=dict)


class EffectImposed(Consequence, frozen=True, kw_only=True, tag="accountability_case.effect_imposed"):
    """The month's appraisal of a person, or the year's of a unit, is bound (R4.8), in the period of the reading."""

    effect: str
    form: Coded
    period: str
    readings: dict[str, str] = msgspec.field(default_factory=dict)


class SanctionReversed(Consequence, frozen=True, kw_only=True, tag="accountability_case.sanction_reversed"):
    """A form no longer stands; ``steps_taken`` had been carried out by then, for a review suspends nothing."""

    form: Coded
    reason: str
    steps_taken: tuple[Step, ...] = ()


class EffectReversed(Consequence, frozen=True, kw_only=True, tag="accountability_case.effect_reversed"):
    """An effect on appraisal no longer stands (R4.22)."""

    effect: str
    period: str
    reason: str


class ReviewRequested(Event, frozen=True, kw_only=True, tag="accountability_case.review_requested"):
    """A respondent asked for a review. Execution goes on (``execution_suspended`` is false)."""

    respondent_id: UUID
    reasons: str
    requested_on: date
    by: UUID
    execution_suspended: bool = False
    clause: str = "R4.18"


class ReviewDecided(Act, frozen=True, kw_only=True, tag="accountability_case.review_decided"):
    """The decision was upheld, changed or revoked.

    The review had suspended nothing: ``in_force_meanwhile`` are the forms that stood while it ran, with the effect on
    appraisal of ``effect_meanwhile``, ``carried_out_meanwhile`` the steps of execution taken.
    """

    respondent_id: UUID
    outcome: ReviewOutcome
    reason: str
    original: Verdict
    verdict: Verdict | None
    requested_on: date
    decided_on: date
    in_force_meanwhile: tuple[str, ...] = ()
    effect_meanwhile: str | None = None
    carried_out_meanwhile: tuple[Step, ...] = ()
    clause: str = "R4.18"
    rule_version: int
    readings: dict[str, str] = msgspec.field(default_factory=dict)


class DecisionFiled(Act, frozen=True, kw_only=True, tag="accountability_case.decision_filed"):
    """The decision, or a respondent's review decision, was filed with personnel."""

    kind: Literal["decision", "review"]
    respondent_id: UUID | None
    reference: str
    clause: str = "R4.19"


class ExecutionRecorded(Act, frozen=True, kw_only=True, tag="accountability_case.execution_recorded"):
    """A step in carrying a form out; ``done`` when it was the last. ``entry_key`` is the form's in the ledger."""

    respondent_id: UUID
    entry_key: str | None = None
    subject_kind: SubjectKind | None = None
    subject: str | None = None
    form: str
    step: Step
    done_on: date
    done: bool
    note: str
    clause: str = "R4.5"


class CaseClosed(Act, frozen=True, kw_only=True, tag="accountability_case.closed"):
    """Nothing is owed any more."""

    note: str
