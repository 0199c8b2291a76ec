"""Quality monitoring: reports that await approval or come back, measures and answers that are overdue (R15.5.1)."""

from domain.kernel import Cause, Text
from domain.liaison_sheet import LiaisonSheetState
from domain.liaison_sheet import messages as m
from domain.notices.notice import Notice, NoticeRule, short
from domain.quality_report import QualityReportState
from domain.quality_report import events as e
from domain.service_department import ServiceDepartmentState
from domain.service_department import messages as s

REPORT, LIAISON = "quality_report", "liaison_sheet"
MANAGER, COMPILER = "general_manager", "quality_department"


def due(event: s.MonthTurned, cause: Cause, state: ServiceDepartmentState) -> tuple[Notice, ...]:
    """A department's head, who submits last month's sheets; and whoever compiles, of the report."""
    found = []
    if event.submit_by is not None:
        found.append(
            Notice(
                persons=(state.head,),
                subject=Text(
                    f"上月自查表请于 {event.submit_by} 前上报", f"Submit last month's sheets by {event.submit_by}"
                ),
                body=Text(
                    f"{state.name}上月自查表请于 {event.submit_by} 前上报质量管理部。",
                    f"Last month's self-check sheets go to the quality department by {event.submit_by}.",
                ),
                clause="R15.5.1.3.2",
                noun="service_department",
                stream_id=cause.stream_id,
            )
        )
    if event.report_by is not None:
        found.append(
            Notice(
                roles=(COMPILER,),
                subject=Text(
                    f"上月服务质量报告请于 {event.report_by} 前报送", f"Submit last month's report by {event.report_by}"
                ),
                body=Text(
                    f"上月服务质量报告请于 {event.report_by} 前编制并报送总经理。",
                    f"Last month's service quality report goes to the general manager by {event.report_by}.",
                ),
                clause="R15.5.1.3.2",
                noun="service_department",
                stream_id=cause.stream_id,
            )
        )
    return tuple(found)


def submitted(event: e.ReportSubmitted, cause: Cause, _: QualityReportState) -> tuple[Notice, ...]:
    """The general manager, who approves it or returns it."""
    return (
        Notice(
            roles=(MANAGER,),
            subject=Text(f"{event.period} 服务质量报告待审批", f"The report of {event.period} awaits approval"),
            body=Text(
                f"{event.period} 服务质量报告已报送，请审批。",
                f"The service quality report of {event.period} was submitted; approve it or return it.",
            ),
            clause=event.clause,
            noun=REPORT,
            stream_id=cause.stream_id,
        ),
    )


def returned(event: e.ReportReturned, cause: Cause, state: QualityReportState) -> tuple[Notice, ...]:
    """Whoever compiled it."""
    return (
        Notice(
            persons=(event.compiled_by,),
            subject=Text(f"{state.period} 服务质量报告被退回", f"The report of {state.period} was returned"),
            body=Text(
                f"{state.period} 服务质量报告被退回，请按理由修改后重新报送。",
                f"The service quality report of {state.period} was returned; see the reasons and submit it again.",
            ),
            clause=event.clause,
            noun=REPORT,
            stream_id=cause.stream_id,
        ),
    )


def approved(event: e.ReportApproved, cause: Cause, _: QualityReportState) -> tuple[Notice, ...]:
    """Each who has a measure to take, with its day."""
    return tuple(
        Notice(
            persons=(one.person,),
            subject=Text(
                f"{event.period} 报告第 {one.number} 项措施由您负责",
                f"Measure {one.number} of the report of {event.period} is yours",
            ),
            body=Text(
                f"请于 {one.due_on} 前完成 {event.period} 报告第 {one.number} 项措施。",
                f"Take measure {one.number} of the report of {event.period} by {one.due_on}.",
            ),
            clause=event.clause,
            noun=REPORT,
            stream_id=cause.stream_id,
            due_at=one.due_at,
        )
        for one in event.measures
    )


def reopened(event: e.MeasureReopened, cause: Cause, state: QualityReportState) -> tuple[Notice, ...]:
    """Whose measure it is, which is to be taken anew."""
    return (
        Notice(
            persons=(state.measures[event.number].measure.person,),
            subject=Text(
                f"{state.period} 报告第 {event.number} 项措施须重新落实",
                f"Measure {event.number} of the report of {state.period} is to be taken anew",
            ),
            body=Text(
                f"{state.period} 报告第 {event.number} 项措施未见效，请于 {event.due_on} 前重新完成。",
                f"Measure {event.number} of the report of {state.period} had no effect; again by {event.due_on}.",
            ),
            clause=event.clause,
            noun=REPORT,
            stream_id=cause.stream_id,
            due_at=event.due_at,
        ),
    )


def measure_overdue(event: e.MeasureOverdue, cause: Cause, state: QualityReportState) -> tuple[Notice, ...]:
    """Whose measure it is, and the level that its delay has reached."""
    return (
        Notice(
            roles=(event.role,),
            persons=(event.person,),
            subject=Text(
                f"{state.period} 报告第 {event.number} 项措施逾期（第 {event.level} 级）",
                f"Measure {event.number} of the report of {state.period} is overdue, level {event.level}",
            ),
            body=Text(
                f"{state.period} 报告第 {event.number} 项措施应于 {event.due_on} 前完成，现已逾期。",
                f"Measure {event.number} of the report of {state.period} was due on {event.due_on}.",
            ),
            clause=event.clause,
            noun=REPORT,
            stream_id=cause.stream_id,
        ),
    )


def asked(event: m.LiaisonIssued | m.AnswerReturned, cause: Cause, state: LiaisonSheetState) -> tuple[Notice, ...]:
    """Whoever is to answer, until when."""
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=(state.addressee,),
            subject=Text(f"信息联络处理单 {ref} 待答复", f"Liaison sheet {ref} awaits your answer"),
            body=Text(
                f"请于 {event.answer_by} 前答复信息联络处理单 {ref}。",
                f"Answer liaison sheet {ref} by {event.answer_by}.",
            ),
            clause=event.clause,
            noun=LIAISON,
            stream_id=cause.stream_id,
            due_at=event.due_at,
        ),
    )


def answered(event: m.LiaisonAnswered, cause: Cause, state: LiaisonSheetState) -> tuple[Notice, ...]:
    """Whoever issued it."""
    ref = short(cause.stream_id)
    return (
        Notice(
            persons=(state.issued_by,),
            subject=Text(f"信息联络处理单 {ref} 已答复", f"Liaison sheet {ref} is answered"),
            body=Text(
                f"信息联络处理单 {ref} 已答复，请确认或退回。", f"Liaison sheet {ref} is answered; close or return it."
            ),
            clause=event.clause,
            noun=LIAISON,
            stream_id=cause.stream_id,
        ),
    )


def answer_overdue(event: m.AnswerOverdue, cause: Cause, state: LiaisonSheetState) -> tuple[Notice, ...]:
    """Whoever is to answer, whoever asked, and the quality department."""
    ref = short(cause.stream_id)
    return (
        Notice(
            roles=(COMPILER,),
            persons=(state.addressee, state.issued_by),
            subject=Text(f"信息联络处理单 {ref} 逾期未答复", f"Liaison sheet {ref} is unanswered"),
            body=Text(f"信息联络处理单 {ref} 未按期答复。", f"Liaison sheet {ref} was not answered in time."),
            clause=event.clause,
            noun=LIAISON,
            stream_id=cause.stream_id,
            due_at=event.due_at,
        ),
    )


NOTICES = (
    NoticeRule(name="quality_report_due", events=(s.MonthTurned,), make=due),
    NoticeRule(name="measure_reopened", events=(e.MeasureReopened,), make=reopened),
    NoticeRule(name="report_submitted", events=(e.ReportSubmitted,), make=submitted),
    NoticeRule(name="report_returned", events=(e.ReportReturned,), make=returned),
    NoticeRule(name="report_approved", events=(e.ReportApproved,), make=approved),
    NoticeRule(name="measure_overdue", events=(e.MeasureOverdue,), make=measure_overdue),
    NoticeRule(name="liaison_asked", events=(m.LiaisonIssued, m.AnswerReturned), make=asked),
    NoticeRule(name="liaison_answered", events=(m.LiaisonAnswered,), make=answered),
    NoticeRule(name="liaison_overdue", events=(m.AnswerOverdue,), make=answer_overdue),
)
