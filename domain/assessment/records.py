"""How findings, complaints and incidents are recorded, corrected and struck."""

from decimal import Decimal
from uuid import UUID

from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.guards import bounded, item_of, not_closed, rules_of, with_reassessment, within_month
from domain.assessment.state import AssessmentState, Finding
from domain.kernel import Context, Event, Refusal

MAX_FINDINGS = 5_000
MAX_COMPLAINTS = 2_000
MAX_INCIDENTS = 100


def record_finding(state: AssessmentState, command: c.RecordFinding, context: Context) -> tuple[Event, ...]:
    """Record a finding on an item; a minor one is ordered to be corrected."""
    not_closed(state)
    rules = rules_of(state, context)
    content, item = item_of(rules, command.item_code)
    within_month(state, command.found_on, context, "found_on")
    bounded(len(state.findings) + 1, MAX_FINDINGS, "检查记录", "findings")
    if command.finding_ref is not None and any(one.ref == command.finding_ref for one in state.findings.values()):
        raise Refusal(
            "finding_ref_taken",
            zh="该编号的检查记录已存在",
            en="A finding of this reference is recorded already.",
            kind="value",
            field="finding_ref",
        )
    finding_id = context.new_id("finding")
    recorded = e.FindingRecorded(
        finding_id=finding_id,
        content=content.code,
        item_code=item.code,
        item_zh=item.zh,
        item_en=item.en,
        count=command.count,
        deduction=item.deduction,
        points=item.points,
        found_on=command.found_on,
        department=command.department,
        note=command.note,
        evidence=command.evidence,
        finding_ref=command.finding_ref,
        rule_version=state.rule_version,
    )
    if not command.minor:
        return (recorded,)
    due_on = context.calendar.add_days(context.today, rules.minor_correction_days)
    ordered = e.FindingCorrectionOrdered(
        finding_id=finding_id,
        due_on=due_on,
        due_at=context.calendar.end_of_day(due_on),
        rule_version=state.rule_version,
    )
    return recorded, ordered


def confirm_corrected(
    state: AssessmentState, command: c.ConfirmFindingCorrected, context: Context
) -> tuple[Event, ...]:
    """Confirm a correction, also after the month is closed or the time has passed."""
    finding = _standing_finding(state, command.finding_id)
    if finding.due_at is None or finding.correction == "done":
        raise Refusal(
            "no_correction_due", zh="该问题没有待整改", en="No correction of this finding is due.", clause="R14.2.4"
        )
    return (
        e.FindingCorrected(
            finding_id=command.finding_id,
            corrected_on=context.today,
            late=context.now >= finding.due_at,
            note=command.note,
        ),
    )


def lapse_correction(state: AssessmentState, command: c.LapseFindingCorrection, context: Context) -> tuple[Event, ...]:
    """Note that a correction was not made in time."""
    finding = _standing_finding(state, command.finding_id)
    if finding.due_at is None or finding.correction != "due":
        raise Refusal(
            "no_correction_due", zh="该问题没有待整改", en="No correction of this finding is due.", clause="R14.2.4"
        )
    if context.now < finding.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R14.2.4")
    return (e.FindingCorrectionLapsed(finding_id=command.finding_id, due_at=finding.due_at),)


def overturn_finding(state: AssessmentState, command: c.OverturnFinding, context: Context) -> tuple[Event, ...]:
    """Strike a finding; a closed month is scored anew."""
    _standing_finding(state, command.finding_id)
    struck = e.FindingOverturned(finding_id=command.finding_id, reason=command.reason)
    return with_reassessment(state, struck, command.reason, context)


def uphold_complaint(state: AssessmentState, command: c.RecordUpheldComplaint, context: Context) -> tuple[Event, ...]:
    """Count a justified complaint, once for each reference, also after the month is closed."""
    if command.complaint_ref in state.complaints:
        raise Refusal(
            "complaint_counted",
            zh="该投诉已计入",
            en="This complaint has been counted already.",
            clause="R14.2.3",
            kind="value",
            field="complaint_ref",
        )
    rules = rules_of(state, context)
    content, item = item_of(rules, command.item_code)
    bounded(len(state.complaints) + 1, MAX_COMPLAINTS, "投诉", "complaints")
    upheld = e.ComplaintUpheld(
        complaint_ref=command.complaint_ref,
        content=content.code,
        item_code=item.code,
        item_zh=item.zh,
        item_en=item.en,
        count=command.count,
        deducted=rules.complaint_multiplier * item.deduction * Decimal(command.count),
        note=command.note,
        rule_version=state.rule_version,
    )
    return with_reassessment(state, upheld, command.note, context)


def overturn_complaint(state: AssessmentState, command: c.OverturnComplaint, context: Context) -> tuple[Event, ...]:
    """Strike a complaint; a closed month is scored anew."""
    complaint = state.complaints.get(command.complaint_ref)
    if complaint is None:
        raise _unknown("complaint", "投诉", "complaint_ref")
    if complaint.overturned:
        raise _struck("complaint", "投诉")
    struck = e.ComplaintOverturned(complaint_ref=command.complaint_ref, reason=command.reason)
    return with_reassessment(state, struck, command.reason, context)


def record_incident(state: AssessmentState, command: c.RecordVetoIncident, context: Context) -> tuple[Event, ...]:
    """Record an incident of the month, also after it is closed."""
    within_month(state, command.happened_on, context, "happened_on")
    bounded(len(state.incidents) + 1, MAX_INCIDENTS, "否决事项", "incidents")
    if command.kind == "leader_document" and command.document_no is None:
        raise Refusal(
            "document_required",
            zh="院级领导批评须有书面文件的文号",
            en="Criticism by a college leader counts in a written document; its number is needed.",
            clause="R14.2.4",
            kind="value",
            field="document_no",
        )
    if command.kind != "accident" and (command.loss_fen or command.casualties):
        raise Refusal(
            "not_an_accident",
            zh="仅安全事故记录损失与伤亡",
            en="Only an accident has a loss or casualties.",
            clause="R14.2.4",
            kind="value",
            field="loss_fen" if command.loss_fen else "casualties",
        )
    recorded = e.VetoIncidentRecorded(
        incident_id=context.new_id("incident"),
        kind=command.kind,
        happened_on=command.happened_on,
        description=command.description,
        loss_fen=command.loss_fen,
        casualties=command.casualties,
        document_no=command.document_no,
    )
    return with_reassessment(state, recorded, command.description, context)


def overturn_incident(state: AssessmentState, command: c.OverturnVetoIncident, context: Context) -> tuple[Event, ...]:
    """Strike an incident; a closed month is scored anew."""
    incident = state.incidents.get(command.incident_id)
    if incident is None:
        raise _unknown("incident", "否决事项", "incident_id")
    if incident.overturned:
        raise _struck("incident", "否决事项")
    struck = e.VetoIncidentOverturned(incident_id=command.incident_id, reason=command.reason)
    return with_reassessment(state, struck, command.reason, context)


def _standing_finding(state: AssessmentState, finding_id: UUID) -> Finding:
    finding = state.findings.get(finding_id)
    if finding is None:
        raise _unknown("finding", "检查记录", "finding_id")
    if finding.overturned:
        raise _struck("finding", "检查记录")
    return finding


def _unknown(what: str, zh: str, field: str) -> Refusal:
    return Refusal(
        f"{what}_unknown", zh=f"没有这一{zh}", en=f"The month has no such {what}.", kind="value", field=field
    )


def _struck(what: str, zh: str) -> Refusal:
    return Refusal(f"{what}_overturned", zh=f"该{zh}已撤销", en=f"This {what} has been overturned already.")
