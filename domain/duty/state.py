"""Where a duty stands: the window it is in, and nothing of those to come."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.cadence import Window
from domain.duty import events as e
from domain.duty.commands import LapseDuty
from domain.duty_terms import Holder, Scope, Terms
from domain.folding import Evolve, folding
from domain.kernel import Deadline, State

KEPT_LAPSES = 31
"""So many of the latest missed windows can still be overturned: a month of daily ones."""

KEPT_HOLDERS = 10
"""So many of the latest former holders are known: what they did as holders is credited, however late it is told."""


class Lapse(msgspec.Struct, frozen=True, kw_only=True):
    """A missed window that can still be overturned."""

    window: Window
    performed: int
    times: int
    holder: Holder
    clause: str
    rule_version: int | None
    overturned: bool = False


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever held the duty before, and up to when."""

    holder: Holder
    until: datetime


class DutyState(State, frozen=True, kw_only=True):
    """One duty (职责). ``window`` is the one that is open or opens next; ``pending`` are the terms from the next on."""

    terms: Terms
    scope: Scope
    holder: Holder
    begins_on: date
    window: Window | None
    scheme_id: UUID | None
    pending: Terms | None = None
    performed: int = 0
    lapses: tuple[Lapse, ...] = ()
    met: int = 0
    missed: int = 0
    in_a_row: int = 0
    former: tuple[Former, ...] = ()


def holder_at(state: DutyState, instant: datetime) -> Holder:
    """Whoever held the duty at an instant, as far back as is known; the present holder where nobody else did."""
    return next((one.holder for one in state.former if instant <= one.until), state.holder)


def deadlines(state: DutyState) -> tuple[Deadline, ...]:
    """The close of the current window: one deadline at most, however many windows are to come."""
    if state.window is None:
        return ()
    key = state.window.key
    return (Deadline(f"window:{key}", state.window.closes_at, LapseDuty(window=key)),)


def _opened(event: e.DutyOpened) -> DutyState:
    return DutyState(
        status="running",
        terms=event.terms,
        scope=event.scope,
        holder=event.holder,
        begins_on=event.begins_on,
        window=event.window,
        scheme_id=event.scheme_id,
    )


def _performed(state: DutyState, event: e.DutyPerformed) -> DutyState:
    if state.window is not None and event.window == state.window.key:
        return replace(state, performed=event.number)
    return _with_lapse(state, event.window, performed=event.number)


def _met(state: DutyState, event: e.DutyMet) -> DutyState:
    return replace(_moved_on(state, event.next_window), met=state.met + 1, in_a_row=0)


def _missed(state: DutyState, event: e.DutyMissed) -> DutyState:
    lapse = Lapse(
        window=event.window,
        performed=event.performed,
        times=event.times,
        holder=event.holder,
        clause=event.clause,
        rule_version=event.rule_version,
    )
    moved = _moved_on(state, event.next_window)
    kept = (*state.lapses, lapse)[-KEPT_LAPSES:]
    return replace(moved, lapses=kept, missed=state.missed + 1, in_a_row=event.in_a_row)


def _moved_on(state: DutyState, window: Window) -> DutyState:
    return replace(state, window=window, terms=state.pending or state.terms, pending=None, performed=0)


def _overturned(state: DutyState, event: e.LapseOverturned) -> DutyState:
    changed = _with_lapse(state, event.window, overturned=True)
    return replace(changed, missed=state.missed - 1, in_a_row=event.in_a_row)


def _with_lapse(state: DutyState, key: str, **changes: Any) -> DutyState:
    lapses = tuple(replace(one, **changes) if one.window.key == key else one for one in state.lapses)
    return replace(state, lapses=lapses)


def _resumed(state: DutyState, event: e.DutyResumed) -> DutyState:
    return replace(_moved_on(state, event.next_window), status="running")


def _reassigned(state: DutyState, event: e.DutyReassigned) -> DutyState:
    former = state.former
    if event.at is not None:
        former = (*former, Former(holder=event.previous, until=event.at))[-KEPT_HOLDERS:]
    return replace(state, holder=event.holder, former=former)


evolve: Evolve[DutyState] = folding(
    "a duty",
    begins={e.DutyOpened: _opened},
    steps={
        e.DutyPerformed: _performed,
        e.DutyMet: _met,
        e.DutyMissed: _missed,
        e.LapseOverturned: _overturned,
        e.DutyTermsChanged: lambda s, event: replace(s, pending=event.terms),
        e.DutyReassigned: _reassigned,
        e.DutySuspended: lambda s, _: replace(s, status="suspended", window=None, performed=0),
        e.DutyResumed: _resumed,
        e.DutyEnded: lambda s, _: replace(s, status="ended", window=None, performed=0),
    },
)
