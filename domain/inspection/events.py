"""What happens in an inspection."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from domain.evidence import Evidence
from domain.inspection.commands import Log, Result
from domain.inspection_frame import Extent, Frame
from domain.kernel import Event
from domain.rules.r12_parts import ItemClass


class InspectionOpened(Event, frozen=True, kw_only=True, tag="inspection.opened"):
    """An inspection is to be carried out."""

    frame: Frame
    clause: str = "R12.5.3"
    rule_version: int


class InspectionBegun(Event, frozen=True, kw_only=True, tag="inspection.begun"):
    """It is under way."""

    begun_at: datetime
    begun_by: UUID | None
    clause: str = "R12.5.3"


class SelfReportHeard(Event, frozen=True, kw_only=True, tag="inspection.self_report_heard"):
    """Those inspected have reported on their own work."""

    person: UUID
    report: str
    clause: str = "R12.5.3"


class PointRecorded(Event, frozen=True, kw_only=True, tag="inspection.point_recorded"):
    """A point was found to conform or not, or to be worth imitating."""

    finding_id: UUID
    item: str
    item_class: ItemClass
    basis: str
    area: str
    unit: str | None
    result: Result
    note: str
    handling: Literal["on_the_spot", "plan"] | None
    evidence: Evidence
    found_by: UUID
    found_at: datetime
    clause: str = "R12.5.3.2"


class DefenceStated(Event, frozen=True, kw_only=True, tag="inspection.defence_stated"):
    """Somebody spoke against a finding."""

    finding_id: UUID
    statement: str
    evidence: Evidence
    stated_by: UUID | None
    clause: str = "R12.5.3"


class DefenceDecided(Event, frozen=True, kw_only=True, tag="inspection.defence_decided"):
    """The finding stands, or was dropped."""

    finding_id: UUID
    upheld: bool
    reason: str
    decided_by: UUID | None
    clause: str = "R12.5.3"


class InspectionCompleted(Event, frozen=True, kw_only=True, tag="inspection.completed"):
    """It is done; ``lacking`` is what was not covered enough. Only one that lacks nothing meets a duty (R12.5.1)."""

    covered: Extent
    lacking: tuple[str, ...]
    areas: tuple[str, ...]
    units: tuple[str, ...]
    items: tuple[str, ...]
    nonconforming: int
    dropped: int
    begun_at: datetime
    completed_at: datetime
    completed_by: UUID
    log: Log | None
    frame: Frame
    findings: tuple["PointRecorded", ...]
    readings: dict[str, str]
    clause: str = "R12.5.1"
    rule_version: int


class InspectionCancelled(Event, frozen=True, kw_only=True, tag="inspection.cancelled"):
    """It is not carried out."""

    reason: str
    clause: str = "R12.5.3"


class RecordReviewed(Event, frozen=True, kw_only=True, tag="inspection.record_reviewed"):
    """The log was reviewed, or the form countersigned, for the post whose duty that is."""

    what: Literal["log", "form"]
    post: str
    duty_id: UUID
    agrees: bool
    comment: str
    reviewed_by: UUID
    reviewed_at: datetime
    clause: str = "R12.5.1"


class PracticeSpread(Event, frozen=True, kw_only=True, tag="inspection.practice_spread"):
    """A good practice was made known."""

    finding_id: UUID
    how: Literal["training", "meeting", "notice"]
    audience: str
    spread_by: UUID | None
    clause: str = "R12.5.3.3"
