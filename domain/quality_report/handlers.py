"""How a report is compiled, written, submitted, and approved or returned (R15.5.1.3.2, R15.5.1.3.3)."""

from datetime import date, datetime, timedelta

from domain.appraisal import appraise
from domain.kernel import Context, Event, Refusal
from domain.quality_report import commands as c
from domain.quality_report import events as e
from domain.quality_report.state import QualityReportState
from domain.quality_terms import are_sound, every_of, forbidden, is_over, months_of, person_of, senseless, wrong_status
from domain.rules.r15 import R15Rules, in_force, version
from domain.rules.r15_duties import due_on

MONTHLY, ANNUAL = "R15.5.1.3.2", "R15.5.1.3.3"
MOST_MEASURES = 200
AHEAD_DAYS = 366


def compile_report(state: QualityReportState | None, command: c.CompileReport, context: Context) -> tuple[Event, ...]:
    """Take the figures of a period that is over; again, as long as the report is not before the general manager."""
    clause = MONTHLY if command.kind == "monthly" else ANNUAL
    person = person_of(context, clause)
    if state is not None:
        _must_be(state, "drafting")
    wanted = "month" if command.kind == "monthly" else "year"
    of_another = state is not None and (state.kind, state.period) != (command.kind, command.period)
    if every_of(command.period) != wanted or not is_over(command.period, context) or of_another:
        raise senseless("period_not_over", "须为已结束的期间", "Name a period that is over.", "period", clause)
    if not are_sound(command.figures):
        raise senseless("figures_senseless", "数据不当", "The figures make no sense.", "figures", clause)
    found = in_force(context, context.today)
    rules, year = found.values, command.kind == "annual"
    days = rules.annual_working_day if year else rules.report_working_day
    return (
        e.ReportCompiled(
            kind=command.kind,
            period=command.period,
            figures=command.figures,
            appraisals=tuple(appraise(one, rules) for one in command.figures) if year else (),
            position=command.position,
            duty_id=command.duty_id,
            due_on=_year_due(command.period, days, context)
            if year
            else due_on(months_of(command.period)[-1], days, rules, context.calendar),
            compiled_by=person,
            compiled_on=context.today,
            readings={"R15.5.1.3.3.missing_part": rules.missing_part}
            if year
            else {"R15.5.1.3.2.start_of_month": rules.start_of_month},
            clause=clause,
            rule_version=found.version,
        ),
    )


def write(state: QualityReportState, command: c.WriteReport, context: Context) -> tuple[Event, ...]:
    """Add to the figures what they do not say."""
    person = person_of(context, state.clause)
    _must_be(state, "drafting")
    return (
        e.ReportWritten(
            achievements=command.achievements,
            problems=command.problems,
            causes=command.causes,
            written_by=person,
            clause=state.clause,
        ),
    )


def add_measure(state: QualityReportState, command: c.AddMeasure, context: Context) -> tuple[Event, ...]:
    """Propose a measure with person and day."""
    person = person_of(context, state.clause)
    _must_be(state, "drafting")
    if state.numbered >= MOST_MEASURES:
        raise Refusal("too_many_measures", zh="措施过多", en="There are too many measures.", clause=state.clause)
    due_at, escalates_at = due_times(command.due_on, version(context, state.rule_version).values, context, state)
    measure = e.ReportMeasure(
        number=state.numbered + 1,
        kind=command.kind,
        department=command.department,
        action=command.action,
        person=command.person,
        due_on=command.due_on,
        due_at=due_at,
        escalates_at=escalates_at,
    )
    return (e.MeasureAdded(measure=measure, added_by=person, clause=state.clause, rule_version=state.rule_version),)


def drop_measure(state: QualityReportState, command: c.DropMeasure, _: Context) -> tuple[Event, ...]:
    """Take a proposed measure out."""
    _must_be(state, "drafting")
    if command.number not in state.measures:
        raise senseless("no_such_measure", "没有该措施", "There is no such measure.", "number", state.clause)
    return (e.MeasureDropped(number=command.number, clause=state.clause),)


def submit(state: QualityReportState, _: c.SubmitReport, context: Context) -> tuple[Event, ...]:
    """Submit what is written; problems in the figures need their causes and at least one measure."""
    person = person_of(context, state.clause)
    _must_be(state, "drafting")
    lacking = [] if state.achievements else ["achievements"]
    if any(one.problems or one.missed for one in state.figures):
        lacking += [name for name in ("problems", "causes") if not getattr(state, name)]
        lacking += [] if state.measures else ["measures"]
    if lacking:
        raise Refusal(
            "report_incomplete",
            zh="报告内容不全：有问题的须写明问题、原因并提出措施",
            en="The report is incomplete: problems need causes and measures.",
            clause=state.clause,
            details={"lacking": lacking},
        )
    return (
        e.ReportSubmitted(
            kind=state.kind,
            period=state.period,
            round=state.round + 1,
            submitted_by=person,
            submitted_at=context.now,
            due_on=state.due_on,
            late=context.today > state.due_on,
            duty_id=state.duty_id,
            clause=state.clause,
            rule_version=state.rule_version,
        ),
    )


def approve(state: QualityReportState, command: c.ApproveReport, context: Context) -> tuple[Event, ...]:
    """Approve it as it stands; nobody approves what he compiled, wrote or submitted."""
    person = person_of(context, state.clause)
    _must_be(state, "submitted")
    if person in state.authors:
        raise forbidden(
            "own_report", "编制人不得批准本人编制的报告", "Nobody approves a report of his own.", state.clause
        )
    return (
        e.ReportApproved(
            kind=state.kind,
            period=state.period,
            figures=state.figures,
            measures=tuple(one.measure for one in state.measures.values()),
            remark=command.remark,
            approved_by=person,
            approved_on=context.today,
            clause=state.clause,
            rule_version=state.rule_version,
        ),
    )


def send_back(state: QualityReportState, command: c.ReturnReport, context: Context) -> tuple[Event, ...]:
    """Return it with the reasons."""
    person = person_of(context, state.clause)
    _must_be(state, "submitted")
    return (
        e.ReportReturned(reason=command.reason, returned_by=person, compiled_by=state.compiled_by, clause=state.clause),
    )


def due_times(due: date, rules: R15Rules, context: Context, state: QualityReportState) -> tuple[datetime, datetime]:
    """When a measure's day is over, and when its delay goes up to the general manager."""
    if not 0 <= (due - context.today).days <= AHEAD_DAYS:
        raise senseless(
            "date_out_of_bounds", "完成日期不当", "The day is past or too far ahead.", "due_on", state.clause
        )
    calendar = context.calendar
    return calendar.end_of_day(due), calendar.end_of_day(due + timedelta(days=rules.measure_escalation_days))


def _year_due(year: str, working_day: int, context: Context) -> date:
    return context.calendar.add_working_days(date(int(year), 12, 31), working_day)


def _must_be(state: QualityReportState, *statuses: str) -> None:
    if state.status not in statuses:
        raise wrong_status(state.status, state.clause, *statuses)
