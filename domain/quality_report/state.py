"""Where a service quality report stands, and which of its measures are owed."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.appraisal import Appraisal
from domain.kernel import Deadline, Event, State
from domain.quality_report import events as e
from domain.quality_report.commands import Kind, LapseMeasure
from domain.quality_terms import DepartmentFigures

MeasureStatus = Literal["proposed", "open", "done", "effective"]


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """A measure and how far it is; ``lapsed`` is the level that its delay has reached."""

    measure: e.ReportMeasure
    status: MeasureStatus = "proposed"
    lapsed: int = 0


class QualityReportState(State, frozen=True, kw_only=True):
    """One report (服务质量报告), of a month or a year. ``authors`` compiled or wrote it, and cannot approve it."""

    kind: Kind
    period: str
    figures: tuple[DepartmentFigures, ...]
    appraisals: tuple[Appraisal, ...]
    position: int
    duty_id: UUID | None
    due_on: date
    compiled_by: UUID
    authors: tuple[UUID, ...]
    rule_version: int
    clause: str
    round: int = 0
    achievements: str = ""
    problems: str = ""
    causes: str = ""
    measures: dict[int, Tracked] = msgspec.field(default_factory=dict)
    numbered: int = 0
    submitted_by: UUID | None = None
    approved_by: UUID | None = None
    approved_on: date | None = None
    remark: str = ""


def deadlines(state: QualityReportState) -> tuple[Deadline, ...]:
    """The days of measures that are still to be taken, and when their delay goes further up."""
    if state.status != "approved":
        return ()
    return tuple(
        Deadline(
            f"measure:{number}:{one.measure.due_on}:{one.lapsed + 1}",
            one.measure.due_at if one.lapsed == 0 else one.measure.escalates_at,
            LapseMeasure(number=number, level=one.lapsed + 1),
        )
        for number, one in state.measures.items()
        if one.status == "open" and one.lapsed < 2  # noqa: PLR2004 - two levels
    )


def evolve(state: QualityReportState | None, event: Event) -> QualityReportState:  # noqa: PLR0911 - a branch an event
    """Fold one event."""
    if isinstance(event, e.ReportCompiled):
        return _compiled(state, event)
    if state is None:
        raise TypeError(f"a report does not begin with {type(event).__name__}")
    match event:
        case e.ReportWritten():
            return replace(
                _by(state, event.written_by),
                achievements=event.achievements,
                problems=event.problems,
                causes=event.causes,
            )
        case e.MeasureAdded():
            number = event.measure.number
            measures = {**state.measures, number: Tracked(measure=event.measure)}
            return replace(_by(state, event.added_by), measures=measures, numbered=number)
        case e.MeasureDropped():
            kept = {number: one for number, one in state.measures.items() if number != event.number}
            return replace(state, measures=kept)
        case e.ReportSubmitted():
            submitted = _by(state, event.submitted_by)
            return replace(submitted, status="submitted", round=event.round, submitted_by=event.submitted_by)
        case e.ReportReturned():
            return replace(state, status="drafting")
        case e.ReportApproved():
            return replace(
                state,
                status="approved",
                approved_by=event.approved_by,
                approved_on=event.approved_on,
                remark=event.remark,
                measures={number: replace(one, status="open") for number, one in state.measures.items()},
            )
    return _measure(state, event)


def _measure(state: QualityReportState, event: Event) -> QualityReportState:
    match event:
        case e.MeasureCompleted():
            return _with(state, event.number, status="done")
        case e.MeasureVerified():
            return _with(state, event.number, status="effective")
        case e.MeasureReopened():
            again = replace(
                state.measures[event.number].measure,
                due_on=event.due_on,
                due_at=event.due_at,
                escalates_at=event.escalates_at,
            )
            return _with(state, event.number, measure=again, status="open", lapsed=0)
        case e.MeasureOverdue():
            return _with(state, event.number, lapsed=event.level)
    raise TypeError(f"a report knows no {type(event).__name__}")


def _compiled(state: QualityReportState | None, event: e.ReportCompiled) -> QualityReportState:
    facts: dict[str, Any] = {
        name: getattr(event, name)
        for name in (
            *("kind", "period", "figures", "appraisals", "position", "duty_id", "due_on", "compiled_by"),
            *("rule_version", "clause"),
        )
    }
    if state is None:
        return QualityReportState(status="drafting", authors=(event.compiled_by,), **facts)
    return replace(_by(state, event.compiled_by), **facts)


def _by(state: QualityReportState, author: UUID) -> QualityReportState:
    return state if author in state.authors else replace(state, authors=(*state.authors, author))


def _with(state: QualityReportState, number: int, **changes: Any) -> QualityReportState:
    changed = replace(state.measures[number], **changes)
    return replace(state, measures={**state.measures, number: changed})
