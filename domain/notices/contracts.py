"""Property projects: who acts learns of what is overdue, and of the right to terminate (R14.2.4, R14.5.1)."""

from datetime import date

from domain.assessment.events import FindingCorrectionLapsed
from domain.contract_deposit.events import TopUpOverdue
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short
from domain.notices.penalties import yuan
from domain.property_project.events import CorrectionOverdue, TerminationRightArose


def top_up_overdue(event: TopUpOverdue, cause: Cause, _: object) -> tuple[Notice, ...]:
    """A contractor owes a top-up: finance."""
    owed, month = yuan(event.remaining_fen), event.month
    return (
        Notice(
            roles=("finance",),
            subject=Text(f"{month} 保证金补足逾期", f"Top-up for {month} is overdue"),
            body=Text(
                f"{month} 应补足的保证金尚欠 {owed} 元，已于 {_day(event.due_on)} 到期。",
                f"Of the top-up for {month}, {owed} yuan are owed since {_day(event.due_on)}.",
            ),
            clause=event.clause,
            noun="contract_deposit",
            stream_id=cause.stream_id,
        ),
    )


def correction_overdue(event: CorrectionOverdue, cause: Cause, _: object) -> tuple[Notice, ...]:
    """An ordered correction was not confirmed in time: the leading group, and those who assess."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=("leader", "assessor"),
            subject=Text(f"项目 {ref} 整改逾期", f"Project {ref}: correction overdue"),
            body=Text(
                f"因 {event.month} 考核责令的整改应于 {_day(event.due_on)} 前完成，至今未确认。",
                f"The correction ordered for {event.month} was due on {_day(event.due_on)} and is not confirmed.",
            ),
            clause=event.clause,
            noun="property_project",
            stream_id=cause.stream_id,
        ),
    )


def finding_lapsed(_: FindingCorrectionLapsed, cause: Cause, __: object) -> tuple[Notice, ...]:
    """A finding was not put right in time: those who assess."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=("assessor",),
            subject=Text(f"考核 {ref}：问题整改逾期", f"Assessment {ref}: a finding was not corrected in time"),
            body=Text(
                f"考核 {ref} 中的一项问题未按期整改。", f"A finding of assessment {ref} was not corrected in time."
            ),
            noun="assessment",
            stream_id=cause.stream_id,
        ),
    )


def right_arose(event: TerminationRightArose, cause: Cause, _: object) -> tuple[Notice, ...]:
    """The contract may be terminated: the leading group decides whether it is."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=("leader",),
            subject=Text(f"项目 {ref}：可解除合同", f"Project {ref}: the contract may be terminated"),
            body=Text(
                f"截至 {event.month} 已连续 {event.streak} 个月不合格，可解除合同。",
                f"By {event.month}, {event.streak} failed months in a row: the contract may be terminated.",
            ),
            clause=event.clause,
            noun="property_project",
            stream_id=cause.stream_id,
        ),
    )


def _day(day: date) -> str:
    return day.isoformat()


NOTICES = (
    NoticeRule(name="top_up_overdue", events=(TopUpOverdue,), make=top_up_overdue),
    NoticeRule(name="correction_overdue", events=(CorrectionOverdue,), make=correction_overdue),
    NoticeRule(name="finding_lapsed", events=(FindingCorrectionLapsed,), make=finding_lapsed),
    NoticeRule(name="termination_right_arose", events=(TerminationRightArose,), make=right_arose),
)
