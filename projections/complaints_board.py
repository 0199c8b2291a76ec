"""Which complaints are there, how do they stand, and what is due when? R11.2."""

from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.complaints import COMPLAINTS
from projections.kernel import Connection
from projections.labels import COMPLAINT_STATUSES

PROJECTION = COMPLAINTS.name


class OwedLimit(msgspec.Struct, frozen=True, kw_only=True):
    """By when it is to be settled. ``passed`` once it is late; ``provisional`` while a year's calendar is awaited."""

    basis: str
    due_on: date
    due_by: datetime
    passed: bool
    provisional: bool


class OwedLevel(msgspec.Struct, frozen=True, kw_only=True):
    """The level of the ladder that is told next, and when."""

    level: int
    role: str
    due_at: datetime
    provisional: bool


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """The customer is waited for; ``clock_stopped`` where limits stand still meanwhile."""

    paused_at: datetime
    ends_at: datetime
    clock_stopped: bool


class ComplaintStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as it stands. ``position`` is where it was lodged; lists are in that order, latest first.

    ``lodged_at`` is left out where the rules keep the day alone. ``level`` is the highest level told so far.
    """

    complaint_id: UUID
    position: int
    complainant: str
    kind: str
    kind_label: Text
    subject: str
    place: str | None
    project_id: UUID | None
    departments: tuple[str, ...]
    signed: tuple[str, ...]
    lodged_on: date
    lodged_at: datetime | None
    status: str
    status_label: Text
    open: bool
    round: int
    responsible: UUID | None
    limit: OwedLimit | None
    next_level: OwedLevel | None
    level: int
    instruction_awaited: bool
    promised_for: date | None
    waiting: Waiting | None
    late: bool
    fine_owed: bool
    fined: bool
    rating: int | None
    best_rating: int | None
    upheld: bool


class ComplaintsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which complaints are asked for."""

    complaint: UUID | None = None
    status: str | None = None
    open: bool | None = None
    late: bool | None = None
    paused: bool | None = None
    kind: str | None = None
    department: str | None = None
    project: UUID | None = None
    person: UUID | None = None


def _asked(tenant: UUID, asked: ComplaintsAsked) -> Question:
    found = (
        Question("complaints_board", tenant)
        .where("c.complaint_id = {}", asked.complaint)
        .where("c.status = {}", asked.status)
        .where("c.late = {}", asked.late)
        .where("c.kind = {}", asked.kind)
        .where("c.project_id = {}", asked.project)
        .where("c.responsible = {}", asked.person)
        .where(
            "exists (select from complaint_departments x where x.tenant_id = c.tenant_id and x.build = c.build"
            " and x.complaint_id = c.complaint_id and x.department = {})",
            asked.department,
        )
    )
    if asked.open is not None:
        found.where("c.open" if asked.open else "not c.open")
    if asked.paused is not None:
        found.where("c.paused_at is not null" if asked.paused else "c.paused_at is null")
    return found


def question(tenant: UUID, asked: ComplaintsAsked, after: int | None) -> Question:
    """The complaints asked for, the latest first."""
    return _asked(tenant, asked).where("c.lodged_position < {}", after).then("order by c.lodged_position desc")


def due_question(
    tenant: UUID, asked: ComplaintsAsked, before: datetime | None, after: tuple[datetime, UUID] | None
) -> Question:
    """The open complaints asked for that have a limit, passed or to come, the one longest due first."""
    found = _asked(tenant, msgspec.structs.replace(asked, open=True)).where("c.due_by is not null")
    found.where("c.due_by < {}", before)
    if after is not None:
        found.where("(c.due_by, c.complaint_id) > ({}, {})", *after)
    return found.then("order by c.due_by, c.complaint_id")


async def complaints(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection, tenant: UUID, asked: ComplaintsAsked, *, after: int | None, zone: tzinfo, limit: int
) -> list[ComplaintStanding]:
    """The complaints asked for, the latest first."""
    return [_standing(row, zone) for row in await question(tenant, asked, after).rows(connection, limit)]


async def complaints_due(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection,
    tenant: UUID,
    asked: ComplaintsAsked,
    *,
    before: datetime | None,
    after: tuple[datetime, UUID] | None,
    zone: tzinfo,
    limit: int,
) -> list[ComplaintStanding]:
    """The open complaints asked for, by what is due first."""
    rows = await due_question(tenant, asked, before, after).rows(connection, limit)
    return [_standing(row, zone) for row in rows]


def _standing(row: Any, zone: tzinfo) -> ComplaintStanding:
    lodged_at = row["lodged_at"]
    return ComplaintStanding(
        complaint_id=row["complaint_id"],
        position=row["position"],
        complainant=row["complainant"],
        kind=row["kind"],
        kind_label=Text(row["kind_zh"], row["kind_en"]),
        subject=row["subject"],
        place=row["place"],
        project_id=row["project_id"],
        departments=tuple(row["departments"]),
        signed=tuple(row["signed"]),
        lodged_on=row["lodged_on"],
        lodged_at=None if lodged_at is None else lodged_at.astimezone(zone),
        status=row["status"],
        status_label=COMPLAINT_STATUSES[row["status"]],
        open=row["open"],
        round=row["round"],
        responsible=row["responsible"],
        limit=_limit(row, zone),
        next_level=_level(row, zone),
        level=row["level"],
        instruction_awaited=row["instruction_awaited"],
        promised_for=row["promised_for"],
        waiting=_waiting(row, zone),
        late=row["late"],
        fine_owed=row["fine_owed"],
        fined=row["fined"],
        rating=row["rating"],
        best_rating=row["best_rating"],
        upheld=row["upheld"],
    )


def _limit(row: Any, zone: tzinfo) -> OwedLimit | None:
    if row["due_by"] is None:
        return None
    return OwedLimit(
        basis=row["basis"],
        due_on=row["due_on"],
        due_by=row["due_by"].astimezone(zone),
        passed=not row["running"],
        provisional=row["provisional"],
    )


def _level(row: Any, zone: tzinfo) -> OwedLevel | None:
    if row["next_level"] is None:
        return None
    return OwedLevel(
        level=row["next_level"],
        role=row["next_role"],
        due_at=row["next_at"].astimezone(zone),
        provisional=row["next_provisional"],
    )


def _waiting(row: Any, zone: tzinfo) -> Waiting | None:
    if row["paused_at"] is None:
        return None
    return Waiting(
        paused_at=row["paused_at"].astimezone(zone),
        ends_at=row["pause_ends_at"].astimezone(zone),
        clock_stopped=row["clock_stopped"],
    )
