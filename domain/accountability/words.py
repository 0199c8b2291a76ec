"""The words that commands and events of an accountability case share."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.periods import Month
from domain.rules.r4_ladder import OwedStage
from domain.rules.r4_matrix import Attitude
from domain.rules.r11_ladder import Channel

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=8000)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]
Codes = Annotated[tuple[Code, ...], msgspec.Meta(max_length=20)]
UnitCode = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Persons = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=50)]
SubjectKind = Literal["person", "unit"]
Signal = Literal["yellow", "red"]
Body = Literal["party_committee", "college_meeting"]
Stage = OwedStage | Literal["review_request"]
"""What has a time limit: what somebody owes, and the right to ask for a review."""
Interest = Literal[
    "respondent",
    "reporter",
    "relative",
    "recused",
    "obstructed",
    "handler_of_the_case_at_issue",
    "accused_of_abuse_here",
]
"""Why somebody may not act on a case."""


class InterestedPerson(msgspec.Struct, frozen=True):
    """Somebody who may not act on a case, and why."""

    person: UUID
    interest: Interest


Interested = Annotated[tuple[InterestedPerson, ...], msgspec.Meta(max_length=3000)]


class Coded(msgspec.Struct, frozen=True):
    """A code with its labels in the rules that applied, so that what is printed later says the same."""

    code: str
    zh: str
    en: str


class RespondentDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to answer (问责对象): a person by the member's id, or a unit by its code and its head."""

    kind: SubjectKind
    name: Line
    person: UUID | None = None
    unit: UnitCode | None = None
    head: UUID | None = None
    responsibility: Code | None = None


class RespondentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent under the id that the case knows him by; the rest as in `RespondentDetails`."""

    id: UUID
    kind: SubjectKind
    name: str
    person: UUID | None = None
    unit: str | None = None
    head: UUID | None = None
    responsibility: str | None = None

    @property
    def subject(self) -> str:
        """The subject as the penalty ledger knows it: the member's id or the unit's code."""
        return str(self.person if self.kind == "person" else self.unit)

    @property
    def answering(self) -> UUID | None:
        """The person who answers: the respondent himself, or the unit's head."""
        return self.person if self.kind == "person" else self.head


Outcome = Literal["accountable", "exempt", "cleared"]
Exemption = Literal["accident", "force_majeure"]


class VerdictGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is resolved about one respondent (对每一问责对象的决定).

    ``attitude`` moves the matter by one step and needs its reason; ``exemption`` is that of an ``exempt`` one.
    ``conduct_month`` is needed where appraisal is affected in the month of the conduct.
    """

    respondent_id: UUID
    outcome: Outcome
    reason: Prose
    responsibility: Code | None = None
    severity: Code | None = None
    forms: Codes = ()
    attitude: Attitude | None = None
    attitude_reason: Prose | None = None
    exemption: Exemption | None = None
    conduct_month: Month | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as decided (处理决定), with the cell of R4.7 it rests on.

    ``severity_applied`` is the severity after the step of attitude, ``admissible`` what could have been imposed.
    """

    respondent: RespondentRecord
    outcome: Outcome
    reason: str
    responsibility: Coded | None = None
    severity: Coded | None = None
    attitude: Attitude | None = None
    attitude_reason: str | None = None
    exemption: Exemption | None = None
    conduct_month: str | None = None
    row: str | None = None
    severity_applied: Coded | None = None
    admissible: tuple[Coded, ...] = ()
    forms: tuple[Coded, ...] = ()
    readings: dict[str, str] = msgspec.field(default_factory=dict)
    clause: str = "R4.7"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the forms imposed."""
        return tuple(form.code for form in self.forms)


class DueReminder(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder to come: its signal, whom it tells and how."""

    signal: Signal
    role: str
    channel: Channel
    due_at: datetime


class NextLevel(msgspec.Struct, frozen=True, kw_only=True):
    """The next level of the ladder, which learns of an overdue stage at ``due_at``, the end of ``due_on``.

    Provisional as a `Clock` may be; its days were counted after ``counted_from``.
    """

    level: int
    role: str
    channel: Channel
    due_on: date
    due_at: datetime
    provisional: bool = False
    unknown_years: tuple[int, ...] = ()
    counted_from: date | None = None


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A running time limit (期限) of so many working days after ``started_on``; late from ``due_at`` on.

    ``key`` is unique in the case, ``own`` marks a limit on which the source is silent, ``role`` and ``channel`` say
    whose the stage is (nobody's where it is a right that may go unused). It is ``provisional`` where days of
    ``unknown_years`` were counted, whose calendar is not published yet; once it is, they are counted anew.
    """

    key: str
    stage: Stage
    respondent_id: UUID | None = None
    form: str | None = None
    started_on: date
    days: int
    due_on: date
    due_at: datetime
    clause: str
    own: bool = False
    role: str | None = None
    channel: Channel | None = None
    reminders: tuple[DueReminder, ...] = ()
    overdue: bool = False
    next_level: NextLevel | None = None
    provisional: bool = False
    unknown_years: tuple[int, ...] = ()


class ClockMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A limit as it was and as it runs now."""

    before: Clock
    after: Clock
