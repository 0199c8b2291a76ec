"""What a report is compiled from (R15.5.1.3.2, R15.5.1.3.3): the facts of a period, by department.

The same rows always give the same figures, so that those frozen at the approval can be computed again.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.periods import first_day, last_day
from domain.quality_terms import DepartmentFigures, GoalFigure, months_of
from projections.asking import Question
from projections.duties import DUTIES
from projections.kernel import Connection
from projections.nonconformities import NONCONFORMITIES
from projections.quality import QUALITY
from projections.quality_board import (
    MOST,
    MOST_PLACES,
    all_months_question,
    duty_sums,
    gathered,
    mean,
    months_question,
    places,
    sheet_sums_question,
)

SOURCES = (QUALITY.name, DUTIES.name, NONCONFORMITIES.name)
"""The projections that figures come from."""
MOST_GOALS = 20_000


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The rows about one department; none where there are none."""

    sums: Any
    submitted: Any
    duties: Any
    issues: Any
    goals: tuple[GoalFigure, ...]


def departments_question(tenant: UUID, last: date) -> Question:
    """The statement for the departments that had begun by a day."""
    return Question("quality_departments", tenant).where("d.begins_on <= {}", last).then("order by d.department_id")


def issue_sums_question(
    tenant: UUID, first: date, last: date, *, projects: list[UUID] | None = None, sources: list[UUID] | None = None
) -> Question:
    """The statement for nonconformities of projects, or of sheets: found in a period, and still open."""
    question = Question("quality_issue_sums", tenant, first).where("n.found_on <= {}", last)
    question.where("n.project_id = any ({})", projects).where("n.source_id = any ({})", sources)
    return question.then("group by n.project_id, n.source_id")


def line_sums_question(tenant: UUID, first: str, last: str) -> Question:
    """The statement for what approved monthly reports add up to, by department."""
    question = Question("quality_line_sums", tenant).where("l.month >= {}", first).where("l.month <= {}", last)
    return question.then("group by l.department_id")


def measured_question(tenant: UUID, first: date, last: date) -> Question:
    """The statement for the measurements of periods that ended in a period."""
    question = Question("quality_measured", tenant).where("m.last_on >= {}", first).where("m.last_on <= {}", last)
    return question.then("order by m.code, m.period")


async def figures(connection: Connection, tenant: UUID, period: str, zone: tzinfo) -> tuple[DepartmentFigures, ...]:
    """The figures of a month, or of a year, as the rows have them now."""
    months = months_of(period)
    first, last = first_day(months[0]), last_day(months[-1])
    annual = len(months) > 1
    departments = await departments_question(tenant, last).rows(connection, MOST)
    sums = await _keyed(
        connection,
        line_sums_question(tenant, months[0], months[-1]) if annual else sheet_sums_question(tenant, first, last),
    )
    submitted = {} if annual else await _keyed(connection, months_question(tenant, period))
    owned = await places(connection, tenant)
    duties = await duty_sums(connection, tenant, owned, first, last)
    issues = await _issues(connection, tenant, owned, first, last)
    goals = defaultdict(list)
    for row in await measured_question(tenant, first, last).rows(connection, MOST_GOALS):
        if row["department_id"] is not None:
            shown = {name: row[name] for name in GoalFigure.__struct_fields__}
            goals[row["department_id"]].append(GoalFigure(**shown))
    return tuple(
        _figures(
            row,
            Facts(
                sums=sums.get(row["department_id"]),
                submitted=submitted.get(row["department_id"]),
                duties=duties.get(row["department_id"]),
                issues=issues.get(row["department_id"]),
                goals=tuple(goals[row["department_id"]]),
            ),
            zone,
        )
        for row in departments
        if not row["closed"] or row["department_id"] in sums
    )


async def _issues(
    connection: Connection, tenant: UUID, owned: list[tuple[UUID, UUID]], first: date, last: date
) -> dict[UUID, Counter[str]]:
    """Nonconformities at a department's projects and out of its sheets, whenever those were kept."""
    months = await all_months_question(tenant).rows(connection, MOST_PLACES)
    sheets = [(row["department_id"], row["sheets_id"]) for row in months]
    names = ("found", "open")
    at_projects = issue_sums_question(tenant, first, last, projects=[scope for _, scope in owned])
    found = gathered(owned, _summed(await at_projects.rows(connection, MOST_PLACES), "project_id"), names)
    of_sheets = issue_sums_question(tenant, first, last, sources=[stream for _, stream in sheets])
    for department, more in gathered(
        sheets, _summed(await of_sheets.rows(connection, MOST_PLACES), "source_id"), names
    ).items():
        found[department].update(more)
    return found


def _summed(rows: Sequence[Any], key: str) -> dict[UUID, Counter[str]]:
    """Rows added up by one of what they are grouped by."""
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row[key]].update({"found": row["found"], "open": row["open"]})
    return found


async def compiling_department(connection: Connection, tenant: UUID) -> UUID | None:
    """The department whose duty it is to compile reports; none while there is none."""
    rows = await departments_question(tenant, date.max).rows(connection, MOST)
    return next((row["department_id"] for row in rows if row["compiles"] and not row["closed"]), None)


def _figures(row: Any, facts: Facts, zone: tzinfo) -> DepartmentFigures:
    at = None if facts.submitted is None else facts.submitted["submitted_at"]
    return DepartmentFigures(
        department_id=row["department_id"],
        department=row["name"],
        filed=_count(facts.sums, "filed"),
        late=_count(facts.sums, "late"),
        percent=_percent(facts.sums),
        problems=_count(facts.sums, "problems"),
        raised=_count(facts.sums, "raised"),
        submitted_on=None if at is None else at.astimezone(zone).date(),
        submitted_late=facts.submitted is not None and facts.submitted["late"],
        met=_count(facts.duties, "met"),
        missed=_count(facts.duties, "missed"),
        excused=_count(facts.duties, "excused"),
        issues_found=_count(facts.issues, "found"),
        issues_open=_count(facts.issues, "open"),
        goals=facts.goals,
        reports=_count(facts.sums, "reports"),
    )


def _percent(sums: Any) -> Decimal | None:
    """The mean of a month's sheets; of a year, that of the months that had any."""
    if sums is None:
        return None
    return mean(sums["percents"], sums["rated"] if "rated" in dict(sums) else sums["filed"])


def _count(row: Any, name: str) -> int:
    if row is None:
        return 0
    found: int = dict(row).get(name, 0)
    return found


async def _keyed(connection: Connection, question: Question) -> dict[UUID, Any]:
    return {row["department_id"]: row for row in await question.rows(connection, MOST)}
