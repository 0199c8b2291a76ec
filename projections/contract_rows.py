"""The rows of the projection "contracts": what projects, deposits and their entries are folded into."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from projections.tables import Table


class ProjectRow(msgspec.Struct):
    """A project; the columns of ``contract_projects``."""

    project_id: UUID
    registered_position: int
    name: str
    contractor: str
    status: str
    contract_from: date
    contract_to: date
    starts_month: str
    streak: int = 0
    last_month: str | None = None
    right_since: str | None = None
    ground_lost: bool = False
    termination_position: int | None = None
    termination_version: int | None = None
    reinstatement_position: int | None = None
    reinstatement_version: int | None = None
    end_position: int | None = None
    end_version: int | None = None


class CorrectionRow(msgspec.Struct):
    """An ordered correction; the columns of ``contract_corrections``."""

    project_id: UUID
    month: str
    due_on: date
    due_at: datetime
    status: str


class PriorityRow(msgspec.Struct):
    """An excellent month; the columns of ``contract_priorities``."""

    project_id: UUID
    month: str


class DepositRow(msgspec.Struct):
    """A deposit; the columns of ``deposits``."""

    deposit_id: UUID
    opened_position: int
    project_id: UUID
    contractor: str
    status: str
    contract_from: date
    contract_to: date
    agreed_fen: int
    received_fen: int = 0
    topped_up_fen: int = 0
    balance_fen: int = 0
    penalties_fen: int = 0
    rewards_fen: int = 0
    uncollected_fen: int = 0
    paid_out_fen: int = 0
    refunded_fen: int = 0
    forfeited_fen: int = 0
    demanded_fen: int = 0
    entries: int = 0


class EntryRow(msgspec.Struct):
    """An entry of a deposit; the columns of ``deposit_entries``."""

    deposit_id: UUID
    number: int
    entry_id: str
    kind: str
    topic: str
    version: int
    position: int
    booked_at: datetime
    effect_fen: int
    balance_after_fen: int
    payout_fen: int
    uncollected_fen: int
    penalties_total_fen: int
    rewards_total_fen: int
    uncollected_total_fen: int
    paid_out_total_fen: int
    clause: str | None
    rule_version: int | None
    readings: str
    base_fen: int | None
    percent: Decimal | None
    month: str | None
    assessment_id: UUID | None
    revision: int | None
    reverses: str | None
    collects: str | None
    reference: str | None
    allocation: str
    contract_topic: str | None
    contract_version: int | None
    contract_position: int | None


class DemandRow(msgspec.Struct):
    """A demand to top up; the columns of ``deposit_demands``."""

    deposit_id: UUID
    demand_id: str
    month: str
    state: str
    demanded_fen: int
    received_fen: int
    reduced_fen: int
    due_on: date
    due_at: datetime
    clause: str
    rule_version: int
    readings: str
    version: int
    position: int

    @property
    def remaining_fen(self) -> int:
        """What is still owed on it."""
        return self.demanded_fen - self.received_fen - self.reduced_fen


class SourceRow(msgspec.Struct):
    """A scorecard and the event by which its project took it over; the columns of ``deposit_sources``."""

    assessment_id: UUID
    revision: int
    scored_topic: str
    scored_version: int
    scored_position: int
    score: Decimal
    band: str
    vetoed: bool
    project_id: UUID
    recorded_topic: str | None = None
    recorded_version: int | None = None
    recorded_position: int | None = None


class RuleRow(msgspec.Struct):
    """A published version of the rules; the columns of ``deposit_rules``."""

    regulation: str
    rule_version: int
    effective_from: date
    topic: str
    stream_id: UUID
    version: int
    position: int


PROJECTS = Table("contract_projects", ProjectRow, ("project_id",))
CORRECTIONS = Table("contract_corrections", CorrectionRow, ("project_id", "month"))
PRIORITIES = Table("contract_priorities", PriorityRow, ("project_id", "month"))
DEPOSITS = Table("deposits", DepositRow, ("deposit_id",))
ENTRIES = Table("deposit_entries", EntryRow, ("deposit_id", "number"))
DEMANDS = Table("deposit_demands", DemandRow, ("deposit_id", "demand_id"))
SOURCES = Table("deposit_sources", SourceRow, ("assessment_id", "revision"))
RULES = Table("deposit_rules", RuleRow, ("regulation", "rule_version"))
