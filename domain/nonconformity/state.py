"""Where a nonconformity stands, and what it still owes."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.inspection_frame import Answerable
from domain.kernel import Deadline, State
from domain.nonconformity import events as e
from domain.nonconformity.commands import LapseCorrection, LapseVerification
from domain.rules.r12_parts import ItemClass, Level


class Liability(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for the issue, and how far the handling of that is."""

    round: int
    found_by: Level
    liable: tuple[e.Liable, ...]
    decided_by: Level
    approved_by: Level | None
    may_decide: e.Entitled | None = None
    may_approve: e.Entitled | None = None
    handling: str | None = None
    decider: UUID | None = None
    approved: bool = False


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An action against the cause."""

    kind: str
    person: UUID
    completed: bool = False


class NonconformityState(State, frozen=True, kw_only=True):
    """One nonconformity (不合格). ``chain`` holds the round's findings; ``attempt`` counts corrections and times."""

    clause: str
    project_id: UUID | None
    rule_version: int | None
    item_class: ItemClass | None = None
    round: int = 1
    attempt: int = 0
    chain: tuple[e.Finding, ...] = ()
    answerable: tuple[Answerable, ...] = ()
    corrector: UUID | None = None
    due_by: datetime | None = None
    verify_by: datetime | None = None
    overdue: bool = False
    liabilities: dict[int, Liability] = msgspec.field(default_factory=dict)
    actions: dict[int, Action] = msgspec.field(default_factory=dict)
    source_noun: str | None = None
    source_id: UUID | None = None


def deadlines(state: NonconformityState) -> tuple[Deadline, ...]:
    """The planned time of the correction, or the time to inspect again."""
    if state.status == "planned" and state.due_by is not None:
        return (Deadline(f"correction:{state.attempt}", state.due_by, LapseCorrection(attempt=state.attempt)),)
    if state.status == "done" and state.verify_by is not None:
        return (Deadline(f"verify:{state.attempt}", state.verify_by, LapseVerification(attempt=state.attempt)),)
    return ()


def _raised(event: e.NonconformityRaised) -> NonconformityState:
    return NonconformityState(
        status="open",
        clause=event.clause,
        project_id=event.project_id,
        rule_version=None,
        source_noun=event.source_noun,
        source_id=event.source_id,
    )


def _found(state: NonconformityState | None, event: e.IssueFound) -> NonconformityState:
    return NonconformityState(
        status="open",
        clause=event.clause,
        project_id=event.project_id,
        rule_version=event.rule_version,
        item_class=event.item_class,
        round=event.round,
        attempt=0 if state is None else state.attempt,
        chain=(event.finding,),
        answerable=event.answerable,
        liabilities={} if state is None else state.liabilities,
        actions={} if state is None else state.actions,
    )


def _again(state: NonconformityState, event: e.IssueFoundAgain) -> NonconformityState:
    chain = (*state.chain, event.finding)
    return replace(_undone(state), chain=chain) if event.undone else replace(state, chain=chain)


def _undone(state: NonconformityState) -> NonconformityState:
    return replace(state, status="open", due_by=None, verify_by=None, overdue=False)


def _done(state: NonconformityState, event: e.CorrectionDone | e.CorrectedOnTheSpot) -> NonconformityState:
    by = event.done_by if isinstance(event, e.CorrectionDone) else event.corrected_by
    return replace(
        state, status="done", attempt=event.attempt, corrector=by, due_by=None, verify_by=event.verify_by, overdue=False
    )


def _planned(state: NonconformityState, event: e.CorrectionPlanned) -> NonconformityState:
    return replace(
        state, status="planned", attempt=event.attempt, corrector=event.person, due_by=event.due_by, overdue=False
    )


def _handled(state: NonconformityState, event: e.OverdueHandled) -> NonconformityState:
    return replace(state, overdue=False, due_by=event.due_by, attempt=event.attempt)


def _liable(state: NonconformityState, event: e.LiabilityFound) -> NonconformityState:
    found = Liability(
        round=state.round,
        found_by=event.found_by,
        liable=event.liable,
        decided_by=event.decided_by,
        approved_by=event.approved_by,
        may_decide=event.may_decide,
        may_approve=event.may_approve,
    )
    return replace(state, liabilities={**state.liabilities, event.number: found})


def _decided(state: NonconformityState, event: e.LiabilityDecided) -> NonconformityState:
    found = replace(
        state.liabilities[event.number],
        handling=event.handling,
        decider=event.decided_by,
        approved=event.awaits is None,
    )
    return replace(state, liabilities={**state.liabilities, event.number: found})


def _approved(state: NonconformityState, event: e.LiabilityApproved) -> NonconformityState:
    found = replace(state.liabilities[event.number], approved=True)
    return replace(state, liabilities={**state.liabilities, event.number: found})


def _action(state: NonconformityState, event: e.ActionAdded) -> NonconformityState:
    return replace(state, actions={**state.actions, event.number: Action(kind=event.kind, person=event.person)})


def _acted(state: NonconformityState, event: e.ActionCompleted) -> NonconformityState:
    done = replace(state.actions[event.number], completed=True)
    return replace(state, actions={**state.actions, event.number: done})


evolve: Evolve[NonconformityState] = folding(
    "a nonconformity",
    begins={e.NonconformityRaised: _raised, e.IssueFound: lambda event: _found(None, event)},
    steps={
        e.IssueFound: _found,
        e.IssueFoundAgain: _again,
        e.LiabilityFound: _liable,
        e.TellingRecorded: lambda s, _: s,
        e.CorrectedOnTheSpot: _done,
        e.CorrectionPlanned: _planned,
        e.CorrectionDone: _done,
        e.CorrectionVerified: lambda s, _: replace(s, status="effective", verify_by=None),
        e.CorrectionReopened: lambda s, _: _undone(s),
        e.CorrectionOverdue: lambda s, _: replace(s, overdue=True, due_by=None),
        e.VerificationOverdue: lambda s, _: replace(s, verify_by=None),
        e.OverdueHandled: _handled,
        e.ActionAdded: _action,
        e.ActionCompleted: _acted,
        e.LiabilityDecided: _decided,
        e.LiabilityApproved: _approved,
    },
)
