"""Where a fee period stands, and the months that it holds for its project."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import field
from msgspec.structs import replace

from domain.fee_period import messages as m
from domain.folding import Evolve, folding
from domain.kernel import Reservation, State


class FeePeriodState(State, frozen=True, kw_only=True):
    """One period (收费周期) of a project. ``decided`` holds the prices that differ from the first day's."""

    project_id: UUID
    name: str
    first_month: str
    last_month: str
    begins_at: datetime
    ends_at: datetime
    decided: tuple[m.PriceDecided, ...] = ()
    prices: tuple[m.FixedPrice, ...] = ()
    due_on: date | None = None
    notice: Literal["charge_then_reminder", "reminder_to_unpaid"] | None = None
    closed_by: UUID | None = None
    rule_version: int | None = None
    readings: dict[str, str] = field(default_factory=dict)
    notices: int = 0
    accounts: int = 0
    refused: int = 0
    amount_fen: int = 0
    closed_on: date | None = None
    numbers: m.NoticesNumbered | None = None


def reservations(state: FeePeriodState) -> tuple[Reservation, ...]:
    """A month belongs to one period of a project (R13.4.2.1)."""
    return (
        Reservation(
            key="months",
            kind="fee_months",
            resource_id=state.project_id,
            starts_at=state.begins_at,
            ends_at=state.ends_at,
            clause="R13.4.2.1",
        ),
    )


def _opened(event: m.FeePeriodOpened) -> FeePeriodState:
    return FeePeriodState(
        status="open",
        project_id=event.project_id,
        name=event.name,
        first_month=event.first_month,
        last_month=event.last_month,
        begins_at=event.begins_at,
        ends_at=event.ends_at,
    )


def _closing(state: FeePeriodState, event: m.ClosingBegun) -> FeePeriodState:
    return replace(
        state,
        status="closing",
        prices=event.prices,
        due_on=event.due_on,
        notice=event.notice,
        closed_by=event.closed_by,
        rule_version=event.rule_version,
        readings=event.readings,
    )


def _closed(state: FeePeriodState, event: m.FeePeriodClosed) -> FeePeriodState:
    return replace(
        state,
        status="closed",
        accounts=event.accounts,
        notices=event.notices,
        refused=event.refused,
        amount_fen=event.amount_fen,
        closed_on=event.closed_on,
    )


evolve: Evolve[FeePeriodState] = folding(
    "a fee period",
    begins={m.FeePeriodOpened: _opened},
    steps={
        m.PriceDecided: lambda s, event: replace(s, decided=(*s.decided, event)),
        m.ClosingBegun: _closing,
        m.FeePeriodClosed: _closed,
        m.NoticesNumbered: lambda s, event: replace(s, numbers=event),
    },
)
