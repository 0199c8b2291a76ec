"""Folds quality monitoring: departments and their sheets, goals and their measurements, reports and their measures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.kernel import Event
from domain.periods import last_day
from domain.quality_goal import messages as g
from domain.quality_report import events as r
from domain.quality_sheet import messages as q
from domain.quality_terms import months_of
from domain.service_department import messages as s
from projections import quality_rows as rows
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows


class Work:
    """The rows that a batch works on."""

    def __init__(self) -> None:
        self.departments = Rows(rows.DEPARTMENTS)
        self.places = Rows(rows.PLACES)
        self.sheets = Rows(rows.SHEETS)
        self.months = Rows(rows.MONTHS)
        self.years = Rows(rows.YEARS)
        self.goals = Rows(rows.GOALS)
        self.measurements = Rows(rows.MEASUREMENTS)
        self.reports = Rows(rows.REPORTS)
        self.lines = Rows(rows.LINES)
        self.measures = Rows(rows.MEASURES)

    async def load(self, connection: Connection, tenant: UUID, build: int, streams: set[UUID]) -> None:
        """Read the rows of the streams at hand."""
        await self.departments.load(connection, tenant, build, department_id=streams)
        await self.places.load(connection, tenant, build, department_id=streams)
        await self.sheets.load(connection, tenant, build, sheets_id=streams)
        await self.months.load(connection, tenant, build, sheets_id=streams)
        await self.years.load(connection, tenant, build, goals_id=streams)
        await self.goals.load(connection, tenant, build, goals_id=streams)
        await self.measurements.load(connection, tenant, build, goals_id=streams)
        await self.reports.load(connection, tenant, build, report_id=streams)
        await self.measures.load(connection, tenant, build, report_id=streams)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """Write what changed."""
        await self.departments.write(connection, tenant, build)
        await self.places.write(connection, tenant, build)
        await self.sheets.write(connection, tenant, build)
        await self.months.write(connection, tenant, build)
        await self.years.write(connection, tenant, build)
        await self.goals.write(connection, tenant, build)
        await self.measurements.write(connection, tenant, build)
        await self.reports.write(connection, tenant, build)
        await self.lines.write(connection, tenant, build)
        await self.measures.write(connection, tenant, build)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = Work()
    await work.load(connection, tenant, build, {folded.stream_id for folded in batch})
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.write(connection, tenant, build)


def _department(work: Work, folded: Folded, event: s.DepartmentRegistered) -> None:
    row = rows.DepartmentRow(folded.stream_id, event.name, event.head, event.compiles, event.begins_on)
    work.departments.put(row)
    _places(work, folded.stream_id, event.projects)


def _revised(work: Work, folded: Folded, event: s.DepartmentRevised) -> None:
    row = work.departments.change(folded.stream_id)
    row.name, row.head = event.name, event.head
    _places(work, folded.stream_id, event.projects)


def _places(work: Work, department: UUID, projects: tuple[UUID, ...]) -> None:
    """The department itself and its projects, in place of those it had."""
    for known in [row for row in work.places.known() if row.department_id == department]:
        work.places.drop(department, known.scope_id)
    for scope in (department, *projects):
        work.places.put(rows.PlaceRow(department, scope))


def _closed(work: Work, folded: Folded, _: s.DepartmentClosed) -> None:
    work.departments.change(folded.stream_id).closed = True


def _framed(work: Work, folded: Folded, event: q.SheetsOpened | q.SheetsReframed) -> None:
    frame = event.frame
    work.months.put(
        rows.MonthRow(folded.stream_id, frame.department_id, frame.department, frame.month, frame.submit_by)
    )


def _filed(work: Work, folded: Folded, event: q.SheetFiled) -> None:
    work.sheets.put(
        rows.SheetRow(
            sheets_id=folded.stream_id,
            day=event.day,
            department_id=event.department_id,
            percent=event.percent,
            problems=event.problems,
            raised=len(event.raised),
            late=event.late,
        )
    )


def _amended(work: Work, folded: Folded, event: q.SheetAmended) -> None:
    row = work.sheets.change(folded.stream_id, event.day)
    row.percent, row.problems, row.raised = event.percent, event.problems, row.raised + len(event.raised)


def _submitted(work: Work, folded: Folded, event: q.SheetsSubmitted) -> None:
    row = work.months.change(folded.stream_id)
    row.submitted_at, row.late = event.submitted_at, event.late


def _planned(work: Work, folded: Folded, event: g.GoalsPlanned) -> None:
    work.years.put(rows.YearRow(folded.stream_id, folded.position, event.year, event.planned_by))


def _adopted(work: Work, folded: Folded, event: g.GoalsAdopted) -> None:
    row = work.years.change(folded.stream_id)
    row.status, row.adopted_by, row.adopted_on = "adopted", event.adopted_by, event.adopted_on


def _goal(work: Work, folded: Folded, event: g.GoalSet) -> None:
    goal = event.goal
    if work.goals.find(folded.stream_id, goal.code) is None:
        work.years.change(folded.stream_id).goals += 1
    facts = {name: getattr(goal, name) for name in rows.GoalRow.__struct_fields__ if name not in ("goals_id", "year")}
    work.goals.put(rows.GoalRow(goals_id=folded.stream_id, year=event.year, **facts))


def _dropped(work: Work, folded: Folded, event: g.GoalDropped) -> None:
    if work.goals.drop(folded.stream_id, event.code):
        work.years.change(folded.stream_id).goals -= 1


def _goal_revised(work: Work, folded: Folded, event: g.GoalRevised) -> None:
    row = work.goals.change(folded.stream_id, event.code)
    row.direction, row.target, row.person = event.direction, event.target, event.person


def _measured(work: Work, folded: Folded, event: g.GoalMeasured) -> None:
    work.measurements.put(
        rows.MeasurementRow(
            goals_id=folded.stream_id,
            code=event.code,
            period=event.period,
            last_on=last_day(months_of(event.period)[-1]),
            department_id=event.department_id,
            indicator=event.indicator,
            unit=event.unit,
            weight=event.weight,
            direction=event.direction,
            target=event.target,
            value=event.value,
            achieved=event.achieved,
        )
    )


def _corrected(work: Work, folded: Folded, event: g.MeasurementCorrected) -> None:
    row = work.measurements.change(folded.stream_id, event.code, event.period)
    row.value, row.achieved = event.value, event.achieved


def _compiled(work: Work, folded: Folded, event: r.ReportCompiled) -> None:
    known = work.reports.find(folded.stream_id)
    work.reports.put(
        rows.ReportRow(
            report_id=folded.stream_id,
            compiled_position=folded.position,
            kind=event.kind,
            period=event.period,
            status="drafting",
            due_on=event.due_on,
            compiled_by=event.compiled_by,
            measures=0 if known is None else known.measures,
        )
    )


def _report_submitted(work: Work, folded: Folded, event: r.ReportSubmitted) -> None:
    row = work.reports.change(folded.stream_id)
    row.status, row.late, row.submitted_at = "submitted", event.late, event.submitted_at


def _returned(work: Work, folded: Folded, _: r.ReportReturned) -> None:
    work.reports.change(folded.stream_id).status = "drafting"


def _approved(work: Work, folded: Folded, event: r.ReportApproved) -> None:
    row = work.reports.change(folded.stream_id)
    row.status, row.approved_on, row.approved_by = "approved", event.approved_on, event.approved_by
    row.measures = len(event.measures)
    for one in event.measures:
        work.measures.put(
            rows.MeasureRow(
                report_id=folded.stream_id,
                number=one.number,
                period=event.period,
                kind=one.kind,
                department=one.department,
                action=one.action,
                person=one.person,
                opened_on=event.approved_on,
                due_on=one.due_on,
            )
        )
    for line in event.figures if event.kind == "monthly" else ():
        work.lines.put(
            rows.LineRow(
                report_id=folded.stream_id,
                department_id=line.department_id,
                month=event.period,
                filed=line.filed,
                late=line.late,
                percent=line.percent,
                problems=line.problems,
                raised=line.raised,
            )
        )


def _status(status: str) -> Callable[[Work, Folded, Any], None]:
    def change(work: Work, folded: Folded, event: r.MeasureCompleted | r.MeasureVerified) -> None:
        work.measures.change(folded.stream_id, event.number).status = status

    return change


def _reopened(work: Work, folded: Folded, event: r.MeasureReopened) -> None:
    row = work.measures.change(folded.stream_id, event.number)
    row.status, row.due_on, row.level = "open", event.due_on, 0


def _overdue(work: Work, folded: Folded, event: r.MeasureOverdue) -> None:
    work.measures.change(folded.stream_id, event.number).level = event.level


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    s.DepartmentRegistered: _department,
    s.DepartmentRevised: _revised,
    s.DepartmentClosed: _closed,
    q.SheetsOpened: _framed,
    q.SheetsReframed: _framed,
    q.SheetFiled: _filed,
    q.SheetAmended: _amended,
    q.SheetsSubmitted: _submitted,
    g.GoalsPlanned: _planned,
    g.GoalsAdopted: _adopted,
    g.GoalSet: _goal,
    g.GoalDropped: _dropped,
    g.GoalRevised: _goal_revised,
    g.GoalMeasured: _measured,
    g.MeasurementCorrected: _corrected,
    r.ReportCompiled: _compiled,
    r.ReportSubmitted: _report_submitted,
    r.ReportReturned: _returned,
    r.ReportApproved: _approved,
    r.MeasureCompleted: _status("done"),
    r.MeasureVerified: _status("effective"),
    r.MeasureReopened: _reopened,
    r.MeasureOverdue: _overdue,
}

QUALITY = Projection(
    name="quality",
    schema_version=2,
    events=tuple(_STEPS),
    tables=(
        *("quality_departments", "quality_places", "quality_sheets", "quality_months", "quality_years"),
        "quality_goals",
        *("quality_measurements", "quality_reports", "quality_report_lines", "quality_measures"),
    ),
    fold=fold,
)
