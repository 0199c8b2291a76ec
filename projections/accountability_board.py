"""Where accountability cases stand, and what is due in them when."""

from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.accountability import ACCOUNTABILITY
from projections.asking import Question
from projections.kernel import Connection
from projections.labels import CASE_STAGES, CASE_STATUSES, ClauseRef, clause_ref

PROJECTION = ACCOUNTABILITY.name


class CaseStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A case on the board. ``position`` is where it was reported; lists are in that order.

    ``stages`` are those whose limits run; ``due_on`` and ``due_at`` are the earliest that somebody owes, ``overdue``
    how many of those have passed.
    """

    case_id: UUID
    position: int
    reported_on: date
    matter: str
    source: str
    source_label: Text
    status: str
    status_label: Text
    anonymous: bool
    complaint_id: UUID | None
    about_case: UUID | None
    merged_into: UUID | None
    respondents: int
    decided_on: date | None
    stages: tuple[str, ...]
    stage_labels: tuple[Text, ...]
    due_on: date | None
    due_at: datetime | None
    overdue: int


class DueLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A running limit: whose it is, how far up the ladder its passing was told; ``own`` where the source is silent.

    ``role`` is none for a right that may go unused, which is never overdue. ``provisional`` while a year's calendar
    is awaited.
    """

    case_id: UUID
    matter: str
    status: str
    status_label: Text
    key: str
    stage: str
    stage_label: Text
    respondent_id: UUID | None
    respondent_name: str | None
    form: str | None
    started_on: date
    days: int
    due_on: date
    due_at: datetime
    provisional: bool
    own: bool
    clause: ClauseRef
    role: str | None
    level: int
    overdue: bool


class CasesAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the board is narrowed to; ``reader`` is who asks, from whom cases of his own are kept."""

    status: str | None = None
    stage: str | None = None
    overdue: bool = False
    reader: UUID | None = None
    after: int | None = None


class LimitsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the list of limits is narrowed to; ``since`` and ``until`` bound the day they end on.

    ``reader`` is who asks, from whom cases of his own are kept.
    """

    stage: str | None = None
    role: str | None = None
    since: date | None = None
    until: date | None = None
    reader: UUID | None = None
    after: tuple[datetime, UUID, str] | None = None


KEPT = (
    "not exists (select from accountability_interested i where i.tenant_id = $1"
    " and i.build = {alias}.build and i.case_id = {alias}.case_id and i.person = {{}})"
)
"""Of the rows of a case: not those that are kept from a reader (R4.21)."""

_RUNS = (
    "exists (select from accountability_limits s"
    " where s.tenant_id = c.tenant_id and s.build = c.build and s.case_id = c.case_id and "
)


def case_question(tenant: UUID, asked: CasesAsked, now: datetime) -> Question:
    """The statement, in the order of report."""
    question = (
        Question("accountability_cases", tenant, now)
        .where("c.status = {}", asked.status)
        .where(_RUNS + "s.stage = {})", asked.stage)
        .where("c.reported_position > {}", asked.after)
        .where(KEPT.format(alias="c"), asked.reader)
    )
    if asked.overdue:
        question.where(_RUNS + "s.role is not null and s.due_at <= {})", now)
    return question.then("order by c.reported_position")


def limit_question(tenant: UUID, asked: LimitsAsked, now: datetime) -> Question:
    """The statement, what is due first at the top."""
    question = (
        Question("accountability_limits", tenant, now)
        .where("l.stage = {}", asked.stage)
        .where("l.role = {}", asked.role)
        .where("l.due_on >= {}", asked.since)
        .where("l.due_on <= {}", asked.until)
        .where(KEPT.format(alias="l"), asked.reader)
    )
    if asked.after is not None:
        question.where("(l.due_at, l.case_id, l.key) > ({}, {}, {})", *asked.after)
    return question.then("order by l.due_at, l.case_id, l.key")


async def cases(  # noqa: PLR0913 - what a list is asked with
    connection: Connection, tenant: UUID, asked: CasesAsked, *, now: datetime, zone: tzinfo, limit: int
) -> list[CaseStanding]:
    """The cases asked for."""
    return [_case(row, zone) for row in await case_question(tenant, asked, now).rows(connection, limit)]


async def limits(  # noqa: PLR0913 - what a list is asked with
    connection: Connection, tenant: UUID, asked: LimitsAsked, *, now: datetime, zone: tzinfo, limit: int
) -> list[DueLimit]:
    """The running limits asked for."""
    return [_due(row, zone) for row in await limit_question(tenant, asked, now).rows(connection, limit)]


def _case(row: Any, zone: tzinfo) -> CaseStanding:
    shown = dict(row)
    stages = tuple(shown.pop("stages") or ())
    due_at = shown.pop("due_at")
    return CaseStanding(
        source_label=Text(shown.pop("source_zh"), shown.pop("source_en")),
        status_label=CASE_STATUSES[shown["status"]],
        stages=stages,
        stage_labels=tuple(CASE_STAGES[stage] for stage in stages),
        due_at=None if due_at is None else due_at.astimezone(zone),
        **shown,
    )


def _due(row: Any, zone: tzinfo) -> DueLimit:
    shown = dict(row)
    return DueLimit(
        status_label=CASE_STATUSES[shown["status"]],
        stage_label=CASE_STAGES[shown["stage"]],
        clause=clause_ref(shown.pop("clause")),
        due_at=shown.pop("due_at").astimezone(zone),
        **shown,
    )
