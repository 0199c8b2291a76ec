"""The lists of sites that are inspected by tiers and of their inspections (R12.5)."""

from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.inspections import INSPECTIONS
from projections.kernel import Connection
from projections.labels import ClauseRef, clause_ref

PROJECTION = INSPECTIONS.name
SITE_CLAUSE = "R12.5.1"
CLAUSE = "R12.5.3"
SITE_STATUSES = {"open": Text("使用中", "open"), "closed": Text("已撤销", "closed")}
STATUSES = {
    "planned": Text("已计划", "planned"),
    "under_way": Text("进行中", "under way"),
    "completed": Text("已完成", "completed"),
    "cancelled": Text("已取消", "cancelled"),
}


class ListedSite(msgspec.Struct, frozen=True, kw_only=True):
    """A site: how many areas, cleaning units, items and posts it has, its size in square metres, its inspections."""

    site_id: UUID
    position: int
    project_id: UUID
    name: str
    clause: ClauseRef
    status: str
    status_label: Text
    areas: int
    units: int
    items: int
    square_m: int
    posts: int
    inspections: int


class ListedInspection(msgspec.Struct, frozen=True, kw_only=True):
    """An inspection: of which site, for which day, by whom, and once completed what it found and what it lacked."""

    inspection_id: UUID
    position: int
    site_id: UUID
    project_id: UUID
    post: str
    level: str
    person: UUID | None
    scheduled: bool
    planned_for: date
    clause: ClauseRef
    rule_version: int
    status: str
    status_label: Text
    begun_at: datetime | None
    completed_at: datetime | None
    nonconforming: int | None
    lacking: list[str]


class InspectionsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which inspections, planned for which days; ``after`` is the position of the last one seen."""

    site: UUID | None = None
    project: UUID | None = None
    level: str | None = None
    status: str | None = None
    first: date | None = None
    last: date | None = None
    after: int | None = None


def site_question(
    tenant: UUID, *, project: UUID | None = None, status: str | None = None, after: int | None = None
) -> Question:
    """The statement for sites, in the order in which they were registered."""
    question = (
        Question("inspection_site_list", tenant).where("s.project_id = {}", project).where("s.status = {}", status)
    )
    return question.where("s.registered_position > {}", after).then("order by s.registered_position")


def inspection_question(tenant: UUID, asked: InspectionsAsked) -> Question:
    """The statement for inspections, in the order in which they were planned."""
    question = (
        Question("inspection_list", tenant)
        .where("i.site_id = {}", asked.site)
        .where("i.project_id = {}", asked.project)
        .where("i.level = {}", asked.level)
        .where("i.status = {}", asked.status)
        .where("i.planned_for >= {}", asked.first)
        .where("i.planned_for <= {}", asked.last)
        .where("i.opened_position > {}", asked.after)
    )
    return question.then("order by i.opened_position")


async def sites(connection: Connection, question: Question, limit: int) -> list[ListedSite]:
    """The sites asked for."""
    clause = clause_ref(SITE_CLAUSE)
    rows = await question.rows(connection, limit)
    return [ListedSite(**dict(row), clause=clause, status_label=SITE_STATUSES[row["status"]]) for row in rows]


async def inspections(
    connection: Connection, question: Question, *, zone: tzinfo, limit: int
) -> list[ListedInspection]:
    """The inspections asked for, with times of ``zone``."""
    return [_inspection(row, zone) for row in await question.rows(connection, limit)]


def _inspection(row: Any, zone: tzinfo) -> ListedInspection:
    shown = dict(row)
    for name in ("begun_at", "completed_at"):
        shown[name] = None if shown[name] is None else shown[name].astimezone(zone)
    lacking = shown.pop("lacking").split()
    return ListedInspection(**shown, clause=clause_ref(CLAUSE), status_label=STATUSES[shown["status"]], lacking=lacking)
