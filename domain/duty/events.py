"""What happens to a duty. Every event names the clause and the version of the rules it was owed under."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from domain.cadence import Window
from domain.duty_terms import Holder, Scope, Terms
from domain.evidence import Evidence
from domain.kernel import Event
from domain.rules.r11_ladder import Channel

Overturned = Literal["performed_in_time", "excused"]


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """The level of the ladder that a lapse reached; the lowest is 1."""

    level: int
    role: str
    channel: Channel


class DutyOpened(Event, frozen=True, kw_only=True, tag="duty.opened"):
    """Something is owed from ``begins_on`` on, ``window`` being the first."""

    terms: Terms
    scope: Scope
    holder: Holder
    begins_on: date
    window: Window
    scheme_id: UUID | None
    clause: str
    rule_version: int | None


class DutyPerformed(Event, frozen=True, kw_only=True, tag="duty.performed"):
    """It was done, and is to be done again within the window: ``number`` of ``times``."""

    window: str
    number: int
    times: int
    performed_at: datetime
    performed_by: UUID | None
    source: str | None
    note: str = ""
    evidence: Evidence = ()
    clause: str
    rule_version: int | None


class DutyMet(Event, frozen=True, kw_only=True, tag="duty.met"):
    """The window was met by its last time. ``next_window`` opens with it."""

    window: Window
    times: int
    holder: Holder
    performed_at: datetime
    performed_by: UUID | None
    source: str | None
    note: str = ""
    evidence: Evidence = ()
    next_window: Window
    readings: dict[str, str]
    clause: str
    rule_version: int | None


class DutyMissed(Event, frozen=True, kw_only=True, tag="duty.missed"):
    """The window closed with ``performed`` of ``times``, ``in_a_row`` windows now; ``escalation`` is who is told of it.

    The holder is the one at the close; appraisals count it against him until it is overturned.
    """

    window: Window
    performed: int
    times: int
    holder: Holder
    in_a_row: int
    escalation: Escalation | None
    next_window: Window
    readings: dict[str, str]
    clause: str
    rule_version: int | None


class LapseOverturned(Event, frozen=True, kw_only=True, tag="duty.lapse_overturned"):
    """A missed window counts no longer: it turned out to have been met in time, or is excused."""

    window: str
    last_on: date
    ground: Overturned
    reason: str
    holder: Holder
    performed_at: datetime | None
    decided_by: UUID | None
    in_a_row: int
    clause: str
    rule_version: int | None


class DutyTermsChanged(Event, frozen=True, kw_only=True, tag="duty.terms_changed"):
    """Other terms apply from the window that opens at ``from_window`` or later; the current one stays as it is."""

    terms: Terms
    reason: str
    from_window: datetime
    clause: str
    rule_version: int | None


class DutyReassigned(Event, frozen=True, kw_only=True, tag="duty.reassigned"):
    """Another holds the duty from ``at`` on, and answers for the window that is open."""

    holder: Holder
    previous: Holder
    reason: str
    clause: str
    rule_version: int | None
    at: datetime | None = None
    """None in what was recorded before the instant was."""


class DutySuspended(Event, frozen=True, kw_only=True, tag="duty.suspended"):
    """Nothing is owed; ``voided`` is the open window, which is neither met nor missed."""

    reason: str
    voided: Window | None
    clause: str
    rule_version: int | None


class DutyResumed(Event, frozen=True, kw_only=True, tag="duty.resumed"):
    """It is owed again."""

    next_window: Window
    clause: str
    rule_version: int | None


class DutyEnded(Event, frozen=True, kw_only=True, tag="duty.ended"):
    """It is owed no longer; ``voided`` is the open window, which is neither met nor missed."""

    reason: str
    voided: Window | None
    clause: str
    rule_version: int | None
