"""Time limits in working days: how one begins, is extended, is reminded of, passes, goes up the ladder (R4.14)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from domain.accountability.aftermath import EscalateStage, LapseStage, RemindStage
from domain.accountability.events import HandlersTold
from domain.accountability.events_time import ReviewRightLapsed, StageBegan, StageEscalated, StageOverdue, StageReminded
from domain.accountability.evolve import evolve
from domain.accountability.guards import rules_of
from domain.accountability.state import AccountabilityCaseState
from domain.accountability.words import Clock, DueReminder, NextLevel, Stage
from domain.calendar import Calendar
from domain.kernel import Context, Event
from domain.rules.r4 import R4Rules

Handler = Callable[[AccountabilityCaseState, Any, Context], tuple[Event, ...]]


class Limit(NamedTuple):
    """Where a stage's limit stands among the rules, and whether the source is silent on it."""

    field: str
    clause: str
    own: bool = False


LIMITS: dict[Stage, Limit] = {
    "verification": Limit("verification_days", "R4.14", own=True),
    "proposal": Limit("proposal_days", "R4.14", own=True),
    "initiation": Limit("initiation_days", "R4.14", own=True),
    "team": Limit("team_days", "R4.14", own=True),
    "investigation": Limit("investigation_days", "R4.16"),
    "resolution": Limit("resolution_days", "R4.14", own=True),
    "service": Limit("service_days", "R4.17"),
    "review_request": Limit("review_request_days", "R4.18"),
    "review": Limit("review_days", "R4.18", own=True),
    "correction": Limit("correction_days", "R4.5", own=True),
    "execution": Limit("execution_days", "R4.5", own=True),
    "filing": Limit("filing_days", "R4.19", own=True),
}


def key_of(stage: Stage, respondent_id: UUID | None = None, form: str | None = None) -> str:
    """The key of a limit within its case."""
    return ":".join(str(part) for part in (stage, respondent_id, form) if part is not None)


def begun(  # noqa: PLR0913 - what a limit is made of
    stage: Stage,
    rules: R4Rules,
    rule_version: int,
    context: Context,
    *,
    since: date | None = None,
    respondent_id: UUID | None = None,
    form: str | None = None,
    readings: Mapping[str, str] | None = None,
) -> StageBegan:
    """The limit of a stage, counted from a day (today when none is given), that day excluded."""
    limit, owner = LIMITS[stage], rules.owner(stage)
    bare = Clock(
        key=key_of(stage, respondent_id, form),
        stage=stage,
        respondent_id=respondent_id,
        form=form,
        started_on=since or context.today,
        days=0,
        due_on=context.today,
        due_at=context.now,
        clause=limit.clause,
        own=limit.own,
        role=None if owner is None else owner.role,
        channel=None if owner is None else owner.channel,
    )
    clock = lengthened(bare, getattr(rules, limit.field), rules, context)
    return StageBegan(clock=clock, rule_version=rule_version, clause=limit.clause, readings=dict(readings or {}))


def lengthened(clock: Clock, days: int, rules: R4Rules, context: Context) -> Clock:
    """The limit with so many working days more; its reminders move along, those that are still to come."""
    total, calendar = clock.days + days, context.calendar
    reminders = tuple(one for one in reminders_of(clock, total, rules, calendar) if one.due_at > context.now)
    return replace(counted(clock, total, calendar), reminders=reminders, overdue=False, next_level=None)


def counted(clock: Clock, total: int, calendar: Calendar) -> Clock:
    """The limit of so many working days after the day that it began on."""
    due_on = calendar.add_working_days(clock.started_on, total)
    unknown = _unknown_after(clock.started_on, due_on, calendar)
    return replace(
        clock,
        days=total,
        due_on=due_on,
        due_at=calendar.end_of_day(due_on),
        provisional=bool(unknown),
        unknown_years=unknown,
    )


def _unknown_after(start: date, end: date, calendar: Calendar) -> tuple[int, ...]:
    """The years without a calendar among the days after one, up to another."""
    return calendar.unknown_years(start + timedelta(days=1), end) if end > start else ()


def reminders_of(clock: Clock, total: int, rules: R4Rules, calendar: Calendar) -> Iterator[DueReminder]:
    """The reminders of a limit of so many working days, each at the beginning of its day; none of a mere right."""
    if clock.role is None or clock.channel is None:
        return
    for one in rules.reminders:
        if one.before_days < total:
            day = calendar.add_working_days(clock.started_on, total - one.before_days)
            at = calendar.at(day, time.min)
            yield DueReminder(signal=one.signal, role=clock.role, channel=clock.channel, due_at=at)


def level_after(number: int, after: date, rules: R4Rules, calendar: Calendar) -> NextLevel | None:
    """The step to a level (the lowest is 1) after a day; none above the highest."""
    if number > len(rules.escalation):
        return None
    found = rules.escalation[number - 1]
    due_on = calendar.add_working_days(after, found.after_days)
    unknown = _unknown_after(after, due_on, calendar)
    return NextLevel(
        level=number,
        role=found.role,
        channel=found.channel,
        due_on=due_on,
        due_at=calendar.end_of_day(due_on),
        provisional=bool(unknown),
        unknown_years=unknown,
        counted_from=after,
    )


def is_late(state: AccountabilityCaseState, key: str) -> bool:
    """Whether a limit still running has passed; it is so recorded before any command is decided."""
    clock = state.clocks.get(key)
    return clock is not None and clock.overdue


def remind(state: AccountabilityCaseState, command: RemindStage, context: Context) -> tuple[Event, ...]:
    """Remind once, when it is time and the limit still runs."""
    clock = state.clocks.get(command.key)
    if clock is None or clock.overdue:
        return ()
    return tuple(
        StageReminded(**_notice(clock, state, role=one.role, channel=one.channel), signal=one.signal)
        for one in clock.reminders
        if one.signal == command.signal and one.due_at <= context.now
    )


def lapse(state: AccountabilityCaseState, command: LapseStage, context: Context) -> tuple[Event, ...]:
    """Note a limit that has passed, once; the unused right to a review ends quietly."""
    clock = state.clocks.get(command.key)
    if clock is None or clock.overdue or context.now < clock.due_at:
        return ()
    return (_passed(clock, state, context),)


def escalate(state: AccountabilityCaseState, command: EscalateStage, context: Context) -> tuple[Event, ...]:
    """Let the next level know, once its time has come and the stage is still not done."""
    clock = state.clocks.get(command.key)
    following = None if clock is None else clock.next_level
    if clock is None or following is None or following.level != command.level or context.now < following.due_at:
        return ()
    return (_stepped(clock, following, state, context),)


def acting(handler: Handler) -> Handler:
    """A handler that first records what has passed by then, and tells the cases about this one who handled it.

    So no command outruns a limit already missed, and nobody handles a case and then the case about it (R4.23).
    """

    def decide(state: AccountabilityCaseState, command: Any, context: Context) -> tuple[Event, ...]:
        missed: list[Event] = []
        before = state
        while (event := _next_missed(state, context)) is not None:
            missed.append(event)
            state = evolve(state, event)
        done = handler(state, command, context)
        return (*missed, *done, *_tell_of_new(before, state, done))

    return decide


def _tell_of_new(
    before: AccountabilityCaseState, state: AccountabilityCaseState, done: tuple[Event, ...]
) -> tuple[Event, ...]:
    if not state.told:
        return ()
    for event in done:
        state = evolve(state, event)
    new = tuple(person for person in state.handlers if person not in before.handlers)
    return tuple(HandlersTold(case_id=case_id, handlers=new) for case_id in state.told) if new else ()


def _next_missed(state: AccountabilityCaseState, context: Context) -> Event | None:
    """The first limit or step of the ladder that has passed unrecorded by now; none once all is recorded."""
    for clock in state.clocks.values():
        if not clock.overdue and clock.due_at <= context.now:
            return _passed(clock, state, context)
        following = clock.next_level
        if following is not None and following.due_at <= context.now:
            return _stepped(clock, following, state, context)
    return None


def _passed(clock: Clock, state: AccountabilityCaseState, context: Context) -> Event:
    if clock.role is None or clock.channel is None:
        assert clock.respondent_id is not None
        return ReviewRightLapsed(
            respondent_id=clock.respondent_id, due_on=clock.due_on, rule_version=state.rule_version
        )
    following = level_after(1, clock.due_on, rules_of(state, context), context.calendar)
    return StageOverdue(**_notice(clock, state, role=clock.role, channel=clock.channel), next_level=following)


def _stepped(clock: Clock, taken: NextLevel, state: AccountabilityCaseState, context: Context) -> StageEscalated:
    following = level_after(taken.level + 1, taken.due_on, rules_of(state, context), context.calendar)
    return StageEscalated(
        **_notice(clock, state, role=taken.role, channel=taken.channel), level=taken.level, next_level=following
    )


def _notice(clock: Clock, state: AccountabilityCaseState, *, role: str, channel: str) -> dict[str, Any]:
    """What every word of a limit says."""
    return {
        "key": clock.key,
        "stage": clock.stage,
        "respondent_id": clock.respondent_id,
        "form": clock.form,
        "due_on": clock.due_on,
        "role": role,
        "channel": channel,
        "clause": clock.clause,
        "own": clock.own,
        "rule_version": state.rule_version,
    }
