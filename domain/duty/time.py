"""What time does to a duty: a window that closes unmet is missed, the next one follows, and the ladder is climbed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.cadence import Window, next_window
from domain.duty import commands as c
from domain.duty import events as e
from domain.duty.state import DutyState, evolve
from domain.duty_terms import Ladder
from domain.kernel import Context, Event, Refusal

MAX_CATCH_UP = 14
"""So many closed windows a command records by itself; with more, the worker is behind and comes first."""
Handler = Callable[[DutyState, Any, Context], tuple[Event, ...]]


def timely(handler: Handler) -> Handler:
    """A handler that first records the windows that have closed by then, so that no command outruns a lapse."""

    def decide(state: DutyState, command: Any, context: Context) -> tuple[Event, ...]:
        missed: list[Event] = []
        while state.window is not None and state.window.closes_at <= context.now:
            if len(missed) == MAX_CATCH_UP:
                raise Refusal(
                    "lapses_pending",
                    zh="此前各期的未履行记录尚在登记，请稍后再试",
                    en="Earlier windows are still being recorded; try again shortly.",
                    clause=state.terms.clause,
                )
            lapsed = _missed(state, context)
            missed.append(lapsed)
            state = evolve(state, lapsed)
        return (*missed, *handler(state, command, context))

    return decide


def lapse(state: DutyState, command: c.LapseDuty, context: Context) -> tuple[Event, ...]:
    """The current window closed unmet."""
    if state.window is None or state.window.key != command.window:
        raise Refusal("nothing_due", zh="没有这一到期窗口", en="No such window is due.", clause=state.terms.clause)
    if context.now < state.window.closes_at:
        raise Refusal("not_due_yet", zh="窗口尚未届满", en="The window has not closed yet.", clause=state.terms.clause)
    return (_missed(state, context),)


def following(state: DutyState, after: datetime, context: Context) -> Window:
    """The window after an instant, by the terms that apply from then on."""
    terms = state.pending or state.terms
    return next_window(terms.cadence, context.calendar, state.begins_on, after)


def _missed(state: DutyState, context: Context) -> e.DutyMissed:
    assert state.window is not None
    terms, in_a_row = state.terms, state.in_a_row + 1
    return e.DutyMissed(
        window=state.window,
        performed=state.performed,
        times=terms.times,
        holder=state.holder,
        in_a_row=in_a_row,
        escalation=_reached(terms.ladder, in_a_row),
        next_window=following(state, state.window.closes_at, context),
        readings=terms.readings,
        clause=terms.clause,
        rule_version=terms.rule_version,
    )


def _reached(ladder: Ladder, in_a_row: int) -> e.Escalation | None:
    """The level that so many lapses in a row reach; above the highest, the highest each time."""
    reached = [number for number, level in enumerate(ladder, 1) if level.missed_in_a_row <= in_a_row]
    if not reached:
        return None
    number = reached[-1]
    level = ladder[number - 1]
    if number < len(ladder) and level.missed_in_a_row != in_a_row:
        return None
    return e.Escalation(level=number, role=level.role, channel=level.channel)
