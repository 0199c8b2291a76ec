"""Quality monitoring's lists: sheets by department, goals against actuals, reports, measures with their age."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from domain.periods import first_day, last_day
from projections.asking import Question
from projections.kernel import Connection
from projections.quality import QUALITY

PROJECTION = QUALITY.name
REPORT_STATUSES = {
    "drafting": Text("编制中", "being written"),
    "submitted": Text("待批准", "awaiting approval"),
    "approved": Text("已批准", "approved"),
}
MEASURE_STATUSES = {
    "open": Text("待完成", "to be taken"),
    "done": Text("待验证", "awaiting verification"),
    "effective": Text("已见效", "has its effect"),
}
MOST, MOST_PLACES = 2_000, 100_000


class SheetMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A department's sheets of a month: ``missing`` windows of the daily duty ended without one."""

    department_id: UUID
    department: str
    month: str
    sheets_id: UUID
    filed: int
    late: int
    missing: int
    percent: Decimal | None
    problems: int
    raised: int
    submit_by: date
    submitted_at: datetime | None
    submitted_late: bool


class GoalActual(msgspec.Struct, frozen=True, kw_only=True):
    """What a goal came to in a period, against the target of then."""

    period: str
    value: Decimal
    target: Decimal
    achieved: bool


class GoalActuals(msgspec.Struct, frozen=True, kw_only=True):
    """A goal as it is measured now, with what it came to so far."""

    code: str
    year: str
    parent: str | None
    department_id: UUID | None
    department: str
    process: str
    indicator: str
    unit: str
    direction: str
    target: Decimal
    every: str
    weight: Decimal
    person: UUID
    actuals: list[GoalActual]


class ListedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report and how far it is."""

    report_id: UUID
    kind: str
    period: str
    status: str
    status_label: Text
    due_on: date
    submitted_at: datetime | None
    late: bool
    approved_on: date | None
    compiled_by: UUID
    approved_by: UUID | None
    measures: int


class ListedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of an approved report; ``age_days`` since the approval, ``level`` is how far its delay went up."""

    report_id: UUID
    number: int
    period: str
    kind: str
    department: str
    action: str
    person: UUID
    opened_on: date
    due_on: date
    status: str
    status_label: Text
    level: int
    overdue: bool
    age_days: int


def months_question(tenant: UUID, month: str, department: UUID | None = None) -> Question:
    """The statement for the departments' sheets of a month."""
    question = Question("quality_months", tenant).where("m.month = {}", month).where("m.department_id = {}", department)
    return question.then("order by m.department_id")


def all_months_question(tenant: UUID) -> Question:
    """The statement for every month that a department kept sheets of."""
    return Question("quality_months", tenant).then("order by m.month, m.department_id")


def sheet_sums_question(tenant: UUID, first: date, last: date) -> Question:
    """The statement for what the sheets of some days add up to, by department."""
    question = Question("quality_sheet_sums", tenant).where("s.day >= {}", first).where("s.day <= {}", last)
    return question.then("group by s.department_id")


def places_question(tenant: UUID) -> Question:
    """The statement for the places whose duties count as a department's own."""
    return Question("quality_places", tenant).then("order by p.department_id, p.scope_id")


def duty_sums_question(tenant: UUID, scopes: list[UUID], first: date, last: date) -> Question:
    """The statement for how the windows that ended on some days did, by place."""
    question = Question("quality_duty_sums", tenant).where("d.scope_id = any ({})", scopes)
    return question.where("d.day >= {}", first).where("d.day <= {}", last).then("group by d.scope_id")


def actuals_question(tenant: UUID, goals: UUID, department: UUID | None = None) -> Question:
    """The statement for a year's goals with their measurements."""
    question = Question("quality_actuals", tenant).where("g.goals_id = {}", goals)
    return question.where("g.department_id = {}", department).then("order by g.code, m.period")


def report_question(tenant: UUID, after: tuple[str, UUID] | None = None, kind: str | None = None) -> Question:
    """The statement for reports, by period."""
    question = Question("quality_report_list", tenant).where("r.kind = {}", kind)
    if after is not None:
        question.where("(r.period, r.report_id) > ({}, {})", *after)
    return question.then("order by r.period, r.report_id")


def measure_question(tenant: UUID, status: str = "open", after: tuple[date, UUID, int] | None = None) -> Question:
    """The statement for measures, what is due first at the top."""
    question = Question("quality_measure_list", tenant).where("m.status = {}", status)
    if after is not None:
        question.where("(m.due_on, m.report_id, m.number) > ({}, {}, {})", *after)
    return question.then("order by m.due_on, m.report_id, m.number")


async def places(connection: Connection, tenant: UUID) -> list[tuple[UUID, UUID]]:
    """Each department with each of its places."""
    rows = await places_question(tenant).rows(connection, MOST_PLACES)
    return [(row["department_id"], row["scope_id"]) for row in rows]


async def duty_sums(
    connection: Connection, tenant: UUID, owned: list[tuple[UUID, UUID]], first: date, last: date
) -> dict[UUID, Counter[str]]:
    """How the windows that ended on some days did, by department, at all its places.

    Places are joined here and not in the statement: on a young table the database, which knows nothing of its size yet,
    reads all days once for each place.
    """
    question = duty_sums_question(tenant, [scope for _, scope in owned], first, last)
    by_place = {row["scope_id"]: row for row in await question.rows(connection, MOST_PLACES)}
    return gathered(owned, by_place, ("met", "missed", "excused", "missing"))


def gathered(
    owned: list[tuple[UUID, UUID]], by_place: dict[UUID, Any], names: tuple[str, ...]
) -> dict[UUID, Counter[str]]:
    """What is known by place, added up for each department."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for department, place in owned:
        if place in by_place:
            found[department].update({name: by_place[place][name] for name in names})
    return found


async def sheet_months(
    connection: Connection, tenant: UUID, month: str, *, department: UUID | None, zone: tzinfo
) -> list[SheetMonth]:
    """The departments' sheets of a month, and how many are missing."""
    first, last = first_day(month), last_day(month)
    sums = _by_department(await sheet_sums_question(tenant, first, last).rows(connection, MOST))
    duties = await duty_sums(connection, tenant, await places(connection, tenant), first, last)
    rows = await months_question(tenant, month, department).rows(connection, MOST)
    return [_month(row, sums.get(row["department_id"]), duties.get(row["department_id"]), zone) for row in rows]


async def actuals(connection: Connection, tenant: UUID, goals: UUID, department: UUID | None) -> list[GoalActuals]:
    """A year's goals, each with what it came to."""
    found: dict[str, GoalActuals] = {}
    for row in await actuals_question(tenant, goals, department).rows(connection, MOST * 12):
        shown = dict(row)
        period, value, target, achieved = (
            shown.pop(name) for name in ("period", "value", "measured_target", "achieved")
        )
        goal = found.setdefault(shown["code"], GoalActuals(actuals=[], **shown))
        if period is not None:
            goal.actuals.append(GoalActual(period=period, value=value, target=target, achieved=achieved))
    return list(found.values())


async def reports(  # noqa: PLR0913 - what a list is asked with
    connection: Connection,
    tenant: UUID,
    *,
    after: tuple[str, UUID] | None,
    kind: str | None,
    zone: tzinfo,
    limit: int,
) -> list[ListedReport]:
    """The reports asked for."""
    rows = await report_question(tenant, after, kind).rows(connection, limit)
    return [
        ListedReport(
            **{**dict(row), "submitted_at": _local(row["submitted_at"], zone)},
            status_label=REPORT_STATUSES[row["status"]],
        )
        for row in rows
    ]


async def measures(  # noqa: PLR0913 - what a list is asked with
    connection: Connection,
    tenant: UUID,
    *,
    status: str,
    after: tuple[date, UUID, int] | None,
    today: date,
    limit: int,
) -> list[ListedMeasure]:
    """The measures asked for."""
    rows = await measure_question(tenant, status, after).rows(connection, limit)
    return [
        ListedMeasure(
            **dict(row),
            status_label=MEASURE_STATUSES[row["status"]],
            overdue=row["status"] == "open" and row["due_on"] < today,
            age_days=(today - row["opened_on"]).days,
        )
        for row in rows
    ]


def _month(row: Any, sums: Any, duties: Any, zone: tzinfo) -> SheetMonth:
    filed = 0 if sums is None else sums["filed"]
    return SheetMonth(
        department_id=row["department_id"],
        department=row["department"],
        month=row["month"],
        sheets_id=row["sheets_id"],
        filed=filed,
        late=0 if sums is None else sums["late"],
        missing=0 if duties is None else duties["missing"],
        percent=mean(sums["percents"], filed) if sums is not None else None,
        problems=0 if sums is None else sums["problems"],
        raised=0 if sums is None else sums["raised"],
        submit_by=row["submit_by"],
        submitted_at=_local(row["submitted_at"], zone),
        submitted_late=row["late"],
    )


def mean(total: Decimal | None, count: int) -> Decimal | None:
    """The mean, to two decimals, half up; none of nothing."""
    return None if total is None or not count else (total / count).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _by_department(rows: Sequence[Any]) -> dict[UUID, Any]:
    return {row["department_id"]: row for row in rows}


def _local(instant: datetime | None, zone: tzinfo) -> datetime | None:
    return None if instant is None else instant.astimezone(zone)
