"""The rows of the projection "penalties", and which of them a batch of events has to read first."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.organisation.messages import DepartmentAssigned, MemberAdded, MemberRenamed
from domain.penalty_ledger import PenaltyEntry
from domain.penalty_ledger.events import LedgerOpened
from projections.kernel import Connection, Folded
from projections.tables import Rows, Table


class PersonRow(msgspec.Struct):
    """A member; the columns of ``penalty_people``."""

    member_id: UUID
    display_name: str
    department: str | None = None


class LedgerRow(msgspec.Struct):
    """A ledger; the columns of ``penalty_ledgers``."""

    ledger_id: UUID
    opened_position: int
    subject_kind: str
    subject: str
    member_id: UUID | None
    entries: int = 0
    owing: bool = False


class EntryRow(msgspec.Struct):
    """An entry; the columns of ``penalty_entries``. From ``kind`` on they are the fields of `PenaltyEntry`."""

    ledger_id: UUID
    entry_key: str
    number: int
    position: int
    version: int
    department: str | None
    issued_month: str
    kind: str
    amount_fen: int
    form: str | None
    effect: str | None
    period: str | None
    clause: str
    rule_version: int
    reading: str | None
    overlap: str | None
    causes: str
    act: str
    joint_role: str | None
    principal_key: str | None
    issued_on: date
    status: str
    contests: int
    displaced_by: str | None
    displaced_fen: int
    waived_fen: int
    reversed_fen: int
    settled_fen: int

    def entry(self) -> PenaltyEntry:
        """The entry as the ledger itself knows it."""
        told: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        return msgspec.convert({**told, "causes": msgspec.json.decode(self.causes)}, PenaltyEntry)

    def take(self, entry: PenaltyEntry) -> None:
        """Stand as the entry does now."""
        for name, value in as_columns(entry).items():
            setattr(self, name, value)


_FIELDS = PenaltyEntry.__struct_fields__


def as_columns(entry: PenaltyEntry) -> dict[str, Any]:
    """The columns of an entry; its causes as JSON."""
    return {**msgspec.structs.asdict(entry), "causes": msgspec.json.encode(entry.causes).decode()}


PEOPLE = Table("penalty_people", PersonRow, ("member_id",))
LEDGERS = Table("penalty_ledgers", LedgerRow, ("ledger_id",))
ENTRIES = Table("penalty_entries", EntryRow, ("ledger_id", "entry_key"))


def member_of(subject_kind: str, subject: str) -> UUID | None:
    """The member whose ledger it is, if it is a person's."""
    if subject_kind == "person":
        with suppress(ValueError):
            return UUID(subject)
    return None


class PenaltyWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.people = Rows(PEOPLE)
        self.ledgers = Rows(LEDGERS)
        self.entries = Rows(ENTRIES)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read the ledgers of the batch with their entries, and the members that it is about."""
        streams = {each.stream_id for each in batch}
        await self.ledgers.load(connection, tenant, build, ledger_id=streams)
        await self.entries.load(connection, tenant, build, ledger_id=streams)
        people = {row.member_id for row in self.ledgers.known()} - {None}
        for event in (each.event for each in batch):
            match event:
                case MemberAdded() | MemberRenamed() | DepartmentAssigned():
                    people.add(event.member_id)
                case LedgerOpened():
                    people.add(member_of(event.subject_kind, event.subject))
        await self.people.load(connection, tenant, build, member_id=people - {None})

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        await self.people.write(connection, tenant, build)
        await self.ledgers.write(connection, tenant, build)
        await self.entries.write(connection, tenant, build)

    def of(self, ledger: UUID) -> list[EntryRow]:
        """The entries of a ledger, not to be changed."""
        return [row for row in self.entries.known() if row.ledger_id == ledger]
