"""How a month is opened, its group seated, its results gathered, and how it is closed."""

from datetime import timedelta

from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.guards import not_closed, rules_of, scored
from domain.assessment.lacks import lacks
from domain.assessment.state import AssessmentState
from domain.kernel import Context, Event, Refusal
from domain.periods import first_day, last_day
from domain.rules.r14 import in_force


def open_assessment(_: None, command: c.OpenAssessment, context: Context) -> tuple[Event, ...]:
    """Open a month under the version in force on its first day (R14.6); a later version does not touch it."""
    applied = in_force(context, first_day(command.month))
    rules = applied.values
    closes_on = last_day(command.month) - timedelta(days=rules.survey_closes_days_before_month_end)
    return (
        e.AssessmentOpened(
            project_id=command.project_id,
            project_name=command.project_name,
            contractor=command.contractor,
            month=command.month,
            survey_closes_on=closes_on,
            survey_closes_at=context.calendar.end_of_day(closes_on),
            awaited=tuple(
                e.AwaitedContent(content.code, content.zh, content.en)
                for content in rules.contents
                if content.awaits_result
            ),
            staff_representatives=rules.staff_representatives,
            student_representatives=rules.student_representatives,
            ballots_required=rules.no_ballots == "refuse",
            rule_version=applied.version,
        ),
    )


def seat(state: AssessmentState, command: c.SeatRepresentatives, _: Context) -> tuple[Event, ...]:
    """Seat the representatives drawn; the same draw told twice happens once, a later draw replaces it."""
    not_closed(state)
    if command.drawn_by_event_version <= state.drawn_by_event_version:
        return ()
    return (
        e.RepresentativesSeated(
            staff=command.staff,
            students=command.students,
            seed=command.seed,
            drawn_by_event_version=command.drawn_by_event_version,
        ),
    )


def submit_result(state: AssessmentState, command: c.SubmitContentResult, _: Context) -> tuple[Event, ...]:
    """Declare the result for one content complete, once."""
    not_closed(state)
    if all(content.code != command.content for content in state.awaited):
        raise Refusal(
            "content_not_awaited",
            zh="没有这一需报送的考核内容",
            en="No result is awaited for this content.",
            clause="R14.3",
            kind="value",
            field="content",
            details={"awaited": [content.code for content in state.awaited]},
        )
    if command.content in state.results:
        raise Refusal(
            "result_submitted",
            zh="该内容的考核结果已报送",
            en="The result for this content has been submitted already.",
            clause="R14.3",
            details={"department": state.results[command.content]},
        )
    return (e.ContentResultSubmitted(content=command.content, department=command.department, note=command.note),)


def close(state: AssessmentState, command: c.CloseAssessment, context: Context) -> tuple[Event, ...]:
    """Score the month by the rules it was opened under, once the survey is closed and gaps are filled or accepted."""
    not_closed(state)
    if state.status == "open":
        raise Refusal(
            "survey_open",
            zh="满意度调查尚未截止",
            en="The survey has not been closed yet.",
            clause="R14.3",
            details={"closes_on": state.survey_closes_on.isoformat()},
        )
    rules = rules_of(state, context)
    scorecard = scored(state, rules)
    gaps = tuple(lack.name for lack in lacks(state) if lack.weight == "gap")
    if gaps and command.accept_gaps_reason is None:
        raise Refusal(
            "gaps_not_accepted",
            zh="资料不全，须补齐或说明接受缺项的理由",
            en="Something is missing: complete it, or give the reason for accepting the gaps.",
            clause="R14.3",
            field="accept_gaps_reason",
            details={"gaps": list(gaps)},
        )
    return (
        e.AssessmentClosed(
            project_id=state.project_id,
            month=state.month,
            scorecard=scorecard,
            rule_version=state.rule_version,
            closed_on=context.today,
            gaps=gaps,
            accept_gaps_reason=command.accept_gaps_reason if gaps else None,
            summary_recipients=rules.summary_recipients,
        ),
    )
