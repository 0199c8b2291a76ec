"""Quality monitoring is put on paper: closed liaison sheets, approved reports, assessments of goals (R15.6)."""

from uuid import UUID

from domain.documents.quality import (
    AnnualReport,
    GoalAssessment,
    LiaisonPaper,
    MonthlyReport,
    PrintedGoal,
    PrintedMeasure,
)
from domain.documents.sheet import Person
from domain.kernel import Cause, Dispatch, Reaction
from domain.liaison_sheet import LiaisonSheetState
from domain.liaison_sheet.messages import LiaisonClosed
from domain.quality_goal.messages import GoalsAssessed
from domain.quality_report import QualityReportState
from domain.quality_report.events import ReportApproved
from domain.reactions.drawing import Form, document_id, drawing


def draw_liaison(_: LiaisonClosed, cause: Cause, state: LiaisonSheetState) -> tuple[Dispatch, ...]:
    """A liaison sheet that is settled."""
    contents = LiaisonPaper(
        from_department=state.from_department,
        to_department=state.to_department,
        subject=state.subject,
        content=state.content,
        issued_on=state.issued_on,
        issued_by=Person(id=state.issued_by),
        answer=state.answer,
        answered_on=state.answered_on,
        answered_by=_person(state.answered_by),
        late=state.late,
        evaluation=state.evaluation,
    )
    return _drawn("liaison_sheet", Form(contents, state.rule_version), cause)


def draw_report(event: ReportApproved, cause: Cause, state: QualityReportState) -> tuple[Dispatch, ...]:
    """A report as it was approved, with the figures that stand."""
    measures = tuple(
        PrintedMeasure(
            kind=one.kind,
            department=one.department,
            action=one.action,
            person=Person(id=one.person),
            due_on=one.due_on,
        )
        for one in event.measures
    )
    contents: MonthlyReport | AnnualReport
    if event.kind == "monthly":
        contents = MonthlyReport(
            period=event.period,
            figures=event.figures,
            achievements=state.achievements,
            problems=state.problems,
            causes=state.causes,
            measures=measures,
            compiled_by=Person(id=state.compiled_by),
            approved_by=Person(id=event.approved_by),
            approved_on=event.approved_on,
            remark=event.remark,
        )
        return _drawn("monthly_quality_report", Form(contents, event.rule_version), cause)
    contents = AnnualReport(
        period=event.period,
        figures=event.figures,
        appraisals=state.appraisals,
        achievements=state.achievements,
        problems=state.problems,
        causes=state.causes,
        measures=measures,
        compiled_by=Person(id=state.compiled_by),
        approved_by=Person(id=event.approved_by),
        approved_on=event.approved_on,
        remark=event.remark,
    )
    return _drawn("annual_quality_report", Form(contents, event.rule_version), cause)


def draw_assessment(event: GoalsAssessed, cause: Cause) -> tuple[Dispatch, ...]:
    """A department's goals of a period; each assessment is a paper of its own."""
    contents = GoalAssessment(
        department=event.department,
        period=event.period,
        goals=tuple(
            PrintedGoal(
                indicator=line.indicator,
                unit=line.unit,
                period=line.period,
                direction=line.direction,
                target=line.target,
                weight=line.weight,
                value=line.value,
                achieved=line.achieved,
            )
            for line in event.lines
        ),
        achieved_percent=event.achieved_percent,
        evaluation=event.evaluation,
        assessed_by=Person(id=event.assessed_by),
        assessed_on=event.assessed_on,
    )
    return _drawn("goal_assessment", Form(contents, None), cause)


def _drawn(kind: str, form: Form, cause: Cause) -> tuple[Dispatch, ...]:
    own = document_id(kind, cause.stream_id, cause.stream_version)
    return (Dispatch("document", own, drawing(form, cause.stream_id, cause.stream_version)),)


def _person(person: UUID | None) -> Person | None:
    return None if person is None else Person(id=person)


REACTIONS = (
    Reaction(name="draw_liaison", events=(LiaisonClosed,), react=draw_liaison, with_state=True),
    Reaction(name="draw_quality_report", events=(ReportApproved,), react=draw_report, with_state=True),
    Reaction(name="draw_goal_assessment", events=(GoalsAssessed,), react=draw_assessment),
)
