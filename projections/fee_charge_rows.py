"""The rows of the projection "fee_charges", and which of them a batch of events has to read first."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.fee_account import events as e
from projections.kernel import Connection, Folded
from projections.tables import Rows, Table

NO_MONTH = ""


class UnitRow(msgspec.Struct):
    """A unit's account; the columns of ``fee_units``."""

    account_id: UUID
    project_id: UUID
    building: str
    unit: str
    balance_fen: int = 0


class EntryRow(msgspec.Struct, kw_only=True):
    """An entry of an account as it was booked; the columns of ``fee_entries``."""

    account_id: UUID
    number: int
    position: int
    booked_at: datetime
    what: str
    kind: str | None = None
    item: str = ""
    first_month: str | None = None
    last_month: str | None = None
    effect_fen: int
    balance_after_fen: int
    means: str | None = None
    reference: str = ""
    paid_on: date | None = None
    due_on: date | None = None
    reverses: int | None = None


class ChargeRow(msgspec.Struct, kw_only=True):
    """A charge and what is unpaid of it since when; the columns of ``fee_charges``."""

    account_id: UUID
    number: int
    project_id: UUID
    building: str
    kind: str
    item: str
    first_month: str
    last_month: str
    due_on: date
    amount_fen: int
    paid_fen: int = 0
    reversed: bool = False
    unpaid_fen: int = 0
    unpaid_since: datetime

    @property
    def place(self) -> tuple[Any, ...]:
        """The row of ``fee_collection`` that it counts in."""
        return (self.project_id, self.first_month, self.last_month, self.building, self.kind, self.item)


class UnpaidRow(msgspec.Struct):
    """What was unpaid of a charge for a time that is over; the columns of ``fee_unpaid_before``."""

    account_id: UUID
    number: int
    since: datetime
    until: datetime
    project_id: UUID
    building: str
    kind: str
    due_on: date
    unpaid_fen: int


class CollectionRow(msgspec.Struct):
    """What was charged for a period, and paid of it until now; the columns of ``fee_collection``."""

    project_id: UUID
    first_month: str
    last_month: str
    building: str
    kind: str
    item: str
    charged_fen: int = 0
    paid_fen: int = 0


UNITS = Table("fee_units", UnitRow, ("account_id",))
ENTRIES = Table("fee_entries", EntryRow, ("account_id", "number"))
CHARGES = Table("fee_charges", ChargeRow, ("account_id", "number"))
UNPAID = Table("fee_unpaid_before", UnpaidRow, ("account_id", "number", "since"))
COLLECTION = Table(
    "fee_collection", CollectionRow, ("project_id", "first_month", "last_month", "building", "kind", "item")
)


class ChargeWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.units = Rows(UNITS)
        self.entries = Rows(ENTRIES)
        self.charges = Rows(CHARGES)
        self.unpaid = Rows(UNPAID)
        self.collection = Rows(COLLECTION)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read the accounts of the batch, and of their charges those that it is about."""
        await self.units.load(connection, tenant, build, account_id={each.stream_id for each in batch})
        touched = {(each.stream_id, number) for each in batch for number in touched_by(each.event)}
        await self.charges.load_keys(connection, tenant, build, touched)
        buildings = {}
        for each in batch:
            if isinstance(each.event, e.FeeAccountOpened):
                buildings[each.stream_id] = (each.event.project_id, each.event.building)
        for unit in self.units.known():
            buildings[unit.account_id] = (unit.project_id, unit.building)
        places = {charge.place for charge in self.charges.known()}
        for each in batch:
            if each.stream_id in buildings:
                project, building = buildings[each.stream_id]
                places |= {(project, *months, building, *what) for months, what in charged_by(each.event)}
        await self.collection.load_keys(connection, tenant, build, places)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        for rows in (self.units, self.entries, self.charges, self.unpaid, self.collection):
            await rows.write(connection, tenant, build)


def touched_by(event: Any) -> Iterable[int]:
    """The charges that an event may be about, by number; some of them are made in the same batch."""
    yield from (one.charge for one in getattr(event, "settles", ()))
    if isinstance(event, e.FeeEntryReversed):
        yield event.reverses
    if isinstance(event, e.FeeReminded):
        yield event.charge


def charged_by(event: Any) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    """What an event charges: months, and kind and item; a late fee counts in the period of no month."""
    if isinstance(event, e.FeeCharged):
        yield (event.first_month, event.last_month), (event.kind, event.item)
    elif isinstance(event, e.PeriodCharged):
        yield from (((line.first_month, line.last_month), (line.kind, line.item)) for line in event.lines)
    elif isinstance(event, e.FeeReminded) and event.late_fee_number is not None:
        yield (NO_MONTH, NO_MONTH), ("late_fee", "")
