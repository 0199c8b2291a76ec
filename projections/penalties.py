"""Folds penalty ledgers: each entry as the ledger's own `evolve` leaves it, with the department it was issued in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import asdict

from domain.kernel import Event
from domain.organisation.messages import DepartmentAssigned, MemberAdded, MemberRenamed
from domain.penalty_ledger import PenaltyEntry, PenaltyLedgerState
from domain.penalty_ledger import events as e
from domain.penalty_ledger.state import evolve
from domain.periods import month_of
from projections.kernel import Connection, Folded, Projection
from projections.penalty_rows import (
    ENTRIES,
    LEDGERS,
    PEOPLE,
    EntryRow,
    LedgerRow,
    PenaltyWork,
    PersonRow,
    as_columns,
    member_of,
)

Work = PenaltyWork


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = PenaltyWork()
    await work.load(connection, tenant, build, batch)
    for folded in batch:
        _STEPS.get(type(folded.event), _changed)(work, folded, folded.event)
    await work.write(connection, tenant, build)


def _added(work: Work, _: Folded, event: MemberAdded) -> None:
    work.people.put(PersonRow(event.member_id, event.display_name, event.department))


def _renamed(work: Work, _: Folded, event: MemberRenamed) -> None:
    work.people.change(event.member_id).display_name = event.display_name


def _moved(work: Work, _: Folded, event: DepartmentAssigned) -> None:
    work.people.change(event.member_id).department = event.department


def _opened(work: Work, folded: Folded, event: e.LedgerOpened) -> None:
    member = member_of(event.subject_kind, event.subject)
    work.ledgers.put(LedgerRow(folded.stream_id, folded.position, event.subject_kind, event.subject, member))


def _issued(work: Work, folded: Folded, event: e.EntryIssued) -> None:
    ledger = work.ledgers.change(folded.stream_id)
    ledger.entries += 1
    entry = PenaltyEntry(**asdict(event))
    work.entries.put(
        EntryRow(
            ledger_id=folded.stream_id,
            number=ledger.entries,
            position=folded.position,
            version=folded.version,
            department=_department(work, ledger),
            issued_month=month_of(entry.issued_on),
            **as_columns(entry),
        )
    )
    _owing(work, folded.stream_id)


def _department(work: Work, ledger: LedgerRow) -> str | None:
    """Where the person works now; a unit answers for itself."""
    if ledger.subject_kind != "person":
        return ledger.subject
    person = None if ledger.member_id is None else work.people.find(ledger.member_id)
    return None if person is None else person.department


def _changed(work: Work, folded: Folded, event: Any) -> None:
    """Whatever happened to an entry, by the ledger's own rules."""
    row = work.entries.change(folded.stream_id, event.entry_key)
    alone = PenaltyLedgerState(
        status="owing", subject_kind="person", subject="", entries={event.entry_key: row.entry()}
    )
    row.take(evolve(alone, event).entries[event.entry_key])
    _owing(work, folded.stream_id)


def _owing(work: Work, ledger: UUID) -> None:
    """Whether money is to move, either way."""
    owing = any(row.entry().owed_fen for row in work.of(ledger))
    work.ledgers.change(ledger).owing = owing


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    MemberAdded: _added,
    MemberRenamed: _renamed,
    DepartmentAssigned: _moved,
    e.LedgerOpened: _opened,
    e.EntryIssued: _issued,
}
_CHANGES: tuple[type[Event], ...] = (
    e.EntryDisplaced,
    e.EntryReinstated,
    e.EntryReversed,
    e.EntryContested,
    e.ContestDecided,
    e.EntryWaived,
    e.EntrySettled,
)

PENALTIES = Projection(
    name="penalties",
    schema_version=1,
    events=(*_STEPS, *_CHANGES),
    tables=(PEOPLE.name, LEDGERS.name, ENTRIES.name),
    fold=fold,
)
