"""Issues of tiered inspection: who is to correct them, who answers for one found again, and what is overdue (R12.5)."""

from uuid import UUID

from domain.kernel import Cause, Text
from domain.nonconformity import NonconformityState
from domain.nonconformity.events import CorrectionOverdue, IssueFound, LiabilityFound, VerificationOverdue
from domain.notices.notice import Notice, NoticeRule, short

NOUN = "nonconformity"
CORRECTS = ("area_lead", "operator")
"""The levels that are told of an issue at their place."""
HANDLES = "project_head"
"""Who handles what is overdue."""


def found(event: IssueFound, cause: Cause, _: NonconformityState) -> tuple[Notice, ...]:
    """Those who work at the place, but for the one who found it; nobody where the register names nobody."""
    people = dict.fromkeys(
        one.person for one in event.answerable if one.level in CORRECTS and one.person != event.finding.found_by
    )
    if not people:
        return ()
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=tuple(people),
            subject=Text(f"检查发现问题 {ref}", f"Issue {ref} was found"),
            body=Text(f"检查发现问题 {ref}，请及时整改。", f"Issue {ref} was found at your place; correct it in time."),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
        ),
    )


def liable(event: LiabilityFound, cause: Cause, _: NonconformityState) -> tuple[Notice, ...]:
    """Those who answer, and the level that sets the handling."""
    ref = short(cause.stream_id)
    people: tuple[UUID, ...] = tuple(one.person for one in event.liable if one.person is not None)
    mine = Notice(
        persons=people,
        subject=Text(f"问题 {ref} 重复出现，须承担责任", f"Issue {ref}: you answer for it"),
        body=Text(
            f"问题 {ref} 未及时整改并被上级再次查出，认定由您承担责任。",
            f"Issue {ref} was not corrected and found again by a higher level; you answer for it.",
        ),
        clause=event.clause,
        noun=NOUN,
        stream_id=cause.stream_id,
    )
    entitled = event.may_decide
    named = () if entitled is None else entitled.persons
    theirs = Notice(
        roles=() if named else (event.decided_by if entitled is None else entitled.role,),
        persons=named,
        subject=Text(f"问题 {ref} 待作责任处理", f"Issue {ref}: a handling is to be set"),
        body=Text(f"问题 {ref} 已认定责任，请作出处理。", f"Who answers for issue {ref} is found; set the handling."),
        clause=event.clause,
        noun=NOUN,
        stream_id=cause.stream_id,
    )
    return (mine, theirs) if people else (theirs,)


def overdue(
    event: CorrectionOverdue | VerificationOverdue, cause: Cause, state: NonconformityState
) -> tuple[Notice, ...]:
    """The one who was to correct it, and the project head who handles it."""
    ref = short(cause.stream_id)
    what = (
        Text("整改逾期", "the correction is overdue")
        if isinstance(event, CorrectionOverdue)
        else Text("复查逾期", "the re-inspection is overdue")
    )
    return (
        Notice(
            roles=(HANDLES,),
            persons=() if state.corrector is None else (state.corrector,),
            subject=Text(f"问题 {ref} {what.zh}", f"Issue {ref}: {what.en}"),
            body=Text(f"问题 {ref} {what.zh}，请处理。", f"Issue {ref}: {what.en}; see to it."),
            clause=event.clause,
            noun=NOUN,
            stream_id=cause.stream_id,
            due_at=event.due_by,
        ),
    )


NOTICES = (
    NoticeRule(name="issue_found", events=(IssueFound,), make=found),
    NoticeRule(name="liability_found", events=(LiabilityFound,), make=liable),
    NoticeRule(name="issue_overdue", events=(CorrectionOverdue, VerificationOverdue), make=overdue),
)
