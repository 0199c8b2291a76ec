"""How a unit's month folds into its row."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.kernel import Event
from domain.unit_settlement import messages as s
from projections.fleet_rows import SettlementRow
from projections.kernel import Folded
from projections.tables import Rows

Step = Callable[[Rows[SettlementRow], Folded, Any], None]


def _opened(rows: Rows[SettlementRow], folded: Folded, event: s.SettlementOpened) -> None:
    rows.put(
        SettlementRow(
            settlement_id=folded.stream_id,
            unit=event.unit,
            month=event.month,
            status="open",
            closes_at=event.closes_at,
        )
    )


def _added(rows: Rows[SettlementRow], folded: Folded, event: s.LineAdded) -> None:
    _count(rows.change(folded.stream_id), event.line)


def _count(row: SettlementRow, line: s.Line) -> None:
    if line.listed:
        row.lines += 1
        row.amount_fen += line.amount_fen
    else:
        row.left_out += 1
        row.left_out_worth_fen += line.worth_fen


def _contested(by: int) -> Step:
    def move(rows: Rows[SettlementRow], folded: Folded, _: Event) -> None:
        rows.change(folded.stream_id).contested += by

    return move


def _corrected(rows: Rows[SettlementRow], folded: Folded, event: s.LineCorrected) -> None:
    row = rows.change(folded.stream_id)
    row.contested -= event.was_contested
    if event.to_month is None:
        _count(row, event.entry)


def _closed(rows: Rows[SettlementRow], folded: Folded, _: s.SettlementClosed) -> None:
    rows.change(folded.stream_id).status = "closed"


def _reopened(rows: Rows[SettlementRow], folded: Folded, event: s.SettlementReopened) -> None:
    row = rows.change(folded.stream_id)
    row.status, row.closes_at = "open", event.closes_at


STEPS: Mapping[type[Event], Step] = {
    s.SettlementOpened: _opened,
    s.LineAdded: _added,
    s.LineContested: _contested(1),
    s.LineConfirmed: _contested(-1),
    s.LineCorrected: _corrected,
    s.SettlementClosed: _closed,
    s.SettlementReopened: _reopened,
}
