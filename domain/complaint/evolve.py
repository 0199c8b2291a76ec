"""Folding a complaint's events into its state."""

from typing import Any

from msgspec.structs import replace

from domain.complaint import events as e
from domain.complaint.state import ComplaintState, Pause, Signature, UpheldMark
from domain.folding import Evolve, folding

_State = ComplaintState


def _lodged(event: e.ComplaintLodged) -> _State:
    return ComplaintState(
        status="lodged",
        complainant=event.complainant,
        kind=event.kind,
        subject=event.subject,
        description=event.description,
        place=event.place,
        project_id=event.project_id,
        departments=event.departments,
        lodged_on=event.lodged_on,
        rule_version=event.rule_version,
        receipt_hash=event.receipt_hash,
        receipt_until=event.receipt_until,
        limit=event.limit,
        next_level=event.next_level,
        kind_zh=event.kind_zh,
        lodged_by=event.lodged_by,
    )


def _assigned(state: _State, event: e.ComplaintAssigned) -> _State:
    status = "assigned" if state.status == "lodged" else state.status
    return replace(state, status=status, responsible=event.responsible, joint=event.joint)


def _consulted(state: _State, event: e.DepartmentConsulted) -> _State:
    named = event.concerned and event.department not in state.departments
    departments = (*state.departments, event.department) if named else state.departments
    return replace(state, departments=departments, consulted={**state.consulted, event.department: False})


def _replied(state: _State, event: e.ConsultationReplied) -> _State:
    return replace(state, consulted={**state.consulted, event.department: True})


def _escalated(state: _State, event: e.ComplaintEscalated) -> _State:
    awaited = state.instruction_awaited or event.cause == "asked"
    return replace(state, level=event.level, next_level=event.next_level, instruction_awaited=awaited)


def _proposed(state: _State, event: e.SolutionProposed) -> _State:
    return replace(state, status="proposed", solution=event.solution, signatures={})


def _signed(state: _State, event: e.DepartmentSigned) -> _State:
    signature = Signature(signed_by=event.signed_by, comment=event.comment)
    signatures = {**state.signatures, event.department: signature}
    return replace(state, status="signed" if event.complete else state.status, signatures=signatures)


def _promised(state: _State, event: e.DatePromised) -> _State:
    return replace(state, promised_for=event.promised_for, limit=event.limit, next_level=event.next_level)


def _paused(state: _State, event: e.ComplaintPaused) -> _State:
    pause = Pause(paused_at=event.paused_at, ends_at=event.ends_at, clock_stops=event.clock_stops)
    return replace(state, pause=pause)


def _resumed(state: _State, event: e.ComplaintResumed) -> _State:
    return replace(state, pause=None, limit=event.limit, next_level=event.next_level)


def _reminded(state: _State, event: e.ComplaintReminded) -> _State:
    if state.limit is None:
        return state
    sent = (event.signal, event.before_minutes)
    left = tuple(one for one in state.limit.reminders if (one.signal, one.before_minutes) != sent)
    return replace(state, limit=replace(state.limit, reminders=left))


def _late(state: _State, event: e.ComplaintLate) -> _State:
    owed = event.counts and not event.attributed and not state.fined
    return replace(
        state,
        limit=None,
        late=(*state.late, event.ground),
        late_on=state.late_on if state.fine_owed else event.due_on,
        fine_owed=state.fine_owed or owed,
    )


def _closed(state: _State, status: str, **changes: Any) -> _State:
    return replace(state, status=status, limit=None, next_level=None, pause=None, instruction_awaited=False, **changes)


def _reopened(state: _State, event: e.ComplaintReopened) -> _State:
    return replace(
        state,
        status="lodged" if state.responsible is None else "assigned",
        round=event.round,
        limit=event.limit,
        next_level=event.next_level,
        level=0,
        consulted={},
        solution=None,
        signatures={},
        answer=None,
        promised_for=None,
        late=(),
        late_on=None,
        fine_owed=False,
        fined=False,
        rating=None,
        reopen_until=None,
    )


def _upheld(state: _State, event: e.ComplaintUpheldAgainstProject) -> _State:
    mark = UpheldMark(
        complaint_ref=event.complaint_ref,
        project_id=event.project_id,
        month=event.month,
        item_code=event.item_code,
        count=event.count,
    )
    return replace(state, upheld=mark, times_upheld=state.times_upheld + 1)


evolve: Evolve[ComplaintState] = folding(
    "a complaint",
    begins={e.ComplaintLodged: _lodged},
    steps={
        e.InformationAdded: lambda s, _: replace(s, additions=s.additions + 1),
        e.ReporterWritten: lambda s, _: replace(s, messages=s.messages + 1),
        e.ComplaintAssigned: _assigned,
        e.WorkStarted: lambda s, _: replace(s, status="working"),
        e.ProgressRecorded: lambda s, _: s,
        e.DepartmentConsulted: _consulted,
        e.ConsultationReplied: _replied,
        e.ComplaintEscalated: _escalated,
        e.ComplaintInstructed: lambda s, _: replace(s, instruction_awaited=False),
        e.SolutionProposed: _proposed,
        e.DepartmentSigned: _signed,
        e.DepartmentDeclined: lambda s, _: replace(s, status="working", solution=None, signatures={}),
        e.CustomerAnswered: lambda s, event: replace(s, status="answered", answer=event.answer),
        e.DatePromised: _promised,
        e.ComplaintPaused: _paused,
        e.ComplaintResumed: _resumed,
        e.LimitsRederived: lambda s, event: replace(s, limit=event.limit, next_level=event.next_level),
        e.ComplaintReminded: _reminded,
        e.ComplaintLate: _late,
        e.ComplaintFined: lambda s, _: replace(s, fined=True, fine_owed=False),
        e.ComplaintSettled: lambda s, event: _closed(s, "settled", reopen_until=event.reopen_until),
        e.ComplaintRated: lambda s, event: replace(s, rating=event.score),
        e.ComplaintReopened: _reopened,
        e.ComplaintWithdrawn: lambda s, _: _closed(s, "withdrawn"),
        e.ComplaintUnfounded: lambda s, event: _closed(s, "unfounded", reopen_until=event.reopen_until),
        e.ComplaintUpheldAgainstProject: _upheld,
        e.ComplaintReferred: lambda s, event: replace(s, accountability_case=event.case_id),
        e.UpheldOverturned: lambda s, _: replace(s, upheld=None),
    },
)
