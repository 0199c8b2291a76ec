"""Duties: a window that was missed, the ladder above it, and who holds a duty from now on."""

from uuid import UUID

from domain.duty import DutyState
from domain.duty.events import DutyMissed, DutyReassigned
from domain.duty_terms import Holder
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short


def missed(event: DutyMissed, cause: Cause, state: DutyState) -> tuple[Notice, ...]:
    """Whoever owed it; and the level of the ladder that so many lapses in a row reach."""
    ref, days = short(cause.stream_id), event.window.last_on.isoformat()
    lapse = Notice(
        roles=_roles(event.holder),
        persons=_persons(event.holder),
        subject=Text(f"职责 {ref} 未按期履行", f"Duty {ref} was missed"),
        body=Text(
            f"职责 {ref} 截至 {days} 的窗口未完成（{event.performed}/{event.times}）。",
            f"Duty {ref}: the window until {days} closed with {event.performed} of {event.times} done.",
        ),
        clause=event.clause,
        noun="duty",
        stream_id=cause.stream_id,
        due_at=event.next_window.closes_at if state.window is not None else None,
    )
    if event.escalation is None:
        return (lapse,)
    level = event.escalation
    return (
        lapse,
        Notice(
            roles=(level.role,),
            channel=level.channel,
            subject=Text(
                f"职责 {ref} 连续 {event.in_a_row} 次未履行（第 {level.level} 级）",
                f"Duty {ref}: {event.in_a_row} missed in a row, level {level.level}",
            ),
            body=Text(
                f"职责 {ref} 已连续 {event.in_a_row} 次未履行，现报至第 {level.level} 级。",
                f"Duty {ref} was missed {event.in_a_row} times in a row and is put before level {level.level}.",
            ),
            clause=event.clause,
            noun="duty",
            stream_id=cause.stream_id,
        ),
    )


def reassigned(event: DutyReassigned, cause: Cause, state: DutyState) -> tuple[Notice, ...]:
    """Whoever holds it now."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=_roles(event.holder),
            persons=_persons(event.holder),
            subject=Text(f"职责 {ref} 由您承担", f"Duty {ref} is yours"),
            body=Text(f"职责 {ref} 已移交给您。", f"Duty {ref} is yours from now on."),
            clause=event.clause,
            noun="duty",
            stream_id=cause.stream_id,
            due_at=None if state.window is None else state.window.closes_at,
        ),
    )


def _roles(holder: Holder) -> tuple[str, ...]:
    return (holder.role,) if holder.person is None else ()


def _persons(holder: Holder) -> tuple[UUID, ...]:
    return () if holder.person is None else (holder.person,)


NOTICES = (
    NoticeRule(name="duty_missed", events=(DutyMissed,), make=missed),
    NoticeRule(name="duty_reassigned", events=(DutyReassigned,), make=reassigned),
)
