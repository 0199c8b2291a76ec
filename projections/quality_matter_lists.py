"""The lists of liaison sheets, of applications for awards, of years' goals, of departments that check themselves."""

from datetime import date
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.kernel import Connection
from projections.quality_matters import QUALITY_MATTERS

PROJECTION = QUALITY_MATTERS.name
LIAISON_STATUSES = {
    "issued": Text("待答复", "awaiting an answer"),
    "answered": Text("待确认", "answered"),
    "closed": Text("已关闭", "closed"),
}
GOAL_STATUSES = {
    "drafted": Text("编制中", "being written"),
    "adopted": Text("已发布", "in force"),
}
AWARD_STATUSES = {
    "checking": Text("自检中", "self-check"),
    "ready": Text("待申报", "checked"),
    "applied": Text("已申报", "applied for"),
    "decided": Text("已评定", "decided"),
    "filed": Text("已归档", "on file"),
    "withdrawn": Text("已撤回", "withdrawn"),
}


class ListedLiaison(msgspec.Struct, frozen=True, kw_only=True):
    """A liaison sheet, who is to answer it until when."""

    liaison_id: UUID
    position: int
    from_department: str
    to_department: str
    addressee: UUID
    subject: str
    status: str
    status_label: Text
    issued_by: UUID
    issued_on: date
    answer_by: date
    overdue: bool
    closed_on: date | None


class ListedAward(msgspec.Struct, frozen=True, kw_only=True):
    """An application for an award: ``checked`` of ``items``, ``problems`` of which are not corrected yet."""

    application_id: UUID
    position: int
    award: str
    level: str
    level_label: Text
    year: str
    project_id: UUID | None
    status: str
    status_label: Text
    items: int
    checked: int
    problems: int
    submitted_on: date | None
    result: str | None


class ListedGoals(msgspec.Struct, frozen=True, kw_only=True):
    """A year's goals, ``goals`` of them, and whether they are in force."""

    goals_id: UUID
    position: int
    year: str
    status: str
    status_label: Text
    goals: int
    planned_by: UUID
    adopted_by: UUID | None
    adopted_on: date | None


class GoalsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which years' goals: those with a goal of this department, or for which this person answers."""

    year: str | None = None
    status: str | None = None
    department: UUID | None = None
    person: UUID | None = None
    after: int | None = None


class ListedDepartment(msgspec.Struct, frozen=True, kw_only=True):
    """A department that checks itself."""

    department_id: UUID
    name: str
    head: UUID
    compiles: bool
    begins_on: date
    closed: bool


def liaison_question(
    tenant: UUID, *, status: str | None = None, person: UUID | None = None, after: int | None = None
) -> Question:
    """The statement for liaison sheets, in the order in which they were issued."""
    question = Question("liaison_list", tenant).where("l.status = {}", status).where("l.addressee = {}", person)
    return question.where("l.issued_position > {}", after).then("order by l.issued_position")


def award_question(tenant: UUID, *, status: str | None = None, after: int | None = None) -> Question:
    """The statement for applications, in the order in which they were begun."""
    question = Question("award_list", tenant).where("a.status = {}", status)
    return question.where("a.prepared_position > {}", after).then("order by a.prepared_position")


def goals_question(tenant: UUID, asked: GoalsAsked) -> Question:
    """The statement for years' goals, in the order in which they were begun."""
    of_whom = (
        "exists (select from quality_goals g where g.tenant_id = $1 and g.build = y.build and g.goals_id = y.goals_id"
        " and g.{} = {{}})"
    )
    question = (
        Question("quality_year_list", tenant)
        .where("y.year = {}", asked.year)
        .where("y.status = {}", asked.status)
        .where(of_whom.format("department_id"), asked.department)
        .where(of_whom.format("person"), asked.person)
        .where("y.planned_position > {}", asked.after)
    )
    return question.then("order by y.planned_position")


def department_question(tenant: UUID, after: UUID | None = None) -> Question:
    """The statement for departments, by id."""
    question = Question("quality_departments", tenant).where("d.department_id > {}", after)
    return question.then("order by d.department_id")


async def liaisons(connection: Connection, question: Question, limit: int) -> list[ListedLiaison]:
    """The liaison sheets asked for."""
    rows = await question.rows(connection, limit)
    return [ListedLiaison(**dict(row), status_label=LIAISON_STATUSES[row["status"]]) for row in rows]


async def awards(connection: Connection, question: Question, limit: int) -> list[ListedAward]:
    """The applications asked for."""
    found = []
    for row in await question.rows(connection, limit):
        shown = dict(row)
        level = Text(shown.pop("level_zh"), shown.pop("level_en"))
        found.append(ListedAward(**shown, level_label=level, status_label=AWARD_STATUSES[row["status"]]))
    return found


async def goals(connection: Connection, question: Question, limit: int) -> list[ListedGoals]:
    """The years' goals asked for."""
    rows = await question.rows(connection, limit)
    return [ListedGoals(**dict(row), status_label=GOAL_STATUSES[row["status"]]) for row in rows]


async def departments(connection: Connection, question: Question, limit: int) -> list[ListedDepartment]:
    """The departments asked for."""
    return [ListedDepartment(**dict(row)) for row in await question.rows(connection, limit)]
