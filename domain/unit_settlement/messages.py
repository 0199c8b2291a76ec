"""What is asked of a unit's month, and what happened to it. Amounts are fen; a correction's may be negative."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command, Event
from domain.periods import Month

Unit = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
LineKey = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
LineKind = Literal["order", "cancellation", "no_show", "correction"]
Amount = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
SignedAmount = Annotated[int, msgspec.Meta(ge=-100_000_000, le=100_000_000)]
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Remark = Annotated[str, msgspec.Meta(max_length=1000)]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a statement (结算明细): an order, a late cancellation, a no-show, or a correction of another line.

    ``listed`` is false for what is accounted and left out of the settlement (R3.2.1.free); it costs nothing.
    ``for_month`` is the month it belongs to, which differs from the settlement's where that was closed already.
    """

    key: LineKey
    kind: LineKind
    booking_id: UUID
    for_month: Month
    used_on: date
    amount_fen: SignedAmount
    worth_fen: Amount = 0
    listed: bool = True
    plate: Annotated[str, msgspec.Meta(max_length=20)] = ""
    km: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    corrects: LineKey | None = None
    reason: Remark = ""


class AddLine(Command, frozen=True, kw_only=True):
    """Put a line on a unit's statement of a month (列入结算单)."""

    unit: Unit
    month: Month
    line: Line


class ContestLine(Command, frozen=True, kw_only=True):
    """Object to a line, as the unit (对明细提出异议)."""

    line_key: LineKey
    reason: Note


class DecideLine(Command, frozen=True, kw_only=True):
    """Decide an objection: the line stands, or costs another amount (裁定异议)."""

    line_key: LineKey
    amount_fen: Amount
    reason: Note


class CorrectLine(Command, frozen=True, kw_only=True):
    """Correct what a line costs (更正明细): by a further entry, in a later month where this one is closed."""

    line_key: LineKey
    amount_fen: Amount
    reason: Note


class CloseSettlement(Command, frozen=True, kw_only=True):
    """Close the month, from its cut-off on (结账)."""

    note: Remark = ""


class ReopenSettlement(Command, frozen=True, kw_only=True):
    """Take a closed month up again (重新打开)."""

    reason: Note


class LapseCutOff(Command, frozen=True, kw_only=True):
    """The month is to be closed by now (到期自动结账)."""

    round: Annotated[int, msgspec.Meta(ge=1, le=1000)]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What the lines of a statement add up to. ``left_out`` counts what is accounted and not settled."""

    lines: int
    amount_fen: int
    left_out: int
    left_out_worth_fen: int
    contested: int


class SettlementOpened(Event, frozen=True, kw_only=True, tag="unit_settlement.opened"):
    """A unit has something in a month, which may be closed from ``cut_off_at`` on and is at ``closes_at``."""

    unit: str
    month: str
    cut_off_on: date
    cut_off_at: datetime
    closes_at: datetime
    readings: dict[str, str]
    rule_version: int
    clause: str = "R3.2.1"


class LineAdded(Event, frozen=True, kw_only=True, tag="unit_settlement.line_added"):
    """A line stands on the statement."""

    line: Line
    clause: str = "R3.2.1"


class LineDeferred(Event, frozen=True, kw_only=True, tag="unit_settlement.line_deferred"):
    """The month was closed when the line came: it goes to the next one."""

    unit: str
    to_month: str
    line: Line
    clause: str = "R3.2.1"


class LineContested(Event, frozen=True, kw_only=True, tag="unit_settlement.line_contested"):
    """The unit objects to a line."""

    line_key: str
    reason: str
    contested_by: UUID
    clause: str = "R3.2.1"


class LineConfirmed(Event, frozen=True, kw_only=True, tag="unit_settlement.line_confirmed"):
    """The line stands as it was."""

    line_key: str
    reason: str
    decided_by: UUID
    clause: str = "R3.2.1"


class LineCorrected(Event, frozen=True, kw_only=True, tag="unit_settlement.line_corrected"):
    """What a line costs changed. ``entry`` is the further entry that makes up the difference.

    It stands in this month where that is open (``to_month`` is none), else it goes to a later one.
    """

    line_key: str
    was_fen: int
    amount_fen: int
    entry: Line
    was_contested: bool
    to_month: str | None
    unit: str
    reason: str
    corrected_by: UUID
    clause: str = "R3.2.1"


class SettlementClosed(Event, frozen=True, kw_only=True, tag="unit_settlement.closed"):
    """The month is closed: what the unit owes for it, and the bookings that it settles."""

    unit: str
    month: str
    round: int
    automatic: bool
    closed_by: UUID | None
    note: str
    totals: Totals
    bookings: tuple[UUID, ...]
    rule_version: int
    clause: str = "R3.2.1"


class SettlementReopened(Event, frozen=True, kw_only=True, tag="unit_settlement.reopened"):
    """The month is open again, and is closed at ``closes_at`` unless finance does so before."""

    round: int
    reason: str
    reopened_by: UUID
    closes_at: datetime
    rule_version: int
    clause: str = "R3.2.1"
