"""Accountability cases: limits that come near, pass and go up the ladder; and word to those whom a case is about (R4).

Who may not act on a case is not told by the office he holds how it goes; what concerns him reaches him as a person.
"""

from uuid import UUID

from domain.accountability import AccountabilityCaseState
from domain.accountability.events import ObstructionRecorded, ReporterAnswered, TeamFormed
from domain.accountability.events_after import DecisionServed, ReviewDecided
from domain.accountability.events_time import ReviewRightLapsed, StageEscalated, StageOverdue, StageReminded
from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule, short

STAGES = {
    "verification": Text("初步核实", "preliminary verification"),
    "proposal": Text("启动建议", "the proposal"),
    "initiation": Text("启动决定", "the decision to initiate"),
    "team": Text("组成调查组", "forming the team"),
    "investigation": Text("调查", "the investigation"),
    "resolution": Text("作出决定", "the resolution"),
    "service": Text("送达", "service"),
    "review_request": Text("申请复核", "asking for a review"),
    "review": Text("复核", "the review"),
    "correction": Text("整改", "the correction"),
    "execution": Text("执行", "execution"),
    "filing": Text("归档", "filing"),
}
"""What a stage is called; one that is not here goes by its code."""
SIGNALS = {"yellow": Text("黄色", "yellow"), "red": Text("红色", "red")}


def reminded(event: StageReminded, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """A limit comes near."""
    signal, stage, ref = SIGNALS[event.signal], _stage(event.stage), short(cause.stream_id)
    return _of_limit(
        event,
        cause,
        state,
        Text(f"{signal.zh}催办：问责案件 {ref}（{stage.zh}）", f"Case {ref}: {signal.en} reminder, {stage.en}"),
        Text(f"期限截至 {event.due_on.isoformat()}。", f"The limit ends on {event.due_on.isoformat()}."),
    )


def overdue(event: StageOverdue, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """A limit passed."""
    stage, ref = _stage(event.stage), short(cause.stream_id)
    return _of_limit(
        event,
        cause,
        state,
        Text(f"问责案件 {ref} 超期（{stage.zh}）", f"Case {ref} is overdue: {stage.en}"),
        Text(f"期限已于 {event.due_on.isoformat()} 届满。", f"The limit ended on {event.due_on.isoformat()}."),
    )


def escalated(event: StageEscalated, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """A level of the ladder is told."""
    stage, ref = _stage(event.stage), short(cause.stream_id)
    return _of_limit(
        event,
        cause,
        state,
        Text(f"问责案件 {ref} 逐级上报（第 {event.level} 级）", f"Case {ref}: level {event.level}"),
        Text(
            f"{stage.zh}期限已于 {event.due_on.isoformat()} 届满，至今未完成。",
            f"The limit for {stage.en} ended on {event.due_on.isoformat()}, and it is still not done.",
        ),
    )


def obstructed(event: ObstructionRecorded, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """Somebody stood in the way of an investigation (R4.15)."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=(event.role,),
            withheld=_withheld(state),
            channel=event.channel,
            subject=Text(f"问责案件 {ref}：调查受阻", f"Case {ref}: the investigation is obstructed"),
            body=Text("已记录一起妨碍调查的情形，请处理。", "An obstruction was recorded; see to it."),
            clause=event.clause,
            noun="accountability_case",
            stream_id=cause.stream_id,
        ),
    )


def team_formed(event: TeamFormed, cause: Cause, _: AccountabilityCaseState) -> tuple[Notice, ...]:
    """Its members learn that they are to investigate."""
    ref = short(cause.stream_id)
    return _to_persons(
        event.members,
        cause,
        Text(f"问责案件 {ref}：您是调查组成员", f"Case {ref}: you are on the team"),
        Text("请按期开展调查；如需回避，请及时声明。", "Investigate in time; if you must recuse yourself, say so."),
        event.clause,
    )


def served(event: DecisionServed, cause: Cause, _: AccountabilityCaseState) -> tuple[Notice, ...]:
    """Whoever answers learns that the decision was served, and until when a review may be asked for (R4.17, R4.18)."""
    until = event.review_until.isoformat()
    return _to_persons(
        (event.respondent.answering,),
        cause,
        Text("问责决定已送达", "A decision was served on you"),
        Text(f"如不服，可于 {until} 前申请复核。", f"If you do not accept it, ask for a review by {until}."),
        event.clause,
    )


def reviewed(event: ReviewDecided, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """Whoever asked learns that the review was decided."""
    return _to_persons(
        (state.parties[event.respondent_id].respondent.answering,),
        cause,
        Text("复核已有结果", "Your review was decided"),
        Text("复核决定已作出，请查阅案件。", "The review of the decision was decided; see the case."),
        event.clause,
    )


def right_lapsed(event: ReviewRightLapsed, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """Whoever answers learns that the decision is final."""
    day = event.due_on.isoformat()
    return _to_persons(
        (state.parties[event.respondent_id].respondent.answering,),
        cause,
        Text("复核申请期已过", "The time to ask for a review has passed"),
        Text(f"申请复核的期限已于 {day} 届满。", f"It ended on {day}; the decision is final."),
        event.clause,
    )


def answered(_: ReporterAnswered, cause: Cause, state: AccountabilityCaseState) -> tuple[Notice, ...]:
    """A reporter who gave his name learns that there is an answer (R4.12)."""
    return _to_persons(
        (state.reporter,),
        cause,
        Text("您的举报已有答复", "Your report was answered"),
        Text("请查阅答复内容。", "Look up what was answered."),
        "R4.12",
    )


def _of_limit(
    event: StageReminded | StageOverdue | StageEscalated,
    cause: Cause,
    state: AccountabilityCaseState,
    subject: Text,
    body: Text,
) -> tuple[Notice, ...]:
    clock = state.clocks.get(event.key)
    return (
        Notice(
            roles=(event.role,),
            withheld=_withheld(state),
            channel=event.channel,
            subject=subject,
            body=body,
            clause=event.clause,
            noun="accountability_case",
            stream_id=cause.stream_id,
            due_at=None if clock is None else clock.due_at,
        ),
    )


def _to_persons(
    persons: tuple[UUID | None, ...], cause: Cause, subject: Text, body: Text, clause: str
) -> tuple[Notice, ...]:
    """To these alone: nobody is told in their place."""
    known = tuple(person for person in persons if person is not None)
    if not known:
        return ()
    return (
        Notice(
            persons=known,
            confidential=True,
            subject=subject,
            body=body,
            clause=clause,
            noun="accountability_case",
            stream_id=cause.stream_id,
        ),
    )


def _withheld(state: AccountabilityCaseState) -> tuple[UUID, ...]:
    """Those who may not act on the case."""
    return tuple(sorted(state.interested))


def _stage(code: str) -> Text:
    return STAGES.get(code, Text(code, code))


NOTICES = (
    NoticeRule(name="case_stage_reminded", events=(StageReminded,), make=reminded),
    NoticeRule(name="case_stage_overdue", events=(StageOverdue,), make=overdue),
    NoticeRule(name="case_stage_escalated", events=(StageEscalated,), make=escalated),
    NoticeRule(name="case_obstructed", events=(ObstructionRecorded,), make=obstructed),
    NoticeRule(name="case_team_formed", events=(TeamFormed,), make=team_formed),
    NoticeRule(name="case_decision_served", events=(DecisionServed,), make=served),
    NoticeRule(name="case_review_decided", events=(ReviewDecided,), make=reviewed),
    NoticeRule(name="case_review_right_lapsed", events=(ReviewRightLapsed,), make=right_lapsed),
    NoticeRule(name="case_reporter_answered", events=(ReporterAnswered,), make=answered),
)
