"""How a nonconformity is corrected, verified, handled when overdue, and answered for (R12.5.3, R12.5.4)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.kernel import Context, Event, Refusal
from domain.nonconformity import commands as c
from domain.nonconformity import events as e
from domain.nonconformity.state import Liability, NonconformityState
from domain.rules.r12 import REGULATION, R12Rules, default_values, version

MAX_NUMBER = 1000
AHEAD_DAYS = 366


def tell(state: NonconformityState, command: c.RecordTelling, context: Context) -> tuple[Event, ...]:
    """Say that somebody was told."""
    must_be(state, "open", "planned")
    return (e.TellingRecorded(how=command.how, told=command.told, told_by=context.actor.id),)


def correct(state: NonconformityState, command: c.CorrectOnTheSpot, context: Context) -> tuple[Event, ...]:
    """Correct it at once."""
    must_be(state, "open")
    return (
        e.CorrectedOnTheSpot(
            attempt=_next_attempt(state),
            note=command.note,
            evidence=command.evidence,
            corrected_by=context.actor.id,
            verify_by=_verify_by(state, context),
        ),
    )


def plan(state: NonconformityState, command: c.PlanCorrection, context: Context) -> tuple[Event, ...]:
    """Plan it, with a time that has not passed."""
    must_be(state, "open")
    return (
        e.CorrectionPlanned(
            attempt=_next_attempt(state),
            complete_by=command.complete_by,
            due_by=_due_by(command.complete_by, context),
            person=command.person,
            cause=command.cause,
            steps=command.steps,
            resources=command.resources,
            standard=command.standard,
            planned_by=context.actor.id,
        ),
    )


def done(state: NonconformityState, command: c.ReportDone, context: Context) -> tuple[Event, ...]:
    """Report it corrected."""
    must_be(state, "planned")
    in_time = not state.overdue and (state.due_by is None or context.now < state.due_by)
    return (
        e.CorrectionDone(
            attempt=_next_attempt(state),
            note=command.note,
            evidence=command.evidence,
            done_by=context.actor.id,
            in_time=in_time,
            verify_by=_verify_by(state, context),
        ),
    )


def verify(state: NonconformityState, command: c.VerifyCorrection, context: Context) -> tuple[Event, ...]:
    """Inspect again; nobody verifies his own correction."""
    must_be(state, "done")
    person = _person(context)
    if person == state.corrector:
        raise Refusal(
            "own_correction",
            zh="不得由整改人本人复查",
            en="Nobody verifies his own correction.",
            clause="R12.5.3.5",
            kind="forbidden",
        )
    if command.effective:
        return (
            e.CorrectionVerified(
                evaluation=command.evaluation,
                evidence=command.evidence,
                verified_by=person,
                verified_on=context.today,
            ),
        )
    return (e.CorrectionReopened(evaluation=command.evaluation, evidence=command.evidence, verified_by=person),)


def handle(state: NonconformityState, command: c.HandleOverdue, context: Context) -> tuple[Event, ...]:
    """Handle what is overdue; without a new time it is to be corrected all the same."""
    if not state.overdue:
        raise Refusal("not_overdue", zh="该整改未逾期", en="The correction is not overdue.", clause="R12.5.3.5")
    return (
        e.OverdueHandled(
            special_reason=command.special_reason,
            handling=command.handling,
            complete_by=command.complete_by,
            due_by=None if command.complete_by is None else _due_by(command.complete_by, context),
            attempt=_next_attempt(state),
            handled_by=context.actor.id,
        ),
    )


def add_action(state: NonconformityState, command: c.AddAction, _: Context) -> tuple[Event, ...]:
    """An action against the cause, also after the matter itself is closed."""
    number = len(state.actions) + 1
    _must_not_exceed(number)
    return (
        e.ActionAdded(
            number=number, kind=command.kind, action=command.action, person=command.person, due_on=command.due_on
        ),
    )


def complete_action(state: NonconformityState, command: c.CompleteAction, context: Context) -> tuple[Event, ...]:
    """An action was taken, once."""
    action = state.actions.get(command.number)
    if action is None or action.completed:
        raise Refusal(
            "no_such_action",
            zh="没有待完成的该措施",
            en="No such action is to be taken.",
            clause="R15.5.1.3.1",
            kind="value",
            field="number",
        )
    return (
        e.ActionCompleted(
            number=command.number, note=command.note, evidence=command.evidence, completed_by=context.actor.id
        ),
    )


def decide(state: NonconformityState, command: c.DecideLiability, context: Context) -> tuple[Event, ...]:
    """Set the handling, once; not by one of those who answer."""
    found = _liability(state, command.number)
    person = _unconcerned(found, context)
    if found.handling is not None:
        raise Refusal("decided_already", zh="责任处理已确定", en="The handling is set.", clause="R12.5.4")
    _must_be_entitled(found.may_decide, context)
    return (
        e.LiabilityDecided(
            number=command.number, handling=command.handling, decided_by=person, awaits=found.approved_by
        ),
    )


def approve(state: NonconformityState, command: c.ApproveLiability, context: Context) -> tuple[Event, ...]:
    """Approve the handling; by another than who set it."""
    found = _liability(state, command.number)
    person = _unconcerned(found, context)
    if found.handling is None or found.approved:
        raise Refusal("nothing_to_approve", zh="没有待批准的处理", en="Nothing awaits approval.", clause="R12.5.4")
    if person == found.decider:
        raise Refusal(
            "own_decision",
            zh="不得批准本人作出的处理",
            en="Nobody approves what he himself has set.",
            clause="R12.5.4",
            kind="forbidden",
        )
    _must_be_entitled(found.may_approve, context)
    return (e.LiabilityApproved(number=command.number, report=command.report, approved_by=person),)


def lapse_correction(state: NonconformityState, command: c.LapseCorrection, context: Context) -> tuple[Event, ...]:
    """The planned time has passed."""
    if state.status != "planned" or state.due_by is None or command.attempt != state.attempt:
        raise _nothing_due()
    _must_be_due(state.due_by, context)
    assert state.corrector is not None
    return (e.CorrectionOverdue(attempt=state.attempt, person=state.corrector, due_by=state.due_by),)


def lapse_verification(state: NonconformityState, command: c.LapseVerification, context: Context) -> tuple[Event, ...]:
    """The time to inspect again has passed."""
    if state.status != "done" or state.verify_by is None or command.attempt != state.attempt:
        raise _nothing_due()
    _must_be_due(state.verify_by, context)
    return (e.VerificationOverdue(attempt=state.attempt, due_by=state.verify_by),)


def must_be(state: NonconformityState, *statuses: str) -> None:
    """The nonconformity is in one of these statuses."""
    if state.status not in statuses:
        raise Refusal(
            "wrong_status",
            zh="不合格项当前状态不能这样办理",
            en="This can not be done as the nonconformity stands.",
            clause="R12.5.3.3",
            details={"status": state.status, "needed": sorted(statuses)},
        )


def _verify_by(state: NonconformityState, context: Context) -> datetime:
    """When it is to be inspected again at the latest: some days later, on no rest day."""
    rules = _rules(state, context)
    return context.calendar.end_of_day(context.calendar.add_days(context.today, rules.reinspect_days))


def _rules(state: NonconformityState, context: Context) -> R12Rules:
    """The values it was found under; for one raised by hand those of today, the shipped ones where there are none."""
    if state.rule_version is not None:
        return version(context, state.rule_version).values
    for candidate in reversed(context.rules.get(REGULATION, ())):
        if candidate.effective_from <= context.today and isinstance(candidate.values, R12Rules):
            return candidate.values
    return default_values()


def _due_by(day: date, context: Context) -> datetime:
    if not context.today <= day <= context.today + timedelta(days=AHEAD_DAYS):
        raise Refusal(
            "date_out_of_bounds",
            zh=f"完成时间须在今天起{AHEAD_DAYS}天之内",
            en=f"The time must lie within {AHEAD_DAYS} days from today.",
            clause="R12.5.3.3",
            kind="value",
            field="complete_by",
        )
    return context.calendar.end_of_day(day)


def _next_attempt(state: NonconformityState) -> int:
    _must_not_exceed(state.attempt + 1)
    return state.attempt + 1


def _must_not_exceed(number: int) -> None:
    if number > MAX_NUMBER:
        raise Refusal("too_many", zh=f"最多{MAX_NUMBER}次", en=f"At most {MAX_NUMBER}.", clause="R12.5.3.3")


def _liability(state: NonconformityState, number: int) -> Liability:
    found = state.liabilities.get(number)
    if found is None:
        raise Refusal(
            "no_such_liability",
            zh="没有该责任认定",
            en="There is no such liability.",
            clause="R12.5.4",
            kind="value",
            field="number",
        )
    return found


def _must_be_entitled(entitled: e.Entitled | None, context: Context) -> None:
    """The actor fills a post of the level for the place, or one above it; a vacant level is filled by its role."""
    if entitled is None:  # found before posts said who handles it, or nothing to approve
        return
    vacant = not entitled.persons and entitled.role in context.actor.roles
    if not vacant and context.actor.id not in (*entitled.persons, *entitled.above):
        raise Refusal(
            "not_the_level",
            zh="只能由规定层级的岗位人员（或其上级）处理",
            en="Only the level that the rule names, or one above it, handles this.",
            clause="R12.5.4",
            kind="forbidden",
            details={"level": entitled.level},
        )


def _unconcerned(found: Liability, context: Context) -> UUID:
    person = _person(context)
    if person in {one.person for one in found.liable}:
        raise Refusal(
            "own_liability",
            zh="责任人不得处理本人的责任",
            en="Nobody decides on his own liability.",
            clause="R12.5.4",
            kind="forbidden",
        )
    return person


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def _must_be_due(due_at: datetime, context: Context) -> None:
    if context.now < due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R12.5.3.5")


def _nothing_due() -> Refusal:
    return Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause="R12.5.3.5")
