"""How a complaint is promised, paused and resumed, and who answers for one that became late unassigned."""

from datetime import timedelta

from msgspec.structs import replace

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import promised, step
from domain.complaint.guards import answerable, must_be_open, must_run, rules_of
from domain.complaint.limits import attributed, resumption
from domain.complaint.state import ComplaintState
from domain.kernel import Context, Event, Refusal


def promise(state: ComplaintState, command: c.PromiseDate, context: Context) -> tuple[Event, ...]:
    """Record the date the customer was told; only where several departments are concerned (R11.2.2)."""
    must_be_open(state)
    must_run(state)
    rules = rules_of(state, context)
    if len(state.departments) < rules.promise_departments:
        raise Refusal(
            "too_few_departments",
            zh=f"涉及{rules.promise_departments}个以上部门方可约定日期",
            en=f"A date may be promised when at least {rules.promise_departments} departments are concerned.",
            clause="R11.2.2",
            details={"concerned": len(state.departments), "needed": rules.promise_departments},
        )
    if state.promised_for is not None and (rules.promise == "once" or state.limit is None):
        raise Refusal(
            "promised_already",
            zh="日期已约定，不得再改",
            en="A date has been promised and can not be changed now.",
            clause="R11.2.2",
            details={"promised_for": state.promised_for.isoformat()},
        )
    if not context.today <= command.promised_for <= context.today + timedelta(days=rules.promise_days):
        raise Refusal(
            "promise_out_of_bounds",
            zh=f"约定日期须在今天起{rules.promise_days}天之内",
            en=f"The promised date must lie within {rules.promise_days} days from today.",
            clause="R11.2.2",
            kind="value",
            field="promised_for",
        )
    limit = promised(command.promised_for, context.now, rules, context.calendar)
    if limit.due_by <= context.now:
        raise Refusal(
            "promise_out_of_bounds",
            zh="约定日期的期限已过",
            en="The promised day is over.",
            clause="R11.2.2",
            kind="value",
            field="promised_for",
        )
    following = state.next_level and step(state.next_level.level, limit.due_by, rules, context.calendar, promise=limit)
    return (
        e.DatePromised(
            promised_for=command.promised_for,
            told_how=command.told_how,
            in_time="no_notice" not in state.late,
            limit=limit,
            next_level=following,
            readings={"R11.2.2.promise": rules.promise, "R11.day_ends": rules.day_ends},
            rule_version=state.rule_version,
        ),
    )


def pause(state: ComplaintState, command: c.PauseComplaint, context: Context) -> tuple[Event, ...]:
    """Wait for the customer; the clock stops where the rules let it (R11.2.1.pause)."""
    must_be_open(state)
    if state.pause is not None:
        raise Refusal("paused_already", zh="已在等待客户", en="The customer is waited for already.")
    rules = rules_of(state, context)
    last = context.calendar.add_days(context.today, rules.pause_days)
    return (
        e.ComplaintPaused(
            reason=command.reason,
            paused_at=context.now,
            ends_at=context.calendar.end_of_day(last),
            clock_stops=rules.pause == "stops",
            readings={"R11.2.1.pause": rules.pause},
            rule_version=state.rule_version,
        ),
    )


def resume(state: ComplaintState, _: c.ResumeComplaint, context: Context) -> tuple[Event, ...]:
    """Go on, with as much time as was left."""
    must_be_open(state)
    if state.pause is None:
        raise Refusal("not_paused", zh="没有在等待客户", en="The customer is not being waited for.")
    return (resumption(state, context, context.now, lapsed=False),)


def attribute(state: ComplaintState, command: c.AttributeLateness, context: Context) -> tuple[Event, ...]:
    """Fine a lateness that was nobody's when it came (R11.2.2)."""
    if not state.fine_owed:
        raise Refusal(
            "nothing_to_attribute",
            zh="没有待落实责任的逾期",
            en="No lateness waits for somebody to answer for it.",
            clause="R11.2.2",
        )
    rules = rules_of(state, context)
    joint = answerable(command.responsible, command.joint, rules)
    answering = replace(state, responsible=command.responsible, joint=joint)
    return (attributed(answering, rules),)
