"""How a liaison sheet is issued, answered and closed (R15.6)."""

from datetime import date, datetime

from domain.kernel import Context, Event, Refusal
from domain.liaison_sheet import messages as m
from domain.liaison_sheet.state import LiaisonSheetState
from domain.quality_terms import forbidden, person_of, senseless, wrong_status
from domain.rules.r15 import in_force, version

CLAUSE = "R15.6"
MOST_ROUNDS = 50


def issue(_: None, command: m.IssueLiaison, context: Context) -> tuple[Event, ...]:
    """Issue it to another department, to be answered within the rules' working days."""
    person = person_of(context, CLAUSE)
    if command.from_department == command.to_department:
        raise senseless("same_department", "须为另一部门", "It goes to another department.", "to_department", CLAUSE)
    found = in_force(context, context.today)
    answer_by, due_at = _due(found.values.answer_working_days, context)
    return (
        m.LiaisonIssued(
            from_department=command.from_department,
            to_department=command.to_department,
            addressee=command.addressee,
            subject=command.subject,
            content=command.content,
            nonconformity_id=command.nonconformity_id,
            evidence=command.evidence,
            issued_by=person,
            issued_on=context.today,
            answer_by=answer_by,
            due_at=due_at,
            rule_version=found.version,
        ),
    )


def answer(state: LiaisonSheetState, command: m.AnswerLiaison, context: Context) -> tuple[Event, ...]:
    """Answer it; the one it is addressed to does."""
    person = person_of(context, CLAUSE)
    if person != state.addressee:
        raise forbidden("not_the_addressee", "只能由受理人答复", "Only the addressee answers.", CLAUSE)
    _must_be(state, "issued")
    late = state.late or (state.due_at is not None and context.now >= state.due_at)
    return (
        m.LiaisonAnswered(
            answer=command.answer,
            evidence=command.evidence,
            answered_by=person,
            answered_on=context.today,
            late=late,
        ),
    )


def return_answer(state: LiaisonSheetState, command: m.ReturnAnswer, context: Context) -> tuple[Event, ...]:
    """Ask for another answer; the one who issued it does."""
    person = person_of(context, CLAUSE)
    _must_have_issued(state, context)
    _must_be(state, "answered")
    if state.round >= MOST_ROUNDS:
        raise Refusal("too_many_rounds", zh="退回次数过多", en="It was returned too often.", clause=CLAUSE)
    rules = version(context, state.rule_version).values
    answer_by, due_at = _due(rules.answer_working_days, context)
    return (
        m.AnswerReturned(
            reason=command.reason,
            returned_by=person,
            round=state.round + 1,
            answer_by=answer_by,
            due_at=due_at,
            rule_version=state.rule_version,
        ),
    )


def close(state: LiaisonSheetState, command: m.CloseLiaison, context: Context) -> tuple[Event, ...]:
    """Close it with its answer; the one who issued it does."""
    person = person_of(context, CLAUSE)
    _must_have_issued(state, context)
    _must_be(state, "answered")
    return (m.LiaisonClosed(evaluation=command.evaluation, closed_by=person, closed_on=context.today),)


def lapse(state: LiaisonSheetState, command: m.LapseAnswer, context: Context) -> tuple[Event, ...]:
    """The time to answer has passed."""
    if state.status != "issued" or state.due_at is None or command.round != state.round:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=CLAUSE)
    if context.now < state.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause=CLAUSE)
    return (m.AnswerOverdue(round=state.round, due_at=state.due_at),)


def _due(working_days: int, context: Context) -> tuple[date, datetime]:
    day = context.calendar.add_working_days(context.today, working_days)
    return day, context.calendar.end_of_day(day)


def _must_have_issued(state: LiaisonSheetState, context: Context) -> None:
    if context.actor.id != state.issued_by:
        raise forbidden("not_the_issuer", "只能由签发人办理", "Only whoever issued it can do this.", CLAUSE)


def _must_be(state: LiaisonSheetState, *statuses: str) -> None:
    if state.status not in statuses:
        raise wrong_status(state.status, CLAUSE, *statuses)
