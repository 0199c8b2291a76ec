"""A nonconformity (不合格): found, corrected, verified or reopened, and who answers for it (R12, R14, R15)."""

from domain.commanding import Commands
from domain.kernel import Decider, Text
from domain.nonconformity import commands as c
from domain.nonconformity import correcting, finding
from domain.nonconformity import events as e
from domain.nonconformity.state import NonconformityState, deadlines, evolve

__all__ = ["NONCONFORMITY", "NonconformityState"]

_spec = Commands(noun="nonconformity")

NONCONFORMITY = Decider(
    noun="nonconformity",
    plural="nonconformities",
    title=Text(zh="不合格项", en="nonconformity"),
    state=NonconformityState,
    statuses=("open", "planned", "done", "effective"),
    commands=(
        _spec(c.RaiseNonconformity, finding.raise_by_hand, "登记不合格", "Record one", "R15.5.1.3.1", creates=True),
        _spec(
            c.RaiseFromSource,
            finding.raise_from_source,
            "由来源转入",
            "Something else found one",
            "R15.5.1.3.1",
            opens=True,
            audience="internal",
        ),
        _spec(
            c.RecordIssue,
            finding.record,
            "检查发现问题",
            "An issue is found",
            "R12.5.4",
            opens=True,
            audience="internal",
        ),
        _spec(c.RecordTelling, correcting.tell, "通知责任人", "Say who was told", "R12.5.4"),
        _spec(c.CorrectOnTheSpot, correcting.correct, "现场改正", "Correct at once", "R12.5.3.3"),
        _spec(c.PlanCorrection, correcting.plan, "制定整改计划", "Plan the correction", "R12.5.3.3"),
        _spec(c.ReportDone, correcting.done, "报告整改完成", "Report it corrected", "R12.5.3.3"),
        _spec(c.VerifyCorrection, correcting.verify, "复查评价", "Inspect again", "R12.5.3.5"),
        _spec(c.HandleOverdue, correcting.handle, "逾期处理", "Handle what is overdue", "R12.5.3.5"),
        _spec(c.AddAction, correcting.add_action, "纠正、预防措施", "Take an action", "R15.5.1.3.1"),
        _spec(c.CompleteAction, correcting.complete_action, "措施完成", "An action was taken", "R15.5.1.3.1"),
        _spec(c.DecideLiability, correcting.decide, "责任处理", "Set the handling", "R12.5.4"),
        _spec(c.ApproveLiability, correcting.approve, "批准责任处理", "Approve the handling", "R12.5.4"),
        _spec(
            c.LapseCorrection,
            correcting.lapse_correction,
            "整改逾期",
            "The correction is overdue",
            "R12.5.3.5",
            audience="internal",
        ),
        _spec(
            c.LapseVerification,
            correcting.lapse_verification,
            "复查逾期",
            "The re-inspection is overdue",
            "R12.5.3.5",
            audience="internal",
        ),
    ),
    events=(
        e.NonconformityRaised,
        e.IssueFound,
        e.IssueFoundAgain,
        e.LiabilityFound,
        e.TellingRecorded,
        e.CorrectedOnTheSpot,
        e.CorrectionPlanned,
        e.CorrectionDone,
        e.CorrectionVerified,
        e.CorrectionReopened,
        e.CorrectionOverdue,
        e.VerificationOverdue,
        e.OverdueHandled,
        e.ActionAdded,
        e.ActionCompleted,
        e.LiabilityDecided,
        e.LiabilityApproved,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
