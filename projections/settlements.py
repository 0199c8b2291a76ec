"""What has each unit to pay for its cars, month by month? R3.2.1."""

from datetime import datetime, tzinfo
from uuid import UUID

import msgspec

from domain.kernel import Text
from projections.asking import Question
from projections.fleet import FLEET
from projections.kernel import Connection
from projections.labels import SETTLEMENT_STATUSES

PROJECTION = FLEET.name


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's month. ``amount_fen`` is the sum of its lines, ``left_out`` counts what is accounted beside it."""

    settlement_id: UUID
    unit: str
    month: str
    status: str
    status_label: Text
    closes_at: datetime
    lines: int
    amount_fen: int
    left_out: int
    left_out_worth_fen: int
    contested: int


def question(
    tenant: UUID, *, unit: str | None = None, month: str | None = None, after: tuple[str, UUID] | None = None
) -> Question:
    """The statement, latest month first."""
    found = Question("fleet_settlements", tenant).where("s.unit = {}", unit).where("s.month = {}", month)
    if after is not None:
        found.where("(s.month, s.settlement_id) < ({}, {})", *after)
    return found.then("order by s.month desc, s.settlement_id desc")


async def settlements(connection: Connection, found: Question, zone: tzinfo, limit: int) -> list[Settlement]:
    """The months that a question finds."""
    shown = [dict(row) for row in await found.rows(connection, limit)]
    for row in shown:
        row["closes_at"] = row["closes_at"].astimezone(zone)
    return [Settlement(status_label=SETTLEMENT_STATUSES[row["status"]], **row) for row in shown]
