"""A project begins: its deposit is opened; a month begins: its assessment is opened and its group seated."""

from domain.assessment.commands import OpenAssessment, SeatRepresentatives
from domain.contract_deposit.commands import OpenDeposit
from domain.kernel import Cause, Dispatch, Reaction, derived_id
from domain.property_project.events import MonthOpened, ProjectRegistered, RepresentativesDrawn


def open_deposit(event: ProjectRegistered, cause: Cause) -> tuple[Dispatch, ...]:
    """Each contract has its deposit (R14.5)."""
    command = OpenDeposit(
        project_id=cause.stream_id,
        contractor=event.contractor,
        agreed_fen=event.agreed_deposit_fen,
        contract_from=event.contract_from,
        contract_to=event.contract_to,
    )
    return (Dispatch("contract_deposit", derived_id(cause.stream_id, "deposit"), command),)


def open_assessment(event: MonthOpened, cause: Cause) -> tuple[Dispatch, ...]:
    """Each opened month has its assessment (R14.3)."""
    command = OpenAssessment(
        project_id=cause.stream_id,
        project_name=event.project_name,
        contractor=event.contractor,
        month=event.month,
    )
    return (Dispatch("assessment", event.assessment_id, command),)


def seat_representatives(event: RepresentativesDrawn, cause: Cause) -> tuple[Dispatch, ...]:
    """Who was drawn sits in the month's group (R14.4)."""
    command = SeatRepresentatives(
        staff=event.staff,
        students=event.students,
        seed=event.seed,
        drawn_by_event_version=cause.stream_version,
    )
    return (Dispatch("assessment", derived_id(cause.stream_id, "assessment", event.month), command),)


REACTIONS = (
    Reaction(name="open_deposit", events=(ProjectRegistered,), react=open_deposit),
    Reaction(name="open_assessment", events=(MonthOpened,), react=open_assessment),
    Reaction(name="seat_representatives", events=(RepresentativesDrawn,), react=seat_representatives),
)
