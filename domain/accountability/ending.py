"""Which time limits an event ends, for whoever keeps them: the case itself, and the board that shows them."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.accountability import events as e
from domain.accountability import events_after as a
from domain.accountability import events_time as t
from domain.kernel import Event

ENDING: frozenset[type[Event]] = frozenset({e.CaseDismissed, e.CaseMerged, a.CaseClosed})
"""Events after which nothing of a case is owed any more."""


def limits_ended(event: Event) -> tuple[str, ...]:
    """The keys of the limits that an event meets, or makes pointless; those of `ENDING` events are all."""
    ended = _ENDS.get(type(event))
    return () if ended is None else ended(event)


def _of(stage: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda _: (stage,)


def _of_respondent(stage: str) -> Callable[[Any], tuple[str, ...]]:
    return lambda event: (f"{stage}:{event.respondent_id}",)


def _filed(event: a.DecisionFiled) -> tuple[str, ...]:
    return ("filing" if event.respondent_id is None else f"filing:{event.respondent_id}",)


def _executed(event: a.ExecutionRecorded) -> tuple[str, ...]:
    return _to_carry_out(event.respondent_id, event.form) if event.done else ()


def _unsanctioned(event: a.SanctionReversed) -> tuple[str, ...]:
    return _to_carry_out(event.respondent_id, event.form.code)


def _to_carry_out(respondent_id: object, form: str) -> tuple[str, ...]:
    return (f"correction:{respondent_id}:{form}", f"execution:{respondent_id}:{form}")


_ENDS: Mapping[type[Event], Callable[[Any], tuple[str, ...]]] = {
    e.ReportVerified: _of("verification"),
    e.AccountabilityProposed: _of("proposal"),
    e.CaseInitiated: _of("initiation"),
    e.TeamFormed: _of("team"),
    e.InvestigationReported: _of("investigation"),
    e.CaseResolved: _of("resolution"),
    a.DecisionServed: _of_respondent("service"),
    a.ReviewRequested: _of_respondent("review_request"),
    t.ReviewRightLapsed: _of_respondent("review_request"),
    a.ReviewDecided: _of_respondent("review"),
    a.DecisionFiled: _filed,
    a.ExecutionRecorded: _executed,
    a.SanctionReversed: _unsanctioned,
}
