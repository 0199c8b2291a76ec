"""How each event changes an accountability case."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.accountability import events as e
from domain.accountability import events_after as a
from domain.accountability import events_time as t
from domain.accountability.ending import limits_ended
from domain.accountability.evolve_after import STEPS_AFTER
from domain.accountability.folding import dropped, joined
from domain.accountability.state import AccountabilityCaseState, RecusalRequest, Team
from domain.accountability.words import Interest
from domain.kernel import Event

State = AccountabilityCaseState


def evolve(state: State | None, event: Event) -> State:
    """Fold one event; whoever acted in office has handled the case."""
    if isinstance(event, e.MatterReported):
        return _reported(event)
    step = _STEPS.get(type(event)) or STEPS_AFTER.get(type(event))
    if step is None or state is None:
        raise TypeError(f"an accountability case does not know {type(event).__name__} here")
    after = dropped(step(state, event), *limits_ended(event))
    if isinstance(event, e.Act):
        after = _handled(after, event.by)
    return after


def _reported(event: e.MatterReported) -> State:
    begun = State(
        status="reported",
        rule_version=event.rule_version,
        matter=event.matter,
        source=event.source.code,
        grounds=event.grounds,
        reported_on=event.reported_on,
        reporter=event.reporter,
        complaint_id=event.complaint_id,
        receipt_hash=event.receipt_hash,
        receipt_until=event.receipt_until,
        handlers=() if event.registered_by is None else (event.registered_by,),
        interested={} if event.reporter is None else {event.reporter: "reporter"},
    )
    for respondent in event.respondents:
        begun = joined(begun, respondent)
    return begun


def _handled(state: State, *persons: UUID) -> State:
    new = tuple(person for person in dict.fromkeys(persons) if person not in state.handlers)
    return replace(state, handlers=(*state.handlers, *new)) if new else state


def _interested(state: State, interests: Mapping[UUID, Interest]) -> State:
    """More interested people; who is so already keeps the first reason, and nobody interested stays on the team."""
    interested = {**interests, **state.interested}
    team = state.team
    if team is not None:
        team = replace(team, members=tuple(person for person in team.members if person not in interested))
    return replace(state, interested=interested, team=team)


def _relative(state: State, event: e.RelativeRecorded) -> State:
    return _interested(state, {event.person: "relative"})


def _named(state: State, event: e.RespondentNamed) -> State:
    return _interested(joined(state, event.respondent), {})


def _began(state: State, event: t.StageBegan) -> State:
    return replace(state, clocks={**state.clocks, event.clock.key: event.clock})


def _clock(state: State, key: str, **changes: Any) -> State:
    return replace(state, clocks={**state.clocks, key: replace(state.clocks[key], **changes)})


def _reminded(state: State, event: t.StageReminded) -> State:
    left = tuple(one for one in state.clocks[event.key].reminders if one.signal != event.signal)
    return _clock(state, event.key, reminders=left)


def _rederived(state: State, event: t.StagesRederived) -> State:
    return replace(state, clocks={**state.clocks, **{moved.after.key: moved.after for moved in event.clocks}})


def _overdue(state: State, event: t.StageOverdue) -> State:
    return _clock(state, event.key, overdue=True, next_level=event.next_level)


def _verified(state: State, event: e.ReportVerified) -> State:
    grounds = tuple(ground.code for ground in event.grounds)
    return replace(state, status="verified", grounds=grounds)


def _initiated(state: State, _: e.CaseInitiated) -> State:
    return replace(state, status="investigating")


def _team(state: State, event: e.TeamFormed) -> State:
    formed = replace(state, team=Team(members=event.members, leader=event.leader))
    return _handled(formed, *event.members)


def _extended(state: State, event: e.ExtensionApproved) -> State:
    clocks = {**state.clocks, event.clock.key: event.clock}
    return replace(state, clocks=clocks, extensions=state.extensions + 1, extension_pending=None)


def _resolved(state: State, event: e.CaseResolved) -> State:
    parties = dict(state.parties)
    for verdict in event.verdicts:
        key = verdict.respondent.id
        parties[key] = replace(parties[key], verdict=verdict, revision=1)
    decided = replace(
        state,
        status="decided",
        parties=parties,
        body=event.body,
        deciders=tuple(dict.fromkeys((*state.deciders, *event.attendees, event.by))),
        decided_on=event.decided_on,
    )
    return _handled(decided, *event.attendees)


def _recused(state: State, event: e.PersonRecused) -> State:
    requests = {key: one for key, one in state.recusal_requests.items() if one.person != event.person}
    recused = _interested(replace(state, recusal_requests=requests), {event.person: "recused"})
    return recused if event.how == "declared" else _handled(recused, event.by)


def _recusal_asked(state: State, event: e.RecusalRequested) -> State:
    request = RecusalRequest(person=event.person, ground=event.ground)
    return replace(state, recusal_requests={**state.recusal_requests, event.request_id: request})


def _recusal_declined(state: State, event: e.RecusalDeclined) -> State:
    left = {key: one for key, one in state.recusal_requests.items() if key != event.request_id}
    return replace(state, recusal_requests=left)


def _absorbed(state: State, event: e.CaseAbsorbed) -> State:
    for respondent in event.respondents:
        state = joined(state, respondent)
    grounds = tuple(dict.fromkeys((*state.grounds, *event.grounds)))
    return _interested(replace(state, grounds=grounds), {each.person: each.interest for each in event.interested})


def _opinion(state: State, event: e.OpinionGiven) -> State:
    return replace(state, status="heard", deciders=(event.by,))


def _obstructed(state: State, event: e.ObstructionRecorded) -> State:
    counted = replace(state, obstructions=state.obstructions + 1)
    return counted if event.person is None else _interested(counted, {event.person: "obstructed"})


def _told(state: State, event: e.HandlersTold) -> State:
    return state if event.case_id in state.told else replace(state, told=(*state.told, event.case_id))


def _ended(status: str) -> Callable[[State, Any], State]:
    return lambda state, _: replace(state, status=status, clocks={}, merging_into=None, merge_answer_by=None)


def _barred(state: State, event: e.PersonsBarred) -> State:
    return _interested(state, dict.fromkeys(event.persons, event.interest))


def _message(state: State, _: Event) -> State:
    return replace(state, messages=state.messages + 1)


_STEPS: Mapping[type[Event], Callable[[State, Any], State]] = {
    e.InformationAdded: _message,
    e.ReporterAnswered: _message,
    e.RespondentNamed: _named,
    e.RelativeRecorded: _relative,
    e.HandledCaseLinked: lambda s, event: replace(s, about_case=event.case_id),
    e.HandlersTold: _told,
    e.PersonsBarred: _barred,
    t.StageBegan: _began,
    t.StageReminded: _reminded,
    t.StageOverdue: _overdue,
    t.StagesRederived: _rederived,
    t.StageEscalated: lambda s, event: _clock(s, event.key, next_level=event.next_level),
    e.ReportVerified: _verified,
    e.AccountabilityProposed: lambda s, _: replace(s, status="proposed"),
    e.CaseInitiated: _initiated,
    e.CaseDismissed: _ended("dismissed"),
    e.TeamFormed: _team,
    e.ExtensionRequested: lambda s, event: replace(s, extension_pending=event.by),
    e.ExtensionApproved: _extended,
    e.ExtensionDeclined: lambda s, _: replace(s, extension_pending=None),
    e.ObstructionRecorded: _obstructed,
    e.InvestigationReported: lambda s, _: replace(s, status="investigated", extension_pending=None),
    e.OpinionGiven: _opinion,
    e.CaseResolved: _resolved,
    e.PersonRecused: _recused,
    e.RecusalRequested: _recusal_asked,
    e.RecusalDeclined: _recusal_declined,
    e.MergeRequested: lambda s, event: replace(s, merging_into=event.into, merge_answer_by=event.answer_by),
    e.CaseAbsorbed: _absorbed,
    e.MergeDeclined: lambda s, _: s,
    e.CaseMerged: _ended("merged"),
    e.MergeRefused: lambda s, _: replace(s, merging_into=None, merge_answer_by=None),
    a.CaseClosed: _ended("closed"),
}
