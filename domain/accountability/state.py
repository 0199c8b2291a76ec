"""Where an accountability case stands."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.accountability.aftermath import EscalateStage, LapseStage, RemindStage, ReviewOutcome
from domain.accountability.commands import LapseMerge, RecusalGround
from domain.accountability.words import Body, Clock, Coded, Interest, RespondentRecord, Verdict
from domain.kernel import Deadline, State
from domain.rules.r4_parts import Step

STATUSES = (
    "reported",
    "verified",
    "proposed",
    "investigating",
    "investigated",
    "heard",
    "decided",
    "served",
    "closed",
    "dismissed",
    "merged",
)
UNDER_WAY = ("reported", "verified", "proposed", "investigating", "investigated", "heard")
"""Before the resolution."""
EARLY = ("reported", "verified", "proposed", "investigating")
"""While a case can still be merged."""
FINAL = ("closed", "dismissed", "merged")


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A standing effect on appraisal."""

    entry_key: str
    effect: str
    period: str


class Sanction(msgspec.Struct, frozen=True, kw_only=True):
    """A standing form under its key in the ledger."""

    entry_key: str
    form: Coded


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it stands; ``outcome`` is none while it is pending."""

    requested_on: date
    outcome: ReviewOutcome | None = None
    filed: bool = False


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A respondent and what became of him. ``sanctions`` are the standing forms by their codes."""

    respondent: RespondentRecord
    verdict: Verdict | None = None
    revision: int = 0
    served_on: date | None = None
    review_open: bool = False
    review: Review | None = None
    sanctions: dict[str, Sanction] = msgspec.field(default_factory=dict)
    effect: Effect | None = None
    steps: dict[str, tuple[Step, ...]] = msgspec.field(default_factory=dict)
    steps_since_request: tuple[Step, ...] = ()
    executed: tuple[str, ...] = ()

    @property
    def accountable(self) -> bool:
        """Whether the case held this respondent accountable, whatever a review made of it."""
        return self.verdict is not None and self.verdict.outcome == "accountable"

    @property
    def under_review(self) -> bool:
        """Whether a review is pending."""
        return self.review is not None and self.review.outcome is None


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """The investigation team as it stands: recused members have left it."""

    members: tuple[UUID, ...]
    leader: UUID


class RecusalRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for recusal still to be decided."""

    person: UUID
    ground: RecusalGround


class AccountabilityCaseState(State, frozen=True, kw_only=True):
    """One case (问责案件). ``clocks`` are the running limits, ``interested`` who may not act and why.

    ``handlers`` are all who acted in office, ``told`` the cases about them that learn who they are.
    """

    rule_version: int
    matter: str
    source: str
    grounds: tuple[str, ...]
    reported_on: date
    reporter: UUID | None = None
    complaint_id: UUID | None = None
    receipt_hash: str | None = None
    receipt_until: datetime | None = None
    about_case: UUID | None = None
    parties: dict[UUID, Party] = msgspec.field(default_factory=dict)
    interested: dict[UUID, Interest] = msgspec.field(default_factory=dict)
    handlers: tuple[UUID, ...] = ()
    told: tuple[UUID, ...] = ()
    clocks: dict[str, Clock] = msgspec.field(default_factory=dict)
    team: Team | None = None
    extension_pending: UUID | None = None
    extensions: int = 0
    recusal_requests: dict[UUID, RecusalRequest] = msgspec.field(default_factory=dict)
    obstructions: int = 0
    messages: int = 0
    body: Body | None = None
    deciders: tuple[UUID, ...] = ()
    decided_on: date | None = None
    filed: bool = False
    merging_into: UUID | None = None
    merge_answer_by: datetime | None = None


def deadlines(state: AccountabilityCaseState) -> tuple[Deadline, ...]:
    """For each running limit its reminders still to come, its end and then the ladder; and the answer to a merger."""
    owed = [each for clock in state.clocks.values() for each in _owed(clock)]
    if state.merge_answer_by is not None:
        owed.append(Deadline("merge", state.merge_answer_by, LapseMerge()))
    return tuple(owed)


def _owed(clock: Clock) -> Iterator[Deadline]:
    key = clock.key
    if not clock.overdue:
        for one in clock.reminders:
            yield Deadline(f"{key}.{one.signal}", one.due_at, RemindStage(key=key, signal=one.signal))
        yield Deadline(f"{key}.due", clock.due_at, LapseStage(key=key))
    elif clock.next_level is not None:
        level = clock.next_level.level
        yield Deadline(f"{key}.level_{level}", clock.next_level.due_at, EscalateStage(key=key, level=level))
