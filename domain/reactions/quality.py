"""Quality monitoring: departments have duties and sheets, sheets meet duties, problems are followed up (R15.5.1)."""

from domain.award_application import messages as a
from domain.duty import commands as d
from domain.duty_terms import Scope
from domain.kernel import Cause, Dispatch, Reaction
from domain.nonconformity import NonconformityState
from domain.nonconformity.commands import RaiseFromSource
from domain.nonconformity.events import CorrectionVerified
from domain.quality_report.events import ReportSubmitted
from domain.quality_sheet import QUALITY_SHEET, sheets_id
from domain.quality_sheet import messages as q
from domain.quality_terms import SheetFrame
from domain.reactions.duty_sets import DutySet, changed, ended, handed
from domain.service_department import messages as s

AWARD = "award_application"


def set_up(event: s.DepartmentRegistered, cause: Cause) -> tuple[Dispatch, ...]:
    """A department's duties open, and its first month's sheets."""
    duties = DutySet(cause.stream_id, Scope(kind="department", id=cause.stream_id, name=event.name))
    opened = (duties.opened(one.duty_id, one.terms, one.holder, one.begins_on) for one in event.duties)
    return (*opened, _framed(event.frame))


def hand_on(event: s.DepartmentRevised, _: Cause) -> tuple[Dispatch, ...]:
    """Another head takes the duties over, and the sheets go on within the new frame."""
    duties = (handed(one.duty_id, one.holder, "部门负责人变更") for one in event.handed if one.holder is not None)
    return (*duties, _framed(event.frame))


def change_terms(event: s.DepartmentRulesApplied, _: Cause) -> tuple[Dispatch, ...]:
    """The duties take over what the rules now say."""
    return tuple(changed(one.duty_id, one.terms) for one in event.changed if one.terms is not None)


def begin_month(event: s.MonthTurned, _: Cause) -> tuple[Dispatch, ...]:
    """Another month's sheets begin."""
    return (_framed(event.frame),)


def end_duties(event: s.DepartmentClosed, _: Cause) -> tuple[Dispatch, ...]:
    """A closed department owes nothing."""
    return tuple(ended(one, event.reason) for one in event.ended)


def meet_by_sheet(event: q.SheetFiled | q.SheetsSubmitted, cause: Cause) -> tuple[Dispatch, ...]:
    """A sheet of its own day meets the day's duty, a submission in time the month's; what is late meets none."""
    if event.late:
        return ()
    at = event.filed_at if isinstance(event, q.SheetFiled) else event.submitted_at
    credit = d.CreditDuty(at=at, by=event.head, source=f"quality_sheet:{cause.stream_id}")
    return (Dispatch("duty", event.duty_id, credit),)


def follow_up(event: q.SheetFiled | q.SheetAmended, cause: Cause) -> tuple[Dispatch, ...]:
    """A problem that was not corrected at once is a nonconformity with the sheet as its source (R15.5.1.3.1)."""
    by = event.filed_by if isinstance(event, q.SheetFiled) else event.amended_by
    return tuple(
        Dispatch(
            "nonconformity",
            one.nonconformity_id,
            RaiseFromSource(
                clause="R15.5.1.3.1",
                subject=one.subject,
                description=one.note,
                source_noun=QUALITY_SHEET.noun,
                source_id=cause.stream_id,
                found_by=by,
            ),
        )
        for one in event.raised
    )


def meet_by_report(event: ReportSubmitted, cause: Cause) -> tuple[Dispatch, ...]:
    """A report that is submitted in time for the first time meets the quality department's duty."""
    if event.late or event.duty_id is None or event.round > 1:
        return ()
    credit = d.CreditDuty(at=event.submitted_at, by=event.submitted_by, source=f"quality_report:{cause.stream_id}")
    return (Dispatch("duty", event.duty_id, credit),)


def follow_up_check(event: a.ItemChecked, cause: Cause) -> tuple[Dispatch, ...]:
    """What a self-check found is a nonconformity that stands in the way of the application (R15.5.1.4)."""
    if event.nonconformity_id is None:
        return ()
    command = RaiseFromSource(
        clause="R15.5.1.4",
        subject=event.subject,
        description=event.note,
        source_noun=AWARD,
        source_id=cause.stream_id,
        project_id=event.project_id,
        found_by=event.checked_by,
        evidence=event.evidence,
    )
    return (Dispatch("nonconformity", event.nonconformity_id, command),)


def clear_problem(_: CorrectionVerified, cause: Cause, state: NonconformityState) -> tuple[Dispatch, ...]:
    """Once its correction is verified, it stands in the way no longer."""
    if state.source_noun != AWARD or state.source_id is None:
        return ()
    return (Dispatch(AWARD, state.source_id, a.ClearProblem(nonconformity_id=cause.stream_id)),)


def _framed(frame: SheetFrame) -> Dispatch:
    return Dispatch(QUALITY_SHEET.noun, sheets_id(frame.department_id, frame.month), q.FrameSheets(frame=frame))


REACTIONS = (
    Reaction(name="set_up_department", events=(s.DepartmentRegistered,), react=set_up),
    Reaction(name="hand_on_department", events=(s.DepartmentRevised,), react=hand_on),
    Reaction(name="change_department_terms", events=(s.DepartmentRulesApplied,), react=change_terms),
    Reaction(name="begin_department_month", events=(s.MonthTurned,), react=begin_month),
    Reaction(name="end_department_duties", events=(s.DepartmentClosed,), react=end_duties),
    Reaction(name="meet_by_sheet", events=(q.SheetFiled, q.SheetsSubmitted), react=meet_by_sheet),
    Reaction(name="follow_up_sheet", events=(q.SheetFiled, q.SheetAmended), react=follow_up),
    Reaction(name="meet_by_report", events=(ReportSubmitted,), react=meet_by_report),
    Reaction(name="follow_up_check", events=(a.ItemChecked,), react=follow_up_check),
    Reaction(name="clear_problem", events=(CorrectionVerified,), react=clear_problem, with_state=True),
)
