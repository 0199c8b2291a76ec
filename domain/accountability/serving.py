"""After the resolution: the decision is served, filed, carried out, and the case closed (R4.5, R4.17, R4.19)."""

from domain.accountability import aftermath as c
from domain.accountability import events_after as a
from domain.accountability.clocks import begun
from domain.accountability.consequences import consequences
from domain.accountability.evolve import evolve
from domain.accountability.guards import not_to_come, official, party, party_served, rules_of, standing
from domain.accountability.state import AccountabilityCaseState
from domain.kernel import Context, Event, Refusal
from domain.rules.r4_parts import AFTER, DONE_BY, STEPS

AFTER_RESOLUTION = ("decided", "served")


def serve(state: AccountabilityCaseState, command: c.ServeDecision, context: Context) -> tuple[Event, ...]:
    """The decision reaches a respondent with his rights; it takes effect, and his time to object runs (R4.17)."""
    person = official(state, context)
    standing(state, *AFTER_RESOLUTION)
    about = party(state, command.respondent_id)
    if not about.accountable or about.verdict is None:
        raise Refusal(
            "nothing_to_serve",
            zh="该对象未被问责，无决定书可送达",
            en="This respondent was not held to account; there is no decision to serve.",
            clause="R4.17",
        )
    if about.served_on is not None:
        raise Refusal("served_already", zh="决定已送达该对象", en="The decision was served already.", clause="R4.17")
    if not command.rights_stated:
        raise Refusal(
            "rights_not_stated",
            zh="决定书须告知被问责人享有的权利",
            en="The decision can not be served without a statement of rights.",
            clause="R4.17",
            kind="value",
            field="rights_stated",
        )
    assert state.decided_on is not None
    not_to_come(command.received_on, context, "received_on")
    if command.received_on < state.decided_on:
        raise Refusal(
            "received_before_decided",
            zh="送达不得早于作出决定",
            en="A decision is not received before it was made.",
            clause="R4.17",
            kind="value",
            field="received_on",
        )
    limit = state.clocks[f"service:{command.respondent_id}"]
    right = begun(
        "review_request",
        rules_of(state, context),
        state.rule_version,
        context,
        since=command.received_on,
        respondent_id=command.respondent_id,
    )
    served = a.DecisionServed(
        respondent_id=command.respondent_id,
        respondent=about.respondent,
        received_on=command.received_on,
        received_by=command.received_by,
        method=command.method,
        proof=command.proof,
        late=command.received_on > limit.due_on,
        review_until=right.clock.due_on,
        rule_version=state.rule_version,
        by=person,
    )
    after = evolve(state, served)
    effects = consequences(after, after.parties[command.respondent_id], about.verdict, "", context)
    return (served, right, *effects)


def file(state: AccountabilityCaseState, command: c.FileWithPersonnel, context: Context) -> tuple[Event, ...]:
    """File the decision once, and each review decision once (R4.19)."""
    person = official(state, context)
    standing(state, *AFTER_RESOLUTION)
    if command.respondent_id is None:
        if state.filed:
            raise _filed_already()
        return (a.DecisionFiled(kind="decision", respondent_id=None, reference=command.reference, by=person),)
    review = party(state, command.respondent_id).review
    if review is None or review.outcome is None:
        raise Refusal(
            "no_review_decision",
            zh="该对象没有复核决定可备案",
            en="There is no review decision about this respondent to file.",
            clause="R4.19",
        )
    if review.filed:
        raise _filed_already()
    filed = a.DecisionFiled(kind="review", respondent_id=command.respondent_id, reference=command.reference, by=person)
    return (filed,)


def execute(state: AccountabilityCaseState, command: c.RecordExecution, context: Context) -> tuple[Event, ...]:
    """Record a step of a form that stands, in the order of its kind; a pending review suspends nothing (R4.18)."""
    person = official(state, context)
    standing(state, *AFTER_RESOLUTION)
    about = party_served(state, command.respondent_id)
    form = rules_of(state, context).form(command.form)
    if form is None or command.form not in about.sanctions:
        raise _wrong("form_does_not_stand", "该形式未对该对象生效", "This form does not stand here.", "form")
    taken = about.steps.get(command.form, ())
    if command.form in about.executed:
        raise Refusal("executed_already", zh="该形式已执行完毕", en="This form has been carried out.", clause="R4.5")
    if command.step not in STEPS[form.execution]:
        raise _wrong("step_of_another_form", "该步骤不属于这一形式", "This step is not one of this form.", "step")
    if command.step in taken:
        raise _wrong("step_taken_already", "该步骤已记录", "This step has been recorded.", "step")
    before = AFTER.get(command.step)
    if before is not None and not before & set(taken):
        raise _wrong("step_too_early", "须先完成前一步骤", "A step before this one has not been recorded.", "step")
    not_to_come(command.done_on, context, "done_on")
    if about.served_on is not None and command.done_on < about.served_on:
        raise _wrong("done_before_service", "执行不得早于送达", "Nothing is carried out before service.", "done_on")
    return (
        a.ExecutionRecorded(
            respondent_id=command.respondent_id,
            entry_key=about.sanctions[command.form].entry_key,
            subject_kind=about.respondent.kind,
            subject=about.respondent.subject,
            form=command.form,
            step=command.step,
            done_on=command.done_on,
            done=command.step in DONE_BY,
            note=command.note,
            by=person,
        ),
    )


def close(state: AccountabilityCaseState, command: c.CloseCase, context: Context) -> tuple[Event, ...]:
    """Close a case of which nothing is owed any more: served, filed, carried out, no review open or possible."""
    person = official(state, context)
    standing(state, "served")
    if state.clocks:
        raise Refusal(
            "still_owed",
            zh="尚有事项未办结",
            en="Something of this case is still owed.",
            clause="R4.14",
            details={"owed": sorted(state.clocks)},
        )
    return (a.CaseClosed(note=command.note, by=person),)


def _filed_already() -> Refusal:
    return Refusal("filed_already", zh="已备案", en="This has been filed.", clause="R4.19")


def _wrong(code: str, zh: str, en: str, field: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R4.5", kind="value", field=field)
