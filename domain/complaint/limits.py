"""What time does to a complaint: limits that pass, the ladder, reminders, pauses, and the fine for being late."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import limit_after, step, step_after
from domain.complaint.evolve import evolve
from domain.complaint.guards import must_be_open, rules_of
from domain.complaint.state import OPEN, ComplaintState
from domain.fine_shares import shares_of
from domain.kernel import Context, Event, Refusal
from domain.rules.r11 import R11Rules

Handler = Callable[[ComplaintState, Any, Context], tuple[Event, ...]]


def timely(handler: Handler) -> Handler:
    """A handler that first records what has passed by then, so that no command outruns a limit already missed."""

    def decide(state: ComplaintState, command: Any, context: Context) -> tuple[Event, ...]:
        missed: list[Event] = []
        while following := _passed(state, context):
            for event in following:
                missed.append(event)
                state = evolve(state, event)
        return (*missed, *handler(state, command, context))

    return decide


def lapse_limit(state: ComplaintState, command: c.LapseLimit, context: Context) -> tuple[Event, ...]:
    """The limit passed with the complaint unsettled."""
    must_be_open(state)
    if state.limit is None or state.clock_stopped or command.round != state.round:
        raise _nothing_due()
    _must_be_due(state.limit.due_by, context)
    return _late(state, context)


def lapse_reminder(state: ComplaintState, command: c.LapseReminder, context: Context) -> tuple[Event, ...]:
    """A limit comes near, and somebody is told."""
    must_be_open(state)
    if state.limit is None or state.clock_stopped:
        raise _nothing_due()
    asked = (command.signal, command.before_minutes)
    for one in state.limit.reminders:
        if (one.signal, one.before_minutes) == asked:
            _must_be_due(one.due_at, context)
            return (
                e.ComplaintReminded(
                    signal=one.signal,
                    before_minutes=one.before_minutes,
                    role=one.role,
                    channel=one.channel,
                    due_by=state.limit.due_by,
                    clause=state.limit.clause,
                ),
            )
    raise _nothing_due()


def lapse_escalation(state: ComplaintState, command: c.LapseEscalation, context: Context) -> tuple[Event, ...]:
    """The next level of the ladder is told."""
    must_be_open(state)
    if state.next_level is None or state.clock_stopped or command.level != state.next_level.level:
        raise _nothing_due()
    _must_be_due(state.next_level.due_at, context)
    return (_step_taken(state, context),)


def lapse_pause(state: ComplaintState, _: c.LapsePause, context: Context) -> tuple[Event, ...]:
    """The customer has been waited for as long as may be."""
    must_be_open(state)
    if state.pause is None:
        raise _nothing_due()
    _must_be_due(state.pause.ends_at, context)
    return (resumption(state, context, state.pause.ends_at, lapsed=True),)


def resumption(state: ComplaintState, context: Context, at: datetime, *, lapsed: bool) -> e.ComplaintResumed:
    """The end of a pause at an instant, with what is due from then on."""
    assert state.pause is not None
    limit, following, paused_at = state.limit, state.next_level, state.pause.paused_at
    rules, calendar = rules_of(state, context), context.calendar
    if state.pause.clock_stops:
        limit = limit and limit_after(limit, paused_at, at, rules, calendar)
        following = following and step_after(following, paused_at, at, rules, calendar)
    moved = (limit.due_by - state.limit.due_by).total_seconds() if limit and state.limit else 0
    return e.ComplaintResumed(
        paused_s=int((at - paused_at).total_seconds()),
        moved_s=int(moved),
        lapsed=lapsed,
        limit=limit,
        next_level=following,
        rule_version=state.rule_version,
    )


def attributed(state: ComplaintState, rules: R11Rules) -> e.ComplaintFined:
    """The fine of a late round upon those who answer for it; it is one matter for all their ledgers."""
    assert state.responsible is not None
    assert state.late_on is not None
    return e.ComplaintFined(
        fine_key=f"late:{state.round}",
        round=state.round,
        shares=shares_of(state.responsible, rules.late_fine_fen, state.joint, rules.late_joint_fen, rules.joint),
        late_on=state.late_on,
        overlap=rules.overlap,
        readings={"R11.2.2.late": rules.late, "R11.2.2.joint": rules.joint, "R11.overlap": rules.overlap},
        rule_version=state.rule_version,
    )


def _passed(state: ComplaintState, context: Context) -> tuple[Event, ...]:
    """The earliest thing that has passed unrecorded by now; nothing once all is recorded."""
    if state.status not in OPEN:
        return ()
    if state.pause is not None and state.pause.ends_at <= context.now:
        return (resumption(state, context, state.pause.ends_at, lapsed=True),)
    if state.clock_stopped:
        return ()
    if state.next_level is not None and state.next_level.due_at <= context.now:
        return (_step_taken(state, context),)
    if state.limit is not None and state.limit.due_by <= context.now:
        return _late(state, context)
    return ()


def _late(state: ComplaintState, context: Context) -> tuple[Event, ...]:
    """That the limit passed, and the fine of the round if it has none yet and the reading asks for one."""
    assert state.limit is not None
    rules = rules_of(state, context)
    ground: e.Ground = "no_notice" if state.limit.basis == "same_day" else "promise_passed"
    counts = rules.late in {"both", ground}
    late = e.ComplaintLate(
        ground=ground,
        round=state.round,
        due_on=state.limit.due_on,
        due_by=state.limit.due_by,
        counts=counts,
        attributed=state.responsible is not None,
        readings={"R11.2.2.late": rules.late, "R11.day_ends": rules.day_ends},
        rule_version=state.rule_version,
    )
    if not counts or state.responsible is None or state.fined or state.fine_owed:
        return (late,)
    return (late, attributed(evolve(state, late), rules))


def _step_taken(state: ComplaintState, context: Context) -> e.ComplaintEscalated:
    assert state.next_level is not None
    taken = state.next_level
    return e.ComplaintEscalated(
        level=taken.level,
        role=taken.role,
        channel=taken.channel,
        cause="time",
        reason=None,
        next_level=step(taken.level + 1, taken.due_at, rules_of(state, context), context.calendar),
        rule_version=state.rule_version,
    )


def _must_be_due(due_at: datetime, context: Context) -> None:
    if context.now < due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R11.2.1")


def _nothing_due() -> Refusal:
    return Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R11.2.1")
