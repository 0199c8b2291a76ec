"""Counting a complaint's limits again once the calendar of a year that they rest on is published.

The same steps are taken as when they were first counted, now over the days as they are known: from the day of the
complaint, or the one promised, over each pause in turn. What has passed by then is history, and stays.
"""

from datetime import datetime

from msgspec.structs import replace

from domain.calendar import Calendar
from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import limit_after, promised, settled_from, step, step_after
from domain.complaint.guards import rules_of
from domain.complaint.state import OPEN, ComplaintState
from domain.kernel import Context, Event
from domain.rules.r11 import R11Rules


def rederive(state: ComplaintState, command: c.RederiveLimits, context: Context) -> tuple[Event, ...]:
    """Count anew what is provisional; nothing where that changes nothing, or nothing is owed any more.

    Where the year is unknown again meanwhile, an event says so: by it the complaint waits for the year once more.
    """
    if state.status not in OPEN:
        return ()
    rules, calendar = rules_of(state, context), context.calendar
    limit, following = state.limit, state.next_level
    if limit is not None and limit.provisional:
        limit = _limit_anew(limit, rules, calendar)
    if following is not None and following.provisional:
        following = _level_anew(state, following, rules, calendar)
    waits = any(each is not None and command.year in each.unknown_years for each in (limit, following))
    if (limit, following) == (state.limit, state.next_level) and not waits:
        return ()
    return (
        e.LimitsRederived(
            year=command.year,
            limit=limit,
            next_level=following,
            previous_limit=state.limit,
            previous_level=state.next_level,
            lateness_stands=bool(state.late),
            rule_version=state.rule_version,
        ),
    )


def _limit_anew(limit: e.Limit, rules: R11Rules, calendar: Calendar) -> e.Limit:
    """The limit over the days as they are known now, with the reminders that are still owed at their new times.

    One that was sent is not sent again; one whose new time has passed is due at once.
    """
    assert limit.counted_from is not None
    count = settled_from if limit.basis == "same_day" else promised
    anew = count(limit.counted_from, _BEFORE_ALL, rules, calendar)
    for gap in limit.gaps:
        anew = limit_after(anew, gap.paused_at, gap.resumed_at, rules, calendar)
    moved = anew.due_by - limit.due_by
    return replace(anew, reminders=tuple(replace(one, due_at=one.due_at + moved) for one in limit.reminders))


def _level_anew(
    state: ComplaintState, following: e.NextLevel, rules: R11Rules, calendar: Calendar
) -> e.NextLevel | None:
    """The ladder's next step, counted again from where its time began."""
    assert following.counted_from is not None
    base, promise = following.counted_from, None
    if following.after_promise and state.promised_for is not None:
        promise = promised(state.promised_for, _BEFORE_ALL, rules, calendar)
        base = promise.due_by
    anew = step(following.level, base, rules, calendar, promise=promise)
    for gap in following.gaps:
        anew = anew and step_after(anew, gap.paused_at, gap.resumed_at, rules, calendar)
    return anew


_BEFORE_ALL = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""No reminder is left out for being past: which are owed is known already."""
