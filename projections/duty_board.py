"""Who owes what until when, how levels and projects keep what they owe, and open nonconformities with their age."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from domain.periods import first_day, last_day
from projections.asking import Question
from projections.duties import DUTIES, NOBODY
from projections.kernel import Connection
from projections.labels import ClauseRef, clause_ref
from projections.nonconformities import NONCONFORMITIES

PROJECTION = DUTIES.name
ISSUES = NONCONFORMITIES.name
ISSUE_STATUSES = {
    "open": Text("待整改", "open"),
    "planned": Text("整改中", "planned"),
    "done": Text("待复查", "awaiting re-inspection"),
    "effective": Text("已关闭", "closed as effective"),
}
MOST_DAYS = 400


class OwedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """Something owed in the window from ``opens_at`` to ``closes_at``: done ``performed`` of ``times`` so far."""

    duty_id: UUID
    scope_kind: str
    scope_id: UUID | None
    scope_name: str
    role: str
    person: UUID | None
    kind: str
    title: Text
    clause: ClauseRef
    rule_version: int | None
    times: int
    performed: int
    in_a_row: int
    opens_at: datetime
    closes_at: datetime
    last_on: date


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """How a level kept what it owed in a month at a place; ``rate`` is met of met and missed, in per cent."""

    scope_id: UUID | None
    role: str
    month: str
    met: int
    missed: int
    excused: int
    rate: Decimal | None


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True):
    """How the windows that ended on a day did."""

    day: date
    met: int
    missed: int
    excused: int
    rate: Decimal | None


class OpenIssue(msgspec.Struct, frozen=True, kw_only=True):
    """A nonconformity; ``age_days`` since it was found, until today or until it was closed."""

    nonconformity_id: UUID
    position: int
    project_id: UUID | None
    clause: ClauseRef
    subject: str
    item_class: str | None
    area: str | None
    unit: str | None
    status: str
    status_label: Text
    round: int
    found_on: date
    age_days: int
    times_found: int
    liabilities: int
    corrector: UUID | None
    due_by: datetime | None
    overdue: bool
    closed_on: date | None


class OwedAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose duties: of a person, or of roles that no person is named for (``any_of`` joins both)."""

    person: UUID | None = None
    roles: tuple[str, ...] = ()
    scope: UUID | None = None
    opens_before: datetime
    after: tuple[datetime, UUID] | None = None


class DaysAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which days: of a place, a level, a person, between two dates."""

    scope: UUID | None = None
    role: str | None = None
    person: UUID | None = None
    first: date
    last: date


class IssuesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which nonconformities; without a status those that are not closed."""

    status: str | None = None
    project: UUID | None = None
    overdue: bool = False
    after: int | None = None


def owed_question(tenant: UUID, asked: OwedAsked) -> Question:
    """The statement, what closes first at the top."""
    question = Question("owed_duties", tenant).where("d.opens_at < {}", asked.opens_before)
    question.where("d.scope_id = {}", asked.scope)
    if asked.person is not None:
        question.where("(d.person = {} or d.person is null and d.role = any ({}))", asked.person, list(asked.roles))
    elif asked.roles:
        question.where("d.role = any ({})", list(asked.roles))
    if asked.after is not None:
        question.where("(d.closes_at, d.duty_id) > ({}, {})", *asked.after)
    return question.then("order by d.closes_at, d.duty_id")


def compliance_question(tenant: UUID, asked: DaysAsked, after: tuple[str, UUID, str] | None) -> Question:
    """The statement, by month, place and level."""
    question = _days("duty_compliance", tenant, asked)
    if after is not None:
        question.where("(to_char(d.day, 'YYYY-MM'), d.scope_id, d.role) > ({}, {}, {})", *after)
    return question.then("group by month, d.scope_id, d.role order by month, d.scope_id, d.role")


def calendar_question(tenant: UUID, asked: DaysAsked) -> Question:
    """The statement, day by day."""
    return _days("duty_calendar", tenant, asked).then("group by d.day order by d.day")


def issue_question(tenant: UUID, asked: IssuesAsked) -> Question:
    """The statement, in the order in which they were found."""
    question = Question("nonconformity_list", tenant).where("n.status = {}", asked.status)
    if asked.status is None:
        question.where("n.status <> {}", "effective")
    question.where("n.project_id = {}", asked.project).where("n.opened_position > {}", asked.after)
    if asked.overdue:
        question.where("n.overdue = {}", True)
    return question.then("order by n.opened_position")


async def owed(connection: Connection, tenant: UUID, asked: OwedAsked, *, zone: tzinfo, limit: int) -> list[OwedDuty]:
    """The duties asked for."""
    return [_owed(row, zone) for row in await owed_question(tenant, asked).rows(connection, limit)]


async def compliance(
    connection: Connection, tenant: UUID, asked: DaysAsked, *, after: tuple[str, UUID, str] | None, limit: int
) -> list[Compliance]:
    """How levels kept what they owed, month by month."""
    rows = await compliance_question(tenant, asked, after).rows(connection, limit)
    return [
        Compliance(
            scope_id=_somewhere(row["scope_id"]),
            role=row["role"],
            month=row["month"],
            met=row["met"],
            missed=row["missed"],
            excused=row["excused"],
            rate=rate(row["met"], row["missed"]),
        )
        for row in rows
    ]


async def calendar(connection: Connection, tenant: UUID, asked: DaysAsked) -> list[CalendarDay]:
    """The days on which a window ended."""
    rows: Sequence[Any] = await calendar_question(tenant, asked).rows(connection, MOST_DAYS)
    return [CalendarDay(**dict(row), rate=rate(row["met"], row["missed"])) for row in rows]


async def issues(  # noqa: PLR0913 - what a list is asked with
    connection: Connection, tenant: UUID, asked: IssuesAsked, *, today: date, zone: tzinfo, limit: int
) -> list[OpenIssue]:
    """The nonconformities asked for."""
    return [_issue(row, today, zone) for row in await issue_question(tenant, asked).rows(connection, limit)]


def rate(met: int, missed: int) -> Decimal | None:
    """Met of all that was owed, in per cent rounded half up to one decimal; none where nothing was."""
    if met + missed == 0:
        return None
    return (Decimal(met) * 100 / (met + missed)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def of_months(first: str, last: str) -> tuple[date, date]:
    """The first and the last day of some months."""
    return first_day(first), last_day(last)


def _days(name: str, tenant: UUID, asked: DaysAsked) -> Question:
    return (
        Question(name, tenant)
        .where("d.day >= {}", asked.first)
        .where("d.day <= {}", asked.last)
        .where("d.scope_id = {}", asked.scope)
        .where("d.role = {}", asked.role)
        .where("d.person = {}", asked.person)
    )


def _owed(row: Any, zone: tzinfo) -> OwedDuty:
    shown = dict(row)
    return OwedDuty(
        title=Text(shown.pop("title_zh"), shown.pop("title_en")),
        clause=clause_ref(shown.pop("clause")),
        scope_id=_somewhere(shown.pop("scope_id")),
        opens_at=shown.pop("opens_at").astimezone(zone),
        closes_at=shown.pop("closes_at").astimezone(zone),
        **shown,
    )


def _issue(row: Any, today: date, zone: tzinfo) -> OpenIssue:
    shown = dict(row)
    due_by = shown.pop("due_by")
    return OpenIssue(
        position=shown.pop("opened_position"),
        clause=clause_ref(shown.pop("clause")),
        status_label=ISSUE_STATUSES[shown["status"]],
        age_days=((shown["closed_on"] or today) - shown["found_on"]).days,
        due_by=None if due_by is None else due_by.astimezone(zone),
        **shown,
    )


def _somewhere(scope: UUID) -> UUID | None:
    return None if scope == NOBODY else scope
