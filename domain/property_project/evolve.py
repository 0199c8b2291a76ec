"""Folding a project's events into its state."""

from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.property_project import events as e
from domain.property_project.state import (
    Correction,
    Drawn,
    ProjectMonth,
    PropertyProjectState,
    Result,
    Roster,
    Termination,
    TerminationRight,
)

_State = PropertyProjectState


def _registered(event: e.ProjectRegistered) -> _State:
    return PropertyProjectState(
        status="active",
        name=event.name,
        contractor=event.contractor,
        agreed_deposit_fen=event.agreed_deposit_fen,
        contract_from=event.contract_from,
        contract_to=event.contract_to,
        starts_month=event.starts_month,
    )


def _revised(state: _State, event: e.ProjectRevised) -> _State:
    return replace(state, name=event.name, contractor=event.contractor, contract_to=event.contract_to)


def _roster(state: _State, event: e.RosterReplaced) -> _State:
    roster = Roster(version=event.version, people=event.people, sha256=event.sha256)
    return replace(state, rosters={**state.rosters, event.group: roster})


def _opened(state: _State, event: e.MonthOpened) -> _State:
    month = ProjectMonth(month=event.month, assessment_id=event.assessment_id, rule_version=event.rule_version)
    return _with_month(state, month)


def _drawn(state: _State, event: e.RepresentativesDrawn) -> _State:
    drawn = Drawn(seed=event.seed, staff=event.staff, students=event.students)
    return _with_month(state, replace(state.months[event.month], drawn=drawn))


def _result(state: _State, event: e.MonthRecorded | e.MonthRevised) -> _State:
    result = Result(
        revision=event.revision,
        score=event.score,
        band=event.band,
        vetoed=event.vetoed,
        rule_version=event.rule_version,
        source_version=event.source_version,
    )
    return replace(_with_month(state, replace(state.months[event.month], result=result)), streak=event.streak)


def _ordered(state: _State, event: e.CorrectionOrdered) -> _State:
    correction = Correction(
        month=event.month, due_on=event.due_on, due_at=event.due_at, rule_version=event.rule_version
    )
    return _with_correction(state, correction)


def _withdrawn(state: _State, event: e.CorrectionWithdrawn) -> _State:
    left = {month: each for month, each in state.corrections.items() if month != event.month}
    return replace(state, corrections=left)


def _confirmed(state: _State, event: e.CorrectionConfirmed) -> _State:
    correction = replace(state.corrections[event.month], status="confirmed", resets_from=event.resets_from)
    return _with_correction(state, correction)


def _overdue(state: _State, event: e.CorrectionOverdue) -> _State:
    return _with_correction(state, replace(state.corrections[event.month], status="overdue"))


def _right_arose(state: _State, event: e.TerminationRightArose) -> _State:
    right = TerminationRight(month=event.month, streak=event.streak, rule_version=event.rule_version)
    return replace(state, right=right)


def _right_lapsed(state: _State, _: e.TerminationRightLapsed) -> _State:
    return replace(state, right=None)


def _priority(state: _State, event: e.TenderPriorityMarked) -> _State:
    return replace(state, tender_priority=tuple(sorted({*state.tender_priority, event.month})))


def _no_priority(state: _State, event: e.TenderPriorityWithdrawn) -> _State:
    return replace(state, tender_priority=tuple(each for each in state.tender_priority if each != event.month))


def _terminated(state: _State, event: e.ContractTerminated) -> _State:
    termination = Termination(reason=event.reason, ground_month=event.ground_month, rule_version=event.rule_version)
    return replace(state, status="terminated", termination=termination)


def _equipment(state: _State, event: e.EquipmentDisposed) -> _State:
    return replace(state, equipment=(*state.equipment, *event.items))


def _ground(state: _State, event: e.TerminationGroundLost | e.TerminationGroundRestored) -> _State:
    if state.termination is None:
        raise TypeError("a ground is lost or restored only after a termination")
    lost = isinstance(event, e.TerminationGroundLost)
    return replace(state, termination=replace(state.termination, ground_lost=lost))


def _reinstated(state: _State, _: e.ContractReinstated) -> _State:
    return replace(state, status="active", termination=None)


def _ended(state: _State, _: e.ContractEnded) -> _State:
    return replace(state, status="ended")


def _with_month(state: _State, month: ProjectMonth) -> _State:
    return replace(state, months={**state.months, month.month: month})


def _with_correction(state: _State, correction: Correction) -> _State:
    return replace(state, corrections={**state.corrections, correction.month: correction})


evolve: Evolve[PropertyProjectState] = folding(
    "a project",
    begins={e.ProjectRegistered: _registered},
    steps={
        e.ProjectRevised: _revised,
        e.RosterReplaced: _roster,
        e.MonthOpened: _opened,
        e.RepresentativesDrawn: _drawn,
        e.MonthRecorded: _result,
        e.MonthRevised: _result,
        e.CorrectionOrdered: _ordered,
        e.CorrectionWithdrawn: _withdrawn,
        e.CorrectionConfirmed: _confirmed,
        e.CorrectionOverdue: _overdue,
        e.TerminationRightArose: _right_arose,
        e.TerminationRightLapsed: _right_lapsed,
        e.TenderPriorityMarked: _priority,
        e.TenderPriorityWithdrawn: _no_priority,
        e.ContractTerminated: _terminated,
        e.EquipmentDisposed: _equipment,
        e.TerminationGroundLost: _ground,
        e.TerminationGroundRestored: _ground,
        e.ContractReinstated: _reinstated,
        e.ContractEnded: _ended,
    },
)
