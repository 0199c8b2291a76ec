"""How a complaint ends, is rated, is taken up again, and counts in a project's month."""

from datetime import date, datetime

from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import same_day, step
from domain.complaint.guards import must_be, must_be_open, must_run, rules_of
from domain.complaint.state import ComplaintState
from domain.kernel import Context, Event, Refusal

MAX_ROUNDS = 100


def settle(state: ComplaintState, command: c.SettleComplaint, context: Context) -> tuple[Event, ...]:
    """Close what has been answered; the limit is met by this (R11.2.1)."""
    must_be(state, "answered")
    must_run(state)
    return (
        e.ComplaintSettled(
            note=command.note,
            settled_on=context.today,
            in_time=not state.late,
            reopen_until=_reopen_until(state, context.today, context),
        ),
    )


def rate(state: ComplaintState, command: c.RateComplaint, context: Context) -> tuple[Event, ...]:
    """Enter the customer's rating."""
    return rated(state, command.score, command.comment, context)


def rated(state: ComplaintState, score: int, comment: str, context: Context) -> tuple[Event, ...]:
    """The rating of an answered complaint, once a round."""
    must_be(state, "answered", "settled")
    best = rules_of(state, context).best_rating
    if state.rating is not None:
        raise Refusal("rated_already", zh="已评价", en="The complaint was rated already.", clause="R11.2.4")
    if score > best:
        raise Refusal(
            "rating_out_of_range",
            zh=f"评价最高{best}分",
            en=f"The best rating is {best}.",
            clause="R11.2.4",
            kind="value",
            field="score",
        )
    return (e.ComplaintRated(score=score, best=best, comment=comment, rule_version=state.rule_version),)


def reopen(state: ComplaintState, command: c.ReopenComplaint, context: Context) -> tuple[Event, ...]:
    """Take a closed complaint up again while the rules allow, under the rules it began under."""
    must_be(state, "settled", "unfounded")
    if state.reopen_until is None or context.now >= state.reopen_until:
        raise Refusal(
            "too_late_to_reopen", zh="已过可重新受理的期限", en="It is too late to reopen this.", clause="R11.2.4"
        )
    if state.round >= MAX_ROUNDS:
        raise Refusal("too_many", zh=f"最多受理{MAX_ROUNDS}次", en=f"At most {MAX_ROUNDS} rounds.")
    rules = rules_of(state, context)
    return (
        e.ComplaintReopened(
            reason=command.reason,
            round=state.round + 1,
            limit=same_day(context.now, context.now, rules, context.calendar),
            next_level=step(1, context.now, rules, context.calendar),
            rule_version=state.rule_version,
        ),
    )


def withdraw(state: ComplaintState, command: c.WithdrawComplaint, _: Context) -> tuple[Event, ...]:
    """The complainant takes the complaint back."""
    must_be_open(state)
    return (e.ComplaintWithdrawn(reason=command.reason),)


def close_unfounded(state: ComplaintState, command: c.CloseUnfounded, context: Context) -> tuple[Event, ...]:
    """Close what nothing was found in; not while it counts against a project, nor before its instruction."""
    must_be(state, "assigned", "working")
    must_run(state)
    if state.upheld is not None:
        raise Refusal(
            "upheld",
            zh="投诉已认定成立并计入考核",
            en="The complaint was upheld and counts in a project's month.",
            clause="R14.2.3",
        )
    if state.instruction_awaited:
        raise Refusal("instruction_awaited", zh="正在等待批示", en="An instruction is awaited.", clause="R11.2.3")
    return (
        e.ComplaintUnfounded(
            reason=command.reason,
            closed_on=context.today,
            reopen_until=_reopen_until(state, context.today, context),
        ),
    )


def uphold(state: ComplaintState, command: c.UpholdComplaint, context: Context) -> tuple[Event, ...]:
    """Count the complaint in a project's month, once while it stands (R14.2.3)."""
    must_be(state, "working", "proposed", "signed", "answered", "settled")
    if state.upheld is not None:
        raise Refusal(
            "upheld_already", zh="该投诉已计入考核", en="The complaint counts in a month already.", clause="R14.2.3"
        )
    if state.project_id is not None and command.project_id != state.project_id:
        raise Refusal(
            "other_project",
            zh="投诉不针对该项目",
            en="The complaint is about another project.",
            clause="R14.2.3",
            kind="value",
            field="project_id",
        )
    number = state.times_upheld + 1
    own = str(context.own_id())
    return (
        e.ComplaintUpheldAgainstProject(
            complaint_ref=own if number == 1 else f"{own}#{number}",
            project_id=command.project_id,
            month=command.month,
            item_code=command.item_code,
            count=command.count,
            note=command.note,
        ),
    )


def overturn(state: ComplaintState, command: c.OverturnUpheld, _: Context) -> tuple[Event, ...]:
    """Take it out of the project's month again, whatever became of the complaint since."""
    if state.upheld is None:
        raise Refusal("not_upheld", zh="该投诉未计入考核", en="The complaint counts in no month.", clause="R14.2.3")
    mark = state.upheld
    return (
        e.UpheldOverturned(
            complaint_ref=mark.complaint_ref, project_id=mark.project_id, month=mark.month, reason=command.reason
        ),
    )


def _reopen_until(state: ComplaintState, day: date, context: Context) -> datetime:
    last = context.calendar.add_days(day, rules_of(state, context).reopen_days)
    return context.calendar.end_of_day(last)
