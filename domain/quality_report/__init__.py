"""A service quality report (服务质量报告) of a month or a year: compiled, approved, supervised (R15.5.1.3)."""

from uuid import UUID

from domain.commanding import Commands
from domain.kernel import Decider, Text, derived_id
from domain.quality_report import commands as c
from domain.quality_report import events as e
from domain.quality_report import handlers, supervising
from domain.quality_report.state import QualityReportState, deadlines, evolve

__all__ = ["QUALITY_REPORT", "QualityReportState", "report_id"]


def report_id(tenant: UUID, kind: str, period: str) -> UUID:
    """The stream of the report of a period."""
    return derived_id(tenant, "quality_report", kind, period)


_spec = Commands(noun="quality_report", clause="R15.5.1.3.2")

QUALITY_REPORT = Decider(
    noun="quality_report",
    plural="quality-reports",
    title=Text(zh="服务质量报告", en="service quality report"),
    state=QualityReportState,
    statuses=("drafting", "submitted", "approved"),
    commands=(
        _spec(c.CompileReport, handlers.compile_report, "编制报告", "Compile a report", opens=True, own_route=True),
        _spec(c.WriteReport, handlers.write, "撰写报告", "Write what the figures do not say"),
        _spec(c.AddMeasure, handlers.add_measure, "提出措施", "Propose a measure"),
        _spec(c.DropMeasure, handlers.drop_measure, "删除措施", "Take a measure out"),
        _spec(c.SubmitReport, handlers.submit, "报送审批", "Submit the report"),
        _spec(c.ApproveReport, handlers.approve, "批准报告", "Approve the report"),
        _spec(c.ReturnReport, handlers.send_back, "退回报告", "Return the report"),
        _spec(c.CompleteMeasure, supervising.complete, "措施完成", "A measure was taken"),
        _spec(c.VerifyMeasure, supervising.verify, "验证措施", "Look at a measure's effect"),
        _spec(c.LapseMeasure, supervising.lapse, "措施逾期", "A measure is overdue", audience="internal"),
    ),
    events=(
        e.ReportCompiled,
        e.ReportWritten,
        e.MeasureAdded,
        e.MeasureDropped,
        e.ReportSubmitted,
        e.ReportApproved,
        e.ReportReturned,
        e.MeasureCompleted,
        e.MeasureVerified,
        e.MeasureReopened,
        e.MeasureOverdue,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
