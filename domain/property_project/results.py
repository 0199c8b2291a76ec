"""How a month's result changes what stands: only the difference becomes events (R14.5.1, R14.5.2)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec.structs import asdict

from domain.kernel import Context, Event
from domain.property_project.commands import RecordMonthResult
from domain.property_project.consequences import Assessed, Consequences, consequences
from domain.property_project.events import (
    CorrectionOrdered,
    CorrectionWithdrawn,
    MonthRecorded,
    MonthRevised,
    TenderPriorityMarked,
    TenderPriorityWithdrawn,
    TerminationGroundLost,
    TerminationGroundRestored,
    TerminationRightArose,
    TerminationRightLapsed,
)
from domain.property_project.evolve import evolve
from domain.property_project.guards import opened_month
from domain.property_project.state import PropertyProjectState, assessed, corrected
from domain.rules import r14
from domain.rules.r14 import R14Rules


def record_result(state: PropertyProjectState, command: RecordMonthResult, context: Context) -> tuple[Event, ...]:
    """Take over a result that is newer than the recorded one; an older or equal one changes nothing."""
    standing = opened_month(state, command.month).result
    if standing is not None and command.revision <= standing.revision:
        return ()
    others = [each for each in assessed(state) if each.month != command.month]
    now = Assessed(command.month, command.band, command.rule_version)
    streak = _consequences(state, [*others, now], context).latest.streak
    result: dict[str, Any] = {**asdict(command), "streak": streak}
    event: MonthRecorded | MonthRevised
    if standing is None:
        event = MonthRecorded(**result)
    else:
        event = MonthRevised(
            **result,
            previous_revision=standing.revision,
            previous_score=standing.score,
            previous_band=standing.band,
        )
    return (event, *difference(evolve(state, event), context))


def difference(state: PropertyProjectState, context: Context) -> tuple[Event, ...]:
    """The events that bring what stands into line with what the recorded months lead to."""
    found = _consequences(state, assessed(state), context)
    return (
        *_corrections(state, found, context),
        *_termination(state, found, context),
        *_priorities(state, found),
    )


def readings(rules: R14Rules) -> dict[str, str]:
    """The readings by which a streak was counted."""
    return {
        "R14.5.1.gap": rules.streak_gap,
        "R14.5.1.reset": rules.streak_reset,
        "R14.5.1.streak": rules.streak_counts,
    }


def correction_due(rules: R14Rules, context: Context) -> date:
    """The last day of a correction ordered today."""
    return context.calendar.add_days(context.today, rules.correction_days)


def _consequences(state: PropertyProjectState, months: Sequence[Assessed], context: Context) -> Consequences:
    versions = {each.rule_version for each in months}
    rules = {number: r14.version(context, number).values for number in versions}
    return consequences(months, rules, corrected(state))


def _corrections(state: PropertyProjectState, found: Consequences, context: Context) -> list[Event]:
    """Withdraw what is no longer ordered unless it is done; order what newly is while the contract runs."""
    events: list[Event] = [
        CorrectionWithdrawn(month=each.month, rule_version=each.rule_version)
        for each in state.corrections.values()
        if each.status != "confirmed" and each.month not in found.corrections
    ]
    if state.status != "active":
        return events
    for month in found.corrections:
        if month in state.corrections:
            continue
        version = _version(state, month)
        rules = r14.version(context, version).values
        due_on = correction_due(rules, context)
        events.append(
            CorrectionOrdered(
                month=month,
                streak=found.after(month).streak,
                due_on=due_on,
                due_at=context.calendar.end_of_day(due_on),
                readings=readings(rules),
                rule_version=version,
            )
        )
    return events


def _termination(state: PropertyProjectState, found: Consequences, context: Context) -> list[Event]:
    """Let the right follow the streak; a termination already made keeps or loses its ground instead."""
    if state.termination is not None:
        ground, lost = state.termination, found.after(state.termination.ground_month).right_since is None
        if lost == ground.ground_lost:
            return []
        change = TerminationGroundLost if lost else TerminationGroundRestored
        return [change(ground_month=ground.ground_month, rule_version=ground.rule_version)]
    since = found.latest.right_since
    events: list[Event] = []
    if state.right is not None and state.right.month != since:
        events.append(TerminationRightLapsed(month=state.right.month, rule_version=state.right.rule_version))
    if since is not None and state.status == "active" and (state.right is None or state.right.month != since):
        version = _version(state, since)
        events.append(
            TerminationRightArose(
                month=since,
                streak=found.after(since).streak,
                readings=readings(r14.version(context, version).values),
                rule_version=version,
            )
        )
    return events


def _priorities(state: PropertyProjectState, found: Consequences) -> list[Event]:
    earned, marked = set(found.priorities), set(state.tender_priority)
    gone: list[Event] = [
        TenderPriorityWithdrawn(month=month, rule_version=_version(state, month)) for month in sorted(marked - earned)
    ]
    new = [TenderPriorityMarked(month=month, rule_version=_version(state, month)) for month in sorted(earned - marked)]
    return [*gone, *new]


def _version(state: PropertyProjectState, month: str) -> int:
    """The rules' version by which a recorded month was assessed."""
    result = state.months[month].result
    return state.months[month].rule_version if result is None else result.rule_version
