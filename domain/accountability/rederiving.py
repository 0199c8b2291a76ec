"""Counting a case's limits again once the calendar of a year that they rest on is published.

Days are counted as when a limit began, now as they are known. What has passed by then is history, and stays.
"""

from msgspec.structs import replace

from domain.accountability.aftermath import RederiveStages
from domain.accountability.clocks import counted, level_after, reminders_of
from domain.accountability.events_time import StagesRederived
from domain.accountability.guards import rules_of
from domain.accountability.state import AccountabilityCaseState
from domain.accountability.words import Clock, ClockMoved
from domain.kernel import Context, Event
from domain.rules.r4 import R4Rules


def rederive(state: AccountabilityCaseState, command: RederiveStages, context: Context) -> tuple[Event, ...]:
    """Count anew what is provisional; nothing where that changes nothing, or nothing runs any more.

    Where the year is unknown again meanwhile, an event says so: by it the case waits for the year once more.
    """
    if not state.clocks:
        return ()
    rules = rules_of(state, context)
    anew = {key: _anew(clock, rules, context) for key, clock in state.clocks.items()}
    moved = tuple(
        ClockMoved(before=clock, after=anew[key])
        for key, clock in state.clocks.items()
        if anew[key] != clock or command.year in waits_for(anew[key])
    )
    return (StagesRederived(year=command.year, clocks=moved, rule_version=state.rule_version),) if moved else ()


def waits_for(clock: Clock) -> tuple[int, ...]:
    """The years whose calendar the limit, or the ladder's next step after it, rests on without knowing it."""
    following = () if clock.next_level is None else clock.next_level.unknown_years
    return following if clock.overdue else clock.unknown_years


def _anew(clock: Clock, rules: R4Rules, context: Context) -> Clock:
    """A limit over the days as they are known now, with the reminders that are still owed, each at its new time."""
    calendar, following = context.calendar, clock.next_level
    if clock.overdue:
        if following is None or not following.provisional or following.counted_from is None:
            return clock
        return replace(clock, next_level=level_after(following.level, following.counted_from, rules, calendar))
    if not clock.provisional:
        return clock
    owed = {one.signal for one in clock.reminders}
    reminders = tuple(one for one in reminders_of(clock, clock.days, rules, calendar) if one.signal in owed)
    return replace(counted(clock, clock.days, calendar), reminders=reminders)
