"""The projects and the deposits of a tenant, and how they stand."""

from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.contracts import CONTRACTS
from projections.kernel import Connection
from projections.labels import CORRECTION_STATUSES, DEPOSIT_STATUSES, PROJECT_STATUSES

PROJECTION = CONTRACTS.name


class OrderedCorrection(msgspec.Struct, frozen=True, kw_only=True):
    """The latest correction still owed (R14.5.1)."""

    month: str
    due_on: date
    due_at: datetime
    status: str
    status_label: Text


class ProjectStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A project as it stands. ``position`` is where it was registered; lists are in that order.

    ``termination_right_since`` is the month since which the college may terminate; ``ground_lost`` says that a
    re-assessment took the ground from a termination. ``tender_priority_months`` are the excellent months, in order.
    """

    project_id: UUID
    position: int
    name: str
    contractor: str
    status: str
    status_label: Text
    contract_from: date
    contract_to: date
    starts_month: str
    last_recorded_month: str | None
    streak: int
    open_correction: OrderedCorrection | None
    termination_right_since: str | None
    ground_lost: bool
    tender_priority_months: tuple[str, ...]
    deposit_id: UUID | None
    deposit_status: str | None
    deposit_status_label: Text | None
    deposit_balance_fen: int | None


class DepositStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A deposit and what its entries add up to. ``position`` is where it was opened; lists are in that order.

    ``penalties_fen`` and ``rewards_fen`` count what stands, whether or not the balance could bear it;
    ``paid_out_fen`` is what went to the contractor, ``demanded_fen`` what is owed in top-ups.
    """

    deposit_id: UUID
    position: int
    project_id: UUID
    project_name: str
    contractor: str
    status: str
    status_label: Text
    contract_from: date
    contract_to: date
    agreed_fen: int
    received_fen: int
    topped_up_fen: int
    balance_fen: int
    penalties_fen: int
    rewards_fen: int
    uncollected_fen: int
    paid_out_fen: int
    refunded_fen: int
    forfeited_fen: int
    demanded_fen: int
    entries: int


def project_question(tenant: UUID, status: str | None, after: int | None) -> Question:
    """The statement, in the order of registration."""
    return (
        Question("projects", tenant)
        .where("p.status = {}", status)
        .where("p.registered_position > {}", after)
        .then("order by p.registered_position")
    )


async def projects(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection, tenant: UUID, *, status: str | None, after: int | None, zone: tzinfo, limit: int
) -> list[ProjectStanding]:
    """The projects asked for."""
    return [_project(row, zone) for row in await project_question(tenant, status, after).rows(connection, limit)]


def deposit_question(
    tenant: UUID, *, deposit: UUID | None = None, project: UUID | None = None, status: str | None, after: int | None
) -> Question:
    """The statement, in the order of opening."""
    return (
        Question("deposits", tenant)
        .where("d.deposit_id = {}", deposit)
        .where("d.project_id = {}", project)
        .where("d.status = {}", status)
        .where("d.opened_position > {}", after)
        .then("order by d.opened_position")
    )


async def deposits(  # noqa: PLR0913 - each argument narrows the same question
    connection: Connection, tenant: UUID, *, project: UUID | None, status: str | None, after: int | None, limit: int
) -> list[DepositStanding]:
    """The deposits asked for."""
    rows = await deposit_question(tenant, project=project, status=status, after=after).rows(connection, limit)
    return [_deposit(row) for row in rows]


async def deposit(connection: Connection, tenant: UUID, deposit_id: UUID) -> DepositStanding | None:
    """One deposit."""
    rows = await deposit_question(tenant, deposit=deposit_id, status=None, after=None).rows(connection, 1)
    return _deposit(rows[0]) if rows else None


def _deposit(row: Any) -> DepositStanding:
    return DepositStanding(status_label=DEPOSIT_STATUSES[row["status"]], **row)


def _project(row: Any, zone: tzinfo) -> ProjectStanding:
    shown = dict(row)
    month, due_on, due_at, state = (shown.pop(f"correction_{part}") for part in ("month", "due_on", "due_at", "status"))
    correction = None
    if month is not None:
        correction = OrderedCorrection(
            month=month,
            due_on=due_on,
            due_at=due_at.astimezone(zone),
            status=state,
            status_label=CORRECTION_STATUSES[state],
        )
    held = shown["deposit_status"]
    return ProjectStanding(
        status_label=PROJECT_STATUSES[shown["status"]],
        open_correction=correction,
        tender_priority_months=tuple(shown.pop("priorities")),
        deposit_status_label=None if held is None else DEPOSIT_STATUSES[held],
        **shown,
    )
