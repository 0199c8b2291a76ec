"""What happened in an accountability case up to the resolution. What follows it stands in `events_after`."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from domain.accountability.commands import RecusalGround
from domain.accountability.words import Body, Clock, Coded, Interest, InterestedPerson, RespondentRecord, Verdict
from domain.evidence import Evidence
from domain.kernel import Event
from domain.rules.r11_ladder import Channel


class Act(Event, frozen=True, kw_only=True):
    """What somebody did in office; ``by`` has handled the case from then on."""

    by: UUID


class MatterReported(Event, frozen=True, kw_only=True, tag="accountability_case.reported"):
    """A matter was reported and taken in. An anonymous report has no reporter and tells the day alone.

    ``registered_by`` is the officer who took in what reached the office otherwise, ``complaint_id`` the complaint
    that was referred.
    """

    matter: str
    account: str
    source: Coded
    grounds: tuple[str, ...]
    respondents: tuple[RespondentRecord, ...] = ()
    evidence: Evidence = ()
    reporter: UUID | None = None
    registered_by: UUID | None = None
    complaint_id: UUID | None = None
    receipt_hash: str | None = None
    receipt_until: datetime | None = None
    reported_on: date
    clause: str = "R4.12"
    rule_version: int


class InformationAdded(Event, frozen=True, kw_only=True, tag="accountability_case.information_added"):
    """Something was added to the report; ``by`` is none when it came by receipt."""

    text: str
    evidence: Evidence = ()
    by: UUID | None = None
    added_on: date


class ReporterAnswered(Act, frozen=True, kw_only=True, tag="accountability_case.reporter_answered"):
    """The reporter was written to."""

    text: str
    answered_on: date


class RespondentNamed(Act, frozen=True, kw_only=True, tag="accountability_case.respondent_named"):
    """One more respondent."""

    respondent: RespondentRecord


class RelativeRecorded(Act, frozen=True, kw_only=True, tag="accountability_case.relative_recorded"):
    """A member is a relative, and so may not act here."""

    person: UUID
    respondent_id: UUID | None
    relation: str
    clause: str = "R4.21"


class HandledCaseLinked(Event, frozen=True, kw_only=True, tag="accountability_case.handled_case_linked"):
    """This case is about how another one was handled."""

    case_id: UUID
    by: UUID | None = None
    clause: str = "R4.23"


class HandlersTold(Event, frozen=True, kw_only=True, tag="accountability_case.handlers_told"):
    """A case about this one learned who had handled it so far."""

    case_id: UUID
    handlers: tuple[UUID, ...]
    clause: str = "R4.23"


class PersonsBarred(Event, frozen=True, kw_only=True, tag="accountability_case.persons_barred"):
    """People became interested in this case through another one."""

    persons: tuple[UUID, ...]
    interest: Interest
    through_case: UUID
    clause: str = "R4.21"


class ReportVerified(Act, frozen=True, kw_only=True, tag="accountability_case.verified"):
    """The report holds, on these grounds."""

    findings: str
    grounds: tuple[Coded, ...]
    clause: str = "R4.14"
    rule_version: int


class AccountabilityProposed(Act, frozen=True, kw_only=True, tag="accountability_case.proposed"):
    """The office proposed to hold accountable."""

    proposal: str
    clause: str = "R4.14"


class CaseInitiated(Act, frozen=True, kw_only=True, tag="accountability_case.initiated"):
    """The leading group initiated the case; ``accused`` answer in it, for their part in ``about_case`` if there is one.

    The office of the college coordinates from here on.
    """

    reason: str
    accused: tuple[UUID, ...]
    about_case: UUID | None = None
    clause: str = "R4.14"


class CaseDismissed(Act, frozen=True, kw_only=True, tag="accountability_case.dismissed"):
    """The case ended without accountability, at a stage and for a reason."""

    stage: Literal["verification", "initiation", "opinion", "resolution"]
    reason: str
    clause: str = "R4.14"


class TeamFormed(Act, frozen=True, kw_only=True, tag="accountability_case.team_formed"):
    """An investigation team was formed, replacing any before it."""

    members: tuple[UUID, ...]
    leader: UUID
    clause: str = "R4.14"


class ExtensionRequested(Act, frozen=True, kw_only=True, tag="accountability_case.extension_requested"):
    """The team asked for more time."""

    reason: str
    clause: str = "R4.16"


class ExtensionApproved(Act, frozen=True, kw_only=True, tag="accountability_case.extension_approved"):
    """More time was given; ``clock`` is the limit as it runs now."""

    reason: str
    days: int
    clock: Clock
    clause: str = "R4.16"
    rule_version: int
    readings: dict[str, str]


class ExtensionDeclined(Act, frozen=True, kw_only=True, tag="accountability_case.extension_declined"):
    """More time was not given."""

    reason: str
    clause: str = "R4.16"


class ObstructionRecorded(Act, frozen=True, kw_only=True, tag="accountability_case.obstruction_recorded"):
    """Somebody stood in the way of the investigation; the role named is told. A member who did may not act here."""

    kind: Literal["refusal", "interference", "obstruction"]
    by_whom: str
    person: UUID | None
    happened_on: date
    description: str
    role: str
    channel: Channel
    clause: str = "R4.15"
    rule_version: int


class InvestigationReported(Act, frozen=True, kw_only=True, tag="accountability_case.investigation_reported"):
    """The written report is in; ``late`` when its limit had passed."""

    report: str
    evidence: Evidence
    late: bool
    clause: str = "R4.16"


class OpinionGiven(Act, frozen=True, kw_only=True, tag="accountability_case.opinion_given"):
    """The leading group's opinion and hearing report are there; the case goes to the body that resolves."""

    opinion: str
    hearing_report: str
    clause: str = "R4.14"


class CaseResolved(Act, frozen=True, kw_only=True, tag="accountability_case.resolved"):
    """The committee or the meeting resolved; ``attendees`` took part.

    It holds what the written decision says, the working days to ask for a review included.
    """

    body: Body
    attendees: tuple[UUID, ...]
    matter: str
    grounds: tuple[Coded, ...]
    verdicts: tuple[Verdict, ...]
    decided_on: date
    decided_at: datetime
    review_days: int
    clause: str = "R4.7"
    rule_version: int


class PersonRecused(Event, frozen=True, kw_only=True, tag="accountability_case.person_recused"):
    """Somebody may no longer act on the case: by his own word, on request, or by order."""

    person: UUID
    how: Literal["declared", "requested", "ordered"]
    ground: RecusalGround
    reason: str
    by: UUID
    request_id: UUID | None = None
    clause: str = "R4.21"


class RecusalRequested(Event, frozen=True, kw_only=True, tag="accountability_case.recusal_requested"):
    """Somebody asked that another withdraw."""

    request_id: UUID
    person: UUID
    ground: RecusalGround
    reason: str
    by: UUID
    clause: str = "R4.21"


class RecusalDeclined(Act, frozen=True, kw_only=True, tag="accountability_case.recusal_declined"):
    """A request for recusal was not granted."""

    request_id: UUID
    person: UUID
    reason: str
    clause: str = "R4.21"


class MergeRequested(Act, frozen=True, kw_only=True, tag="accountability_case.merge_requested"):
    """This case asks another one to take it in, with all that goes over."""

    into: UUID
    reason: str
    answer_by: datetime
    respondents: tuple[RespondentRecord, ...]
    grounds: tuple[str, ...]
    interested: tuple[InterestedPerson, ...]


class CaseAbsorbed(Event, frozen=True, kw_only=True, tag="accountability_case.absorbed"):
    """Another case was taken in."""

    source_case: UUID
    respondents: tuple[RespondentRecord, ...]
    grounds: tuple[str, ...]
    interested: tuple[InterestedPerson, ...]


class MergeDeclined(Event, frozen=True, kw_only=True, tag="accountability_case.merge_declined"):
    """Another case could not be taken in any more."""

    source_case: UUID
    why: str


class CaseMerged(Event, frozen=True, kw_only=True, tag="accountability_case.merged"):
    """This case lives on in another one."""

    into: UUID


class MergeRefused(Event, frozen=True, kw_only=True, tag="accountability_case.merge_refused"):
    """The other case did not take this one in, or did not answer; this one goes on by itself."""

    into: UUID
    answered: bool
