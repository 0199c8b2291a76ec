"""Where a department stands: who keeps its sheets, which month, which duties it has."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.duty_terms import Terms
from domain.folding import Evolve, folding
from domain.kernel import Deadline, Reservation, State, derived_id
from domain.rules.r15_parts import Item
from domain.service_department import messages as m

COMPILING = derived_id("quality_compiling")
"""What is held by the department that compiles, so that no report is owed twice."""


class DepartmentDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty of the department, as it set it up."""

    duty_id: UUID
    terms: Terms


class ServiceDepartmentState(State, frozen=True, kw_only=True):
    """One department (受监测部门); ``turns_at`` is when the month after ``month`` begins."""

    name: str
    head: UUID
    keepers: tuple[UUID, ...]
    projects: tuple[UUID, ...]
    items: tuple[Item, ...]
    compiles: bool
    begins_on: date
    month: str
    turns_at: datetime
    duties: tuple[DepartmentDuty, ...]


def deadlines(state: ServiceDepartmentState) -> tuple[Deadline, ...]:
    """The month's end, while the department goes on."""
    if state.status != "active":
        return ()
    return (Deadline(f"month:{state.month}", state.turns_at, m.TurnMonth(month=state.month)),)


def reservations(state: ServiceDepartmentState) -> tuple[Reservation, ...]:
    """The compiling of reports, which one department of an organisation has at a time (R15.5.1.3.2)."""
    if state.status != "active" or not state.compiles:
        return ()
    return (
        Reservation(
            key="compiling",
            kind="quality_compiling",
            resource_id=COMPILING,
            starts_at=datetime.combine(state.begins_on, time.min, UTC),
            ends_at=None,
            clause="R15.5.1.3.2",
        ),
    )


def _registered(event: m.DepartmentRegistered) -> ServiceDepartmentState:
    return ServiceDepartmentState(
        status="active",
        name=event.name,
        head=event.head,
        keepers=event.keepers,
        projects=event.projects,
        items=event.items,
        compiles=event.compiles,
        begins_on=event.begins_on,
        month=event.frame.month,
        turns_at=event.turns_at,
        duties=tuple(DepartmentDuty(duty_id=one.duty_id, terms=one.terms) for one in event.duties),
    )


def _revised(state: ServiceDepartmentState, event: m.DepartmentRevised) -> ServiceDepartmentState:
    return replace(
        state,
        name=event.name,
        head=event.head,
        keepers=event.keepers,
        projects=event.projects,
        items=event.items,
    )


def _rules_applied(state: ServiceDepartmentState, event: m.DepartmentRulesApplied) -> ServiceDepartmentState:
    changed = {one.duty_id: one.terms for one in event.changed}
    return replace(
        state,
        duties=tuple(replace(one, terms=changed.get(one.duty_id) or one.terms) for one in state.duties),
    )


evolve: Evolve[ServiceDepartmentState] = folding(
    "a department",
    begins={m.DepartmentRegistered: _registered},
    steps={
        m.DepartmentRevised: _revised,
        m.DepartmentRulesApplied: _rules_applied,
        m.MonthTurned: lambda state, event: replace(state, month=event.frame.month, turns_at=event.turns_at),
        m.DepartmentClosed: lambda state, _: replace(state, status="closed", duties=()),
    },
)
