"""What happened to a property project. An event under a rule names its clause and the rules' version."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.kernel import Event
from domain.property_project.commands import EquipmentItem, Person
from domain.property_project.consequences import Band
from domain.property_project.lots import Group


class ProjectRegistered(Event, frozen=True, kw_only=True, tag="property_project.registered"):
    """A contract is to be assessed."""

    name: str
    contractor: str
    agreed_deposit_fen: int
    contract_from: date
    contract_to: date
    starts_month: str


class ProjectRevised(Event, frozen=True, kw_only=True, tag="property_project.revised"):
    """Names and last day are now these."""

    name: str
    contractor: str
    contract_to: date


class RosterReplaced(Event, frozen=True, kw_only=True, tag="property_project.roster_replaced"):
    """Representatives of a group are drawn of these people from now on."""

    group: Group
    version: int
    people: tuple[Person, ...]
    sha256: str
    clause: str = "R14.4"


class MonthOpened(Event, frozen=True, kw_only=True, tag="property_project.month_opened"):
    """A month is being assessed, by the rules in force on its first day."""

    month: str
    assessment_id: UUID
    project_name: str
    contractor: str
    rule_version: int
    clause: str = "R14.3"


class RepresentativesDrawn(Event, frozen=True, kw_only=True, tag="property_project.representatives_drawn"):
    """Lots were drawn; everything needed to draw them again is here."""

    month: str
    seed: str
    seed_given: bool
    method: str
    staff: tuple[str, ...]
    students: tuple[str, ...]
    staff_roster_version: int
    staff_roster_size: int
    staff_roster_sha256: str
    student_roster_version: int
    student_roster_size: int
    student_roster_sha256: str
    redraw_reason: str | None = None
    rule_version: int
    clause: str = "R14.4"


class MonthRecorded(Event, frozen=True, kw_only=True, tag="property_project.month_recorded"):
    """A month has its first result. ``streak`` is the one after the latest recorded month."""

    month: str
    assessment_id: UUID
    revision: int
    score: Decimal
    band: Band
    vetoed: bool
    source_version: int
    streak: int
    rule_version: int
    clause: str = "R14.2.1"


class MonthRevised(Event, frozen=True, kw_only=True, tag="property_project.month_revised"):
    """A month has another result than before. ``streak`` is the one after the latest recorded month."""

    month: str
    assessment_id: UUID
    revision: int
    score: Decimal
    band: Band
    vetoed: bool
    source_version: int
    streak: int
    previous_revision: int
    previous_score: Decimal
    previous_band: Band
    rule_version: int
    clause: str = "R14.2.1"


class CorrectionOrdered(Event, frozen=True, kw_only=True, tag="property_project.correction_ordered"):
    """A streak reached the length that orders a correction; it is late from ``due_at`` on."""

    month: str
    streak: int
    due_on: date
    due_at: datetime
    readings: dict[str, str]
    rule_version: int
    clause: str = "R14.5.1"


class CorrectionWithdrawn(Event, frozen=True, kw_only=True, tag="property_project.correction_withdrawn"):
    """The months, as re-assessed, no longer order this correction."""

    month: str
    rule_version: int
    clause: str = "R14.5.1"


class CorrectionConfirmed(Event, frozen=True, kw_only=True, tag="property_project.correction_confirmed"):
    """A correction is complete. ``resets_from`` is the month that starts a new streak, where the reading says so."""

    month: str
    confirmed_on: date
    resets_from: str | None
    note: str
    readings: dict[str, str]
    rule_version: int
    clause: str = "R14.5.1"


class CorrectionOverdue(Event, frozen=True, kw_only=True, tag="property_project.correction_overdue"):
    """An ordered correction was not confirmed in time."""

    month: str
    due_on: date
    rule_version: int
    clause: str = "R14.5.1"


class TerminationRightArose(Event, frozen=True, kw_only=True, tag="property_project.termination_right_arose"):
    """The college may terminate, since this month."""

    month: str
    streak: int
    readings: dict[str, str]
    rule_version: int
    clause: str = "R14.5.1"


class TerminationRightLapsed(Event, frozen=True, kw_only=True, tag="property_project.termination_right_lapsed"):
    """The streak that gave the right has ended or was never one."""

    month: str
    rule_version: int
    clause: str = "R14.5.1"


class TenderPriorityMarked(Event, frozen=True, kw_only=True, tag="property_project.tender_priority_marked"):
    """An excellent month gives priority in the next tender."""

    month: str
    rule_version: int
    clause: str = "R14.5.2"


class TenderPriorityWithdrawn(Event, frozen=True, kw_only=True, tag="property_project.tender_priority_withdrawn"):
    """The month, as re-assessed, is not excellent."""

    month: str
    rule_version: int
    clause: str = "R14.5.2"


class ContractTerminated(Event, frozen=True, kw_only=True, tag="property_project.contract_terminated"):
    """A person used the right that stood since ``right_since``; ``ground_month`` is the last month it rested on."""

    reason: str
    right_since: str
    ground_month: str
    streak: int
    rule_version: int
    clause: str = "R14.5.1"


class EquipmentDisposed(Event, frozen=True, kw_only=True, tag="property_project.equipment_disposed"):
    """What became of the contractor's equipment."""

    items: tuple[EquipmentItem, ...]
    clause: str = "R14.5.1"


class TerminationGroundLost(Event, frozen=True, kw_only=True, tag="property_project.termination_ground_lost"):
    """The months, as re-assessed, would not have allowed the termination."""

    ground_month: str
    rule_version: int
    clause: str = "R14.5.1"


class TerminationGroundRestored(Event, frozen=True, kw_only=True, tag="property_project.termination_ground_restored"):
    """A further re-assessment gave the termination its ground back."""

    ground_month: str
    rule_version: int
    clause: str = "R14.5.1"


class ContractReinstated(Event, frozen=True, kw_only=True, tag="property_project.contract_reinstated"):
    """A person took the termination back."""

    reason: str
    ground_month: str
    rule_version: int
    clause: str = "R14.5.1"


class ContractEnded(Event, frozen=True, kw_only=True, tag="property_project.contract_ended"):
    """The contract ended at its time. ``months_without_result`` were opened and never recorded."""

    ended_on: date
    note: str
    months_without_result: tuple[str, ...] = ()
    despite_open_months: str | None = None
