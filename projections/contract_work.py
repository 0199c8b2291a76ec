"""The rows that a batch of the projection "contracts" works on, and which of them it has to read first."""

from collections.abc import Sequence
from uuid import UUID

from domain.contract_deposit import events as d
from domain.kernel import Event
from domain.property_project import events as p
from projections import contract_rows as rows
from projections.kernel import Connection, Folded
from projections.tables import Rows

_CORRECTING = (p.CorrectionConfirmed, p.CorrectionOverdue)
_DEMANDING = (d.TopUpReceived, d.TopUpReduced, d.TopUpWithdrawn, d.TopUpOverdue)


def tag(event: Event) -> str:
    """The stable tag of an event."""
    return str(event.__struct_config__.tag)


class ContractWork:
    """The rows of a batch, a set for each table."""

    def __init__(self) -> None:
        self.projects = Rows(rows.PROJECTS)
        self.corrections = Rows(rows.CORRECTIONS)
        self.priorities = Rows(rows.PRIORITIES)
        self.deposits = Rows(rows.DEPOSITS)
        self.entries = Rows(rows.ENTRIES)
        self.demands = Rows(rows.DEMANDS)
        self.sources = Rows(rows.SOURCES)
        self.rules = Rows(rows.RULES)

    async def load(self, connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
        """Read the rows of the streams in the batch, and of the projects that its deposits belong to."""
        projects = {each.stream_id for each in batch if _of(each, "property_project")}
        deposits = {each.stream_id for each in batch if _of(each, "contract_deposit")}
        await self.deposits.load(connection, tenant, build, deposit_id=deposits)
        projects |= {deposit.project_id for deposit in self.deposits.known()}
        projects |= {each.event.project_id for each in batch if isinstance(each.event, d.DepositOpened)}
        await self.projects.load(connection, tenant, build, project_id=projects)
        correcting = {each.stream_id for each in batch if isinstance(each.event, _CORRECTING)}
        await self.corrections.load(connection, tenant, build, project_id=correcting)
        demanding = {each.stream_id for each in batch if isinstance(each.event, _DEMANDING)}
        await self.demands.load(connection, tenant, build, deposit_id=demanding)
        taken = {each.event.assessment_id for each in batch if isinstance(each.event, p.MonthRecorded | p.MonthRevised)}
        await self.sources.load(connection, tenant, build, assessment_id=taken)

    async def write(self, connection: Connection, tenant: UUID, build: int) -> None:
        """One statement a table."""
        await self.projects.write(connection, tenant, build)
        await self.corrections.write(connection, tenant, build)
        await self.priorities.write(connection, tenant, build)
        await self.deposits.write(connection, tenant, build)
        await self.entries.write(connection, tenant, build)
        await self.demands.write(connection, tenant, build)
        await self.sources.write(connection, tenant, build)
        await self.rules.write(connection, tenant, build)


def _of(folded: Folded, noun: str) -> bool:
    return tag(folded.event).startswith(f"{noun}.")
