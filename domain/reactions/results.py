"""A month has a result: the project counts it, then the deposit settles it (R14.5)."""

from domain.assessment.events import AssessmentClosed, AssessmentReassessed
from domain.contract_deposit.commands import SettleMonth
from domain.kernel import Cause, Dispatch, Reaction, derived_id
from domain.property_project.commands import RecordMonthResult
from domain.property_project.events import MonthRecorded, MonthRevised


def record_month_result(event: AssessmentClosed | AssessmentReassessed, cause: Cause) -> tuple[Dispatch, ...]:
    """The project takes over each scorecard of its months."""
    command = RecordMonthResult(
        month=event.month,
        assessment_id=cause.stream_id,
        revision=event.revision,
        score=event.scorecard.score,
        band=event.scorecard.band,
        vetoed=bool(event.scorecard.vetoes),
        rule_version=event.rule_version,
        source_version=cause.stream_version,
    )
    return (Dispatch("property_project", event.project_id, command),)


def settle_month(event: MonthRecorded | MonthRevised, cause: Cause) -> tuple[Dispatch, ...]:
    """The deposit follows each result that the project recorded."""
    command = SettleMonth(
        month=event.month,
        assessment_id=event.assessment_id,
        revision=event.revision,
        band=event.band,
        rule_version=event.rule_version,
        source_version=event.source_version,
    )
    return (Dispatch("contract_deposit", derived_id(cause.stream_id, "deposit"), command),)


REACTIONS = (
    Reaction(
        name="record_month_result",
        events=(AssessmentClosed, AssessmentReassessed),
        react=record_month_result,
    ),
    Reaction(name="settle_month", events=(MonthRecorded, MonthRevised), react=settle_month),
)
