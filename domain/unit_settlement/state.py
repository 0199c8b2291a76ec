"""Where a unit's month stands: its lines, what they cost by now, what they add up to."""

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import Deadline, Event, State
from domain.unit_settlement import messages as m


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it stands. ``now_fen`` is what it costs after all corrections, wherever these are booked."""

    line: m.Line
    now_fen: int
    corrections: int = 0
    contested: str | None = None


class SettlementState(State, frozen=True, kw_only=True):
    """A unit's month (月度结算): what it used, what that costs, and whether that is final."""

    unit: str
    month: str
    cut_off_on: date
    cut_off_at: datetime
    closes_at: datetime
    rule_version: int
    lines: dict[str, Entry] = msgspec.field(default_factory=dict)
    round: int = 1
    closed_totals: m.Totals | None = None


def totals(state: SettlementState) -> m.Totals:
    """What the lines add up to: the amounts booked in this month, corrections of other months' lines included."""
    entries = state.lines.values()
    left_out = [entry for entry in entries if not entry.line.listed]
    return m.Totals(
        lines=len(entries) - len(left_out),
        amount_fen=sum(entry.line.amount_fen for entry in entries if entry.line.listed),
        left_out=len(left_out),
        left_out_worth_fen=sum(entry.line.worth_fen for entry in left_out),
        contested=sum(entry.contested is not None for entry in entries),
    )


def deadlines(state: SettlementState) -> tuple[Deadline, ...]:
    """An open month is closed some time after its cut-off."""
    if state.status == "closed":
        return ()
    return (Deadline(f"close:{state.round}", state.closes_at, m.LapseCutOff(round=state.round)),)


def _opened(event: m.SettlementOpened) -> SettlementState:
    return SettlementState(
        status="open",
        unit=event.unit,
        month=event.month,
        cut_off_on=event.cut_off_on,
        cut_off_at=event.cut_off_at,
        closes_at=event.closes_at,
        rule_version=event.rule_version,
    )


def _with(state: SettlementState, line: m.Line) -> SettlementState:
    return replace(state, lines={**state.lines, line.key: Entry(line=line, now_fen=line.amount_fen)})


def _changed(state: SettlementState, key: str, **changes: Any) -> SettlementState:
    return replace(state, lines={**state.lines, key: replace(state.lines[key], **changes)})


def _corrected(state: SettlementState, event: m.LineCorrected) -> SettlementState:
    corrections = state.lines[event.line_key].corrections + 1
    state = _changed(state, event.line_key, now_fen=event.amount_fen, corrections=corrections, contested=None)
    return _with(state, event.entry) if event.to_month is None else state


def _unchanged(state: SettlementState, _: Event) -> SettlementState:
    return state


evolve: Evolve[SettlementState] = folding(
    "a settlement",
    begins={m.SettlementOpened: _opened},
    steps={
        m.LineAdded: lambda s, e: _with(s, e.line),
        m.LineDeferred: _unchanged,
        m.LineContested: lambda s, e: _changed(s, e.line_key, contested=e.reason),
        m.LineConfirmed: lambda s, e: _changed(s, e.line_key, contested=None),
        m.LineCorrected: _corrected,
        m.SettlementClosed: lambda s, e: replace(s, status="closed", closed_totals=e.totals),
        m.SettlementReopened: lambda s, e: replace(s, status="open", round=e.round, closes_at=e.closes_at),
    },
)
