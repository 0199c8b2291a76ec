"""How the events after the resolution change an accountability case."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from domain.accountability import events_after as a
from domain.accountability import events_time as t
from domain.accountability.folding import changed
from domain.accountability.state import AccountabilityCaseState, Effect, Review, Sanction
from domain.kernel import Event

State = AccountabilityCaseState


def _served(state: State, event: a.DecisionServed) -> State:
    served = changed(state, event.respondent_id, served_on=event.received_on, review_open=True)
    all_served = all(one.served_on is not None for one in served.parties.values() if one.accountable)
    return replace(served, status="served") if all_served else served


def _sanctioned(state: State, event: a.SanctionImposed) -> State:
    sanction = Sanction(entry_key=event.entry_key, form=event.form)
    sanctions = {**state.parties[event.respondent_id].sanctions, event.form.code: sanction}
    return changed(state, event.respondent_id, sanctions=sanctions)


def _unsanctioned(state: State, event: a.SanctionReversed) -> State:
    party = state.parties[event.respondent_id]
    left = {code: one for code, one in party.sanctions.items() if code != event.form.code}
    return changed(state, event.respondent_id, sanctions=left)


def _bound(state: State, event: a.EffectImposed) -> State:
    effect = Effect(entry_key=event.entry_key, effect=event.effect, period=event.period)
    return changed(state, event.respondent_id, effect=effect)


def _right_lapsed(state: State, event: t.ReviewRightLapsed) -> State:
    return changed(state, event.respondent_id, review_open=False)


def _review_asked(state: State, event: a.ReviewRequested) -> State:
    review = Review(requested_on=event.requested_on)
    return changed(state, event.respondent_id, review_open=False, review=review)


def _reviewed(state: State, event: a.ReviewDecided) -> State:
    party = state.parties[event.respondent_id]
    assert party.review is not None
    changes: dict[str, Any] = {"review": replace(party.review, outcome=event.outcome)}
    if event.outcome == "changed":
        changes |= {"verdict": event.verdict, "revision": party.revision + 1}
    return changed(state, event.respondent_id, **changes)


def _filed(state: State, event: a.DecisionFiled) -> State:
    if event.respondent_id is None:
        return replace(state, filed=True)
    review = state.parties[event.respondent_id].review
    assert review is not None
    return changed(state, event.respondent_id, review=replace(review, filed=True))


def _executed(state: State, event: a.ExecutionRecorded) -> State:
    party = state.parties[event.respondent_id]
    steps = {**party.steps, event.form: (*party.steps.get(event.form, ()), event.step)}
    changes: dict[str, Any] = {"steps": steps}
    if party.under_review:
        changes["steps_since_request"] = (*party.steps_since_request, event.step)
    if event.done:
        changes["executed"] = (*party.executed, event.form)
    return changed(state, event.respondent_id, **changes)


STEPS_AFTER: Mapping[type[Event], Callable[[State, Any], State]] = {
    a.DecisionServed: _served,
    a.SanctionImposed: _sanctioned,
    a.SanctionReversed: _unsanctioned,
    a.EffectImposed: _bound,
    a.EffectReversed: lambda s, event: changed(s, event.respondent_id, effect=None),
    t.ReviewRightLapsed: _right_lapsed,
    a.ReviewRequested: _review_asked,
    a.ReviewDecided: _reviewed,
    a.DecisionFiled: _filed,
    a.ExecutionRecorded: _executed,
}
"""What to do with each of them."""
