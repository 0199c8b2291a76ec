"""An accountability case on paper: the report, the decisions with proof of service, the reviews (R4.16 to R4.18)."""

from uuid import UUID

from domain.accountability import AccountabilityCaseState
from domain.accountability.events import CaseResolved, InvestigationReported
from domain.accountability.events_after import DecisionServed, ReviewDecided
from domain.accountability.words import Verdict
from domain.documents.accountability import (
    AccountabilityDecision,
    Holding,
    InvestigationReport,
    ProofOfService,
    ReviewDecision,
    Service,
)
from domain.documents.sheet import Person
from domain.kernel import Cause, Dispatch, Reaction
from domain.reactions.drawing import Form, document_id, drawing


def draw_report(event: InvestigationReported, cause: Cause, case: AccountabilityCaseState) -> tuple[Dispatch, ...]:
    """The team's report, with its cover (R4.16)."""
    team = case.team
    contents = InvestigationReport(
        case_id=cause.stream_id,
        matter=case.matter,
        respondents=tuple(party.respondent.name for party in case.parties.values()),
        leader=None if team is None else Person(id=team.leader),
        members=() if team is None else tuple(Person(id=member) for member in team.members),
        report=event.report,
        evidence=event.evidence,
        late=event.late,
    )
    command = drawing(Form(contents, case.rule_version), cause.stream_id, cause.stream_version)
    return (Dispatch("document", document_id("investigation_report", cause.stream_id, cause.stream_version), command),)


def draw_decisions(event: CaseResolved, cause: Cause) -> tuple[Dispatch, ...]:
    """For everybody held accountable the decision, and the proof of service to be signed (R4.17)."""
    return tuple(
        dispatch
        for verdict in event.verdicts
        if verdict.outcome == "accountable"
        for dispatch in (_decision(event, verdict, cause), _proof_to_sign(event, verdict, cause))
    )


def draw_proof(event: DecisionServed, cause: Cause, case: AccountabilityCaseState) -> tuple[Dispatch, ...]:
    """The proof as it was recorded, in place of the one that was to be signed (R4.17)."""
    assert case.decided_on is not None
    respondent = event.respondent_id
    contents = ProofOfService(
        case_id=cause.stream_id,
        respondent=event.respondent.name,
        matter=case.matter,
        decision_id=_of_respondent("accountability_decision", cause, respondent),
        decided_on=case.decided_on,
        service=Service(
            received_on=event.received_on,
            received_by=event.received_by,
            method=event.method,
            proof=event.proof,
            late=event.late,
            review_until=event.review_until,
            served_by=Person(id=event.by),
        ),
    )
    to_sign = _of_respondent("proof_of_service", cause, respondent)
    command = drawing(Form(contents, event.rule_version), cause.stream_id, cause.stream_version, replaces=to_sign)
    return (Dispatch("document", document_id("proof_of_service", cause.stream_id, respondent, to_sign), command),)


def draw_review(event: ReviewDecided, cause: Cause, case: AccountabilityCaseState) -> tuple[Dispatch, ...]:
    """What a review made of a decision (R4.18)."""
    labels = {form.code: form.zh for form in event.original.forms}
    contents = ReviewDecision(
        case_id=cause.stream_id,
        respondent=event.original.respondent.name,
        matter=case.matter,
        decision_id=_of_respondent("accountability_decision", cause, event.respondent_id),
        requested_on=event.requested_on,
        decided_on=event.decided_on,
        outcome=event.outcome,
        reason=event.reason,
        original=_holding(event.original),
        holding=None if event.verdict is None else _holding(event.verdict),
        in_force_meanwhile=tuple(labels.get(code, code) for code in event.in_force_meanwhile),
    )
    command = drawing(
        Form(contents, event.rule_version), cause.stream_id, cause.stream_version, readings=event.readings
    )
    return (Dispatch("document", _of_respondent("review_decision", cause, event.respondent_id), command),)


def _decision(event: CaseResolved, verdict: Verdict, cause: Cause) -> Dispatch:
    contents = AccountabilityDecision(
        case_id=cause.stream_id,
        respondent=verdict.respondent.name,
        unit=verdict.respondent.kind == "unit",
        matter=event.matter,
        grounds=tuple(ground.zh for ground in event.grounds),
        holding=_holding(verdict),
        body=event.body,
        decided_on=event.decided_on,
        review_days=event.review_days,
    )
    form = Form(contents, event.rule_version)
    command = drawing(form, cause.stream_id, cause.stream_version, readings=verdict.readings)
    return Dispatch("document", _of_respondent("accountability_decision", cause, verdict.respondent.id), command)


def _proof_to_sign(event: CaseResolved, verdict: Verdict, cause: Cause) -> Dispatch:
    respondent = verdict.respondent
    contents = ProofOfService(
        case_id=cause.stream_id,
        respondent=respondent.name,
        matter=event.matter,
        decision_id=_of_respondent("accountability_decision", cause, respondent.id),
        decided_on=event.decided_on,
    )
    command = drawing(Form(contents, event.rule_version), cause.stream_id, cause.stream_version)
    return Dispatch("document", _of_respondent("proof_of_service", cause, respondent.id), command)


def _holding(verdict: Verdict) -> Holding:
    severity = verdict.severity_applied or verdict.severity
    attitude = None
    if verdict.attitude is not None:
        step = "从重" if verdict.attitude == "heavier" else "从轻"
        attitude = f"{step}：{verdict.attitude_reason or '—'}"
    return Holding(
        responsibility=None if verdict.responsibility is None else verdict.responsibility.zh,
        severity=None if severity is None else severity.zh,
        attitude=attitude,
        forms=tuple(form.zh for form in verdict.forms),
        reason=verdict.reason,
    )


def _of_respondent(kind: str, cause: Cause, respondent: UUID) -> UUID:
    """The document of a kind about one respondent of the case."""
    return document_id(kind, cause.stream_id, respondent)


REACTIONS = (
    Reaction(name="draw_report", events=(InvestigationReported,), react=draw_report, with_state=True),
    Reaction(name="draw_decisions", events=(CaseResolved,), react=draw_decisions),
    Reaction(name="draw_proof", events=(DecisionServed,), react=draw_proof, with_state=True),
    Reaction(name="draw_review", events=(ReviewDecided,), react=draw_review, with_state=True),
)
