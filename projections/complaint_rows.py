"""The rows of the projection "complaints", and which of them a batch of events has to read first."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.kernel import Connection, Folded
from projections.tables import Rows, Table


class ComplaintRow(msgspec.Struct):
    """A complaint; the columns of ``complaints``."""

    complaint_id: UUID
    lodged_position: int
    complainant: str
    kind: str
    kind_zh: str
    kind_en: str
    subject: str
    place: str | None
    project_id: UUID | None
    lodged_on: date
    lodged_at: datetime | None
    status: str = "lodged"
    open: bool = True
    round: int = 1
    responsible: UUID | None = None
    basis: str | None = None
    due_on: date | None = None
    due_by: datetime | None = None
    provisional: bool = False
    running: bool = False
    level: int = 0
    next_level: int | None = None
    next_role: str | None = None
    next_at: datetime | None = None
    next_provisional: bool = False
    instruction_awaited: bool = False
    promised_for: date | None = None
    paused_at: datetime | None = None
    pause_ends_at: datetime | None = None
    clock_stopped: bool = False
    late: bool = False
    fine_owed: bool = False
    fined: bool = False
    rating: int | None = None
    best_rating: int | None = None
    upheld: bool = False


class DepartmentRow(msgspec.Struct):
    """A department concerned; the columns of ``complaint_departments``."""

    complaint_id: UUID
    department: str
    signed: bool = False


class RoundRow(msgspec.Struct):
    """A complaint taken up once; the columns of ``complaint_rounds``."""

    complaint_id: UUID
    round: int
    month: str
    began_at: datetime
    stopped_s: int = 0
    response_s: int | None = None
    resolution_s: int | None = None
    outcome: str = "open"
    late: bool = False
    rating: int | None = None
    best_rating: int | None = None
    upheld: bool = False


COMPLAINTS_TABLE = Table("complaints", ComplaintRow, ("complaint_id",))
DEPARTMENTS = Table("complaint_departments", DepartmentRow, ("complaint_id", "department"))
ROUNDS = Table("complaint_rounds", RoundRow, ("complaint_id", "round"))
NO_DEPARTMENT = ""


class ComplaintWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.complaints = Rows(COMPLAINTS_TABLE)
        self.departments = Rows(DEPARTMENTS)
        self.rounds = Rows(ROUNDS)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read the rows of the complaints in the batch."""
        wanted = {folded.stream_id for folded in batch}
        await self.complaints.load(connection, tenant, build, complaint_id=wanted)
        await self.departments.load(connection, tenant, build, complaint_id=wanted)
        await self.rounds.load(connection, tenant, build, complaint_id=wanted)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        await self.complaints.write(connection, tenant, build)
        await self.departments.write(connection, tenant, build)
        await self.rounds.write(connection, tenant, build)

    def round_of(self, complaint: UUID) -> RoundRow:
        """The round that a complaint is in, to be changed."""
        found = self.complaints.find(complaint)
        if found is None:
            raise KeyError(complaint)
        return self.rounds.change(complaint, found.round)

    def of(self, complaint: UUID) -> list[DepartmentRow]:
        """The departments of a complaint, not to be changed."""
        return [row for row in self.departments.known() if row.complaint_id == complaint]
