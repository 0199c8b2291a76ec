"""Where a complaint stands, and what it still owes."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from domain.complaint.commands import LapseEscalation, LapseLimit, LapsePause, LapseReminder
from domain.complaint.events import Complainant, Ground, Limit, NextLevel
from domain.fine_shares import Liable
from domain.kernel import Deadline, State

OPEN = frozenset({"lodged", "assigned", "working", "proposed", "signed", "answered"})


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A department's signature under the solution."""

    signed_by: UUID | None
    comment: str


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """The customer is being waited for."""

    paused_at: datetime
    ends_at: datetime
    clock_stops: bool


class UpheldMark(msgspec.Struct, frozen=True, kw_only=True):
    """The project's month in which the complaint counts."""

    complaint_ref: str
    project_id: UUID
    month: str
    item_code: str
    count: int


class ComplaintState(State, frozen=True, kw_only=True):
    """One complaint (投诉). ``limit`` is gone once it passed or was met, ``next_level`` once the ladder is at its top.

    ``round`` counts how often it was taken up: a reopened complaint has its limit, and may have its fine, anew.
    """

    complainant: Complainant
    kind: str
    subject: str
    description: str
    place: str | None
    project_id: UUID | None
    departments: tuple[str, ...]
    lodged_on: date
    rule_version: int
    receipt_hash: str | None
    receipt_until: datetime | None
    limit: Limit | None
    next_level: NextLevel | None
    kind_zh: str = ""
    lodged_by: UUID | None = None
    level: int = 0
    round: int = 1
    additions: int = 0
    messages: int = 0
    responsible: UUID | None = None
    joint: tuple[Liable, ...] = ()
    consulted: dict[str, bool] = msgspec.field(default_factory=dict)
    """Departments asked, and whether they answered."""
    instruction_awaited: bool = False
    solution: str | None = None
    signatures: dict[str, Signature] = msgspec.field(default_factory=dict)
    answer: str | None = None
    promised_for: date | None = None
    pause: Pause | None = None
    late: tuple[Ground, ...] = ()
    late_on: date | None = None
    fine_owed: bool = False
    """The round is late and its fine waits for somebody to answer for it."""
    fined: bool = False
    rating: int | None = None
    reopen_until: datetime | None = None
    upheld: UpheldMark | None = None
    times_upheld: int = 0
    accountability_case: UUID | None = None

    @property
    def clock_stopped(self) -> bool:
        """Whether a pause stops the limits."""
        return self.pause is not None and self.pause.clock_stops

    @property
    def to_sign(self) -> tuple[str, ...]:
        """The departments whose signature is missing."""
        return tuple(department for department in self.departments if department not in self.signatures)


def deadlines(state: ComplaintState) -> tuple[Deadline, ...]:
    """The limit with its reminders, the ladder's next step, and the end of a pause."""
    if state.status not in OPEN:
        return ()
    owed = []
    if state.pause is not None:
        owed.append(Deadline(f"pause:{state.round}", state.pause.ends_at, LapsePause()))
    if state.clock_stopped:
        return tuple(owed)
    if state.limit is not None:
        key = f"{state.limit.basis}:{state.round}"
        owed.append(Deadline(f"limit:{key}", state.limit.due_by, LapseLimit(round=state.round)))
        owed += [
            Deadline(
                f"reminder:{key}:{one.signal}:{one.before_minutes}",
                one.due_at,
                LapseReminder(signal=one.signal, before_minutes=one.before_minutes),
            )
            for one in state.limit.reminders
        ]
    if state.next_level is not None:
        level = state.next_level.level
        owed.append(Deadline(f"level:{state.round}:{level}", state.next_level.due_at, LapseEscalation(level=level)))
    return tuple(owed)
