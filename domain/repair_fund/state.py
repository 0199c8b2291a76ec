"""Where a repair fund stands: its balance, its bookings, and what each month's came to."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import Deadline, State
from domain.periods import month_of
from domain.repair_fund import messages as m
from domain.statement_periods import PeriodOwed


class Booking(msgspec.Struct, frozen=True):
    """A booking by its effect on the balance, and whether it was taken back."""

    effect_fen: int
    booked_by: UUID
    reversed: bool = False


class MonthTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What the bookings of a month came to."""

    received_fen: int = 0
    spent_fen: dict[str, int] = msgspec.field(default_factory=dict)
    reversed_fen: int = 0
    bookings: int = 0

    @property
    def effect_fen(self) -> int:
        """What they did to the balance."""
        return self.received_fen - sum(self.spent_fen.values()) + self.reversed_fen


class RepairFundState(State, frozen=True, kw_only=True):
    """One repair fund (修缮基金). ``published_until`` is the last month that a statement covers."""

    project_id: UUID
    name: str
    opened_month: str
    balance_fen: int = 0
    bookings: dict[int, Booking] = msgspec.field(default_factory=dict)
    months: dict[str, MonthTotals] = msgspec.field(default_factory=dict)
    last_number: int = 0
    published_until: str | None = None
    owed: PeriodOwed | None = None
    closing_fen: int = 0


def _opened(event: m.FundOpened) -> RepairFundState:
    return RepairFundState(
        status="open",
        project_id=event.project_id,
        name=event.name,
        opened_month=month_of(event.opened_on),
        owed=event.owed,
    )


def _received(state: RepairFundState, event: m.ContributionReceived) -> RepairFundState:
    month = _month(state, event)
    totals = replace(month, received_fen=month.received_fen + event.amount_fen, bookings=month.bookings + 1)
    booked = _booked(state, event, event.amount_fen, totals)
    # what units paid is taken back in their accounts: nobody reverses it here, and there may be a great many
    return replace(booked, bookings=state.bookings) if event.collected else booked


def _taken_back(state: RepairFundState, event: m.ContributionTakenBack) -> RepairFundState:
    month = _month(state, event)
    totals = replace(month, reversed_fen=month.reversed_fen - event.amount_fen, bookings=month.bookings + 1)
    return replace(_booked(state, event, -event.amount_fen, totals), bookings=state.bookings)


def _spent(state: RepairFundState, event: m.FundSpent) -> RepairFundState:
    month = _month(state, event)
    spent = {**month.spent_fen, event.purpose: month.spent_fen.get(event.purpose, 0) + event.amount_fen}
    return _booked(state, event, -event.amount_fen, replace(month, spent_fen=spent, bookings=month.bookings + 1))


def _reversed(state: RepairFundState, event: m.BookingReversed) -> RepairFundState:
    month = _month(state, event)
    totals = replace(month, reversed_fen=month.reversed_fen + event.effect_fen, bookings=month.bookings + 1)
    booked = _booked(state, event, event.effect_fen, totals)
    taken_back = replace(booked.bookings[event.reverses], reversed=True)
    return replace(booked, bookings={**booked.bookings, event.reverses: taken_back})


def _month(state: RepairFundState, event: Any) -> MonthTotals:
    return state.months.get(month_of(event.booked_on), MonthTotals())


def _booked(state: RepairFundState, event: Any, effect_fen: int, totals: MonthTotals) -> RepairFundState:
    return replace(
        state,
        balance_fen=event.balance_after_fen,
        last_number=event.number,
        bookings={**state.bookings, event.number: Booking(effect_fen, event.booked_by)},
        months={**state.months, month_of(event.booked_on): totals},
    )


def _published(state: RepairFundState, event: m.FundStatementPublished) -> RepairFundState:
    left = {month: totals for month, totals in state.months.items() if month > event.last_month}
    return replace(
        state,
        months=left,
        published_until=event.last_month,
        closing_fen=event.closing_fen,
        owed=event.next_owed,
    )


def _overdue(state: RepairFundState, event: m.FundStatementOverdue) -> RepairFundState:
    assert state.owed is not None
    return replace(state, owed=replace(state.owed, level=event.level, due_at=event.next_at))


def deadlines(state: RepairFundState) -> tuple[Deadline, ...]:
    """The period whose statement is owed."""
    owed = state.owed
    if owed is None or owed.due_at is None:
        return ()
    lapse = m.LapseStatement(first_month=owed.first_month)
    return (Deadline(f"publish:{owed.first_month}:{owed.level}", owed.due_at, lapse),)


evolve: Evolve[RepairFundState] = folding(
    "a repair fund",
    begins={m.FundOpened: _opened},
    steps={
        m.ContributionReceived: _received,
        m.ContributionTakenBack: _taken_back,
        m.FundSpent: _spent,
        m.BookingReversed: _reversed,
        m.FundStatementPublished: _published,
        m.FundStatementOverdue: _overdue,
    },
)
