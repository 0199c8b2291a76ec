"""Fees: a reminder that needs somebody to go or to write, the ladder's end, and a period that is closed (R13.4.2)."""

from domain.fee_account import FeeAccountState
from domain.fee_account.events import FeeReminded
from domain.fee_period import FeePeriodState
from domain.fee_period.messages import FeePeriodClosed
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short

COLLECTS, ANSWERS, KEEPS = "fee_collector", "project_head", "finance"
_TASKS = {
    "visit": Text("请上门催缴。", "Call on the owner."),
    "letter": Text("请发函催缴。", "Write to the owner."),
    "notice": Text("请送达催交通知单。", "Hand the reminder over."),
}


def reminded(event: FeeReminded, cause: Cause, _: FeeAccountState) -> tuple[Notice, ...]:
    """From the second step on: whoever collects has to act; at the ladder's end the project's head and finance know.

    The first step is a paper that is printed for all at once, so nobody is told of it singly.
    """
    if event.level == 1 and not event.last:
        return ()
    ref, task = short(cause.stream_id), _TASKS[event.how]
    return (
        Notice(
            roles=(ANSWERS, KEEPS, COLLECTS) if event.last else (COLLECTS,),
            subject=Text(
                f"收费账户 {ref} 逾期，第 {event.level} 次催缴", f"Fee account {ref} is overdue, reminder {event.level}"
            ),
            body=Text(
                f"收费账户 {ref} 仍未缴清，{task.zh}{'催缴层级已到最后一级。' if event.last else ''}",
                f"Fee account {ref} is still unpaid. {task.en}{' It is the last step.' if event.last else ''}",
            ),
            clause=event.clause,
            noun="fee_account",
            stream_id=cause.stream_id,
            due_at=None if event.next_reminder is None else event.next_reminder.due_at,
        ),
    )


def closed(event: FeePeriodClosed, cause: Cause, state: FeePeriodState) -> tuple[Notice, ...]:
    """Whoever closed the period, with what it came to."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=() if state.closed_by else (KEEPS,),
            persons=(state.closed_by,) if state.closed_by else (),
            subject=Text(f"收费周期 {ref} 结账完成", f"Fee period {ref} is closed"),
            body=Text(
                f"收费周期 {ref}：{event.accounts} 户，发出通知 {event.notices} 份，未能计费 {event.refused} 户。",
                f"Fee period {ref}: {event.accounts} accounts, {event.notices} notices, {event.refused} not charged.",
            ),
            clause=event.clause,
            noun="fee_period",
            stream_id=cause.stream_id,
        ),
    )


NOTICES = (
    NoticeRule(name="fee_reminded", events=(FeeReminded,), make=reminded),
    NoticeRule(name="fee_period_closed", events=(FeePeriodClosed,), make=closed),
)
