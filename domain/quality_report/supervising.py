"""How the measures of an approved report are taken, verified, and followed up when they are late (R15.5.1.3.2)."""

from domain.kernel import Context, Event, Refusal
from domain.quality_report import commands as c
from domain.quality_report import events as e
from domain.quality_report.handlers import due_times
from domain.quality_report.state import QualityReportState, Tracked
from domain.quality_terms import forbidden, person_of, senseless, wrong_status
from domain.rules.r15 import version


def complete(state: QualityReportState, command: c.CompleteMeasure, context: Context) -> tuple[Event, ...]:
    """Say that it has been taken; the one whose it is does."""
    person = person_of(context, state.clause)
    tracked = _tracked(state, command.number, "open")
    if person != tracked.measure.person:
        raise forbidden("not_responsible", "只能由责任人办理", "Only who is responsible can say so.", state.clause)
    return (
        e.MeasureCompleted(
            number=command.number,
            note=command.note,
            evidence=command.evidence,
            late=context.today > tracked.measure.due_on,
            completed_by=person,
            completed_on=context.today,
            clause=state.clause,
        ),
    )


def verify(state: QualityReportState, command: c.VerifyMeasure, context: Context) -> tuple[Event, ...]:
    """Look at its effect; nobody looks at his own. Without effect it is to be taken anew by a day."""
    person = person_of(context, state.clause)
    tracked = _tracked(state, command.number, "done")
    if person == tracked.measure.person:
        raise forbidden("own_measure", "不得由责任人本人验证", "Nobody verifies his own measure.", state.clause)
    if command.effective:
        return (
            e.MeasureVerified(
                number=command.number,
                evaluation=command.evaluation,
                verified_by=person,
                verified_on=context.today,
                clause=state.clause,
            ),
        )
    if command.due_on is None:
        raise senseless(
            "day_needed", "须另定完成日期", "Name the day by which it is taken anew.", "due_on", state.clause
        )
    rules = version(context, state.rule_version).values
    due_at, escalates_at = due_times(command.due_on, rules, context, state)
    return (
        e.MeasureReopened(
            number=command.number,
            evaluation=command.evaluation,
            due_on=command.due_on,
            due_at=due_at,
            escalates_at=escalates_at,
            verified_by=person,
            clause=state.clause,
            rule_version=state.rule_version,
        ),
    )


def lapse(state: QualityReportState, command: c.LapseMeasure, context: Context) -> tuple[Event, ...]:
    """Its day has passed, or some days more: it is put before the level of the rules' ladder."""
    tracked = state.measures.get(command.number)
    due = tracked is not None and tracked.status == "open" and tracked.lapsed + 1 == command.level
    if state.status != "approved" or tracked is None or not due:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=state.clause)
    measure = tracked.measure
    if context.now < (measure.due_at if command.level == 1 else measure.escalates_at):
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause=state.clause)
    return (
        e.MeasureOverdue(
            number=command.number,
            level=command.level,
            person=measure.person,
            role=version(context, state.rule_version).values.measure_ladder[command.level - 1],
            due_on=measure.due_on,
            clause=state.clause,
        ),
    )


def _tracked(state: QualityReportState, number: int, status: str) -> Tracked:
    """A measure of an approved report, in a status."""
    if state.status != "approved":
        raise wrong_status(state.status, state.clause, "approved")
    found = state.measures.get(number)
    if found is None:
        raise senseless("no_such_measure", "没有该措施", "There is no such measure.", "number", state.clause)
    if found.status != status:
        raise wrong_status(found.status, state.clause, status)
    return found
