"""Complaints: reminders, the ladder, lateness, and who has become responsible (R11.2).

No notice quotes a complaint: an anonymous one would be recognised by its words, and a group's screen is no place for
any of them.
"""

from uuid import UUID

from domain.complaint import ComplaintState
from domain.complaint.events import (
    ComplaintAssigned,
    ComplaintEscalated,
    ComplaintLate,
    ComplaintReminded,
    LimitsRederived,
)
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short

ATTRIBUTES_LATENESS = "sales_director"
"""Who names those who answer for a late complaint that is nobody's."""
SIGNALS = {"yellow": Text("黄色", "yellow"), "red": Text("红色", "red")}


def reminded(event: ComplaintReminded, cause: Cause, state: ComplaintState) -> tuple[Notice, ...]:
    """A limit comes near: the role that the rules name, and whoever is responsible."""
    ref, signal = short(cause.stream_id), SIGNALS[event.signal]
    return (
        Notice(
            roles=(event.role,),
            persons=_responsible(state),
            channel=event.channel,
            subject=Text(f"{signal.zh}催办：投诉 {ref} 即将到期", f"Complaint {ref}: {signal.en} reminder"),
            body=Text(
                f"投诉 {ref} 将于 {event.before_minutes} 分钟后到期，请及时办结。",
                f"Complaint {ref} is due in {event.before_minutes} minutes; settle it in time.",
            ),
            clause=event.clause,
            noun="complaint",
            stream_id=cause.stream_id,
            due_at=event.due_by,
        ),
    )


def escalated(event: ComplaintEscalated, cause: Cause, state: ComplaintState) -> tuple[Notice, ...]:
    """A level of the ladder is told, because of the time or because its instruction is asked for."""
    ref = short(cause.stream_id)
    if event.cause == "asked":
        body = Text(
            f"投诉 {ref} 情况不明，提请第 {event.level} 级批示。",
            f"Complaint {ref} is unclear; level {event.level} is asked for an instruction.",
        )
    else:
        body = Text(
            f"投诉 {ref} 至今未办结，现报至第 {event.level} 级。",
            f"Complaint {ref} is still unsettled and is put before level {event.level}.",
        )
    return (
        Notice(
            roles=(event.role,),
            channel=event.channel,
            subject=Text(f"投诉 {ref} 逐级上报（第 {event.level} 级）", f"Complaint {ref}: level {event.level}"),
            body=body,
            clause=event.clause,
            noun="complaint",
            stream_id=cause.stream_id,
            due_at=None if state.limit is None else state.limit.due_by,
        ),
    )


def late(event: ComplaintLate, cause: Cause, state: ComplaintState) -> tuple[Notice, ...]:
    """A limit passed: whoever is responsible, or else who has to say that."""
    ref, persons = short(cause.stream_id), _responsible(state)
    if persons:
        body = Text(f"投诉 {ref} 已逾期。", f"Complaint {ref} is late.")
    else:
        body = Text(f"投诉 {ref} 已逾期，尚未落实责任人。", f"Complaint {ref} is late, and nobody answers for it yet.")
    return (
        Notice(
            roles=() if persons else (ATTRIBUTES_LATENESS,),
            persons=persons,
            subject=Text(f"投诉 {ref} 逾期", f"Complaint {ref} is late"),
            body=body,
            clause=event.clause,
            noun="complaint",
            stream_id=cause.stream_id,
            due_at=event.due_by,
        ),
    )


def assigned(event: ComplaintAssigned, cause: Cause, state: ComplaintState) -> tuple[Notice, ...]:
    """Whoever is responsible from now on, unless they were before."""
    if event.responsible == event.previous:
        return ()
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=(event.responsible,),
            subject=Text(f"投诉 {ref} 由您负责", f"Complaint {ref} is yours"),
            body=Text(f"投诉 {ref} 已指派给您办理。", f"You are responsible for complaint {ref} from now on."),
            clause=event.clause,
            noun="complaint",
            stream_id=cause.stream_id,
            due_at=None if state.limit is None else state.limit.due_by,
        ),
    )


def limit_moved(event: LimitsRederived, cause: Cause, state: ComplaintState) -> tuple[Notice, ...]:
    """A year's calendar is published and the complaint is due on another day: whoever is responsible."""
    before, after = event.previous_limit, event.limit
    if before is None or after is None or before.due_by == after.due_by or state.responsible is None:
        return ()
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=_responsible(state),
            subject=Text(f"投诉 {ref} 的期限调整为 {after.due_on}", f"Complaint {ref} is due on {after.due_on} now"),
            body=Text(
                f"{event.year} 年日历已公布，投诉 {ref} 的期限由 {before.due_on} 调整为 {after.due_on}。",
                f"With the calendar of {event.year}, complaint {ref} is due on {after.due_on}, not {before.due_on}.",
            ),
            clause=event.clause,
            noun="complaint",
            stream_id=cause.stream_id,
            due_at=after.due_by,
        ),
    )


def _responsible(state: ComplaintState) -> tuple[UUID, ...]:
    return () if state.responsible is None else (state.responsible,)


NOTICES = (
    NoticeRule(name="complaint_reminded", events=(ComplaintReminded,), make=reminded),
    NoticeRule(name="complaint_escalated", events=(ComplaintEscalated,), make=escalated),
    NoticeRule(name="complaint_late", events=(ComplaintLate,), make=late),
    NoticeRule(name="complaint_limit_moved", events=(LimitsRederived,), make=limit_moved),
    NoticeRule(name="complaint_assigned", events=(ComplaintAssigned,), make=assigned),
)
