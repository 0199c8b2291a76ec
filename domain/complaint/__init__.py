"""A complaint (投诉) under R11.2: taken in, worked on, signed, answered; timed, escalated and fined when late."""

from collections.abc import Callable
from typing import Any

from domain.complaint import closing, events, limits, lodging, rederiving, referring, waiting, working
from domain.complaint import commands as c
from domain.complaint.evolve import evolve
from domain.complaint.state import ComplaintState, deadlines
from domain.kernel import Audience, Command, CommandSpec, Decider, Text, command_name

__all__ = ["COMPLAINT", "ComplaintState"]

_Answer = Callable[..., tuple[Any, ...]]


def _spec(  # noqa: PLR0913 - what a command is known by
    command: type[Command],
    handler: _Answer,
    zh: str,
    en: str,
    clause: str,
    *,
    creates: bool = False,
    audience: Audience = "member",
) -> CommandSpec:
    """A command; one that members send to a complaint finds recorded what time has done to it by then."""
    on_time = audience != "member" or creates
    return CommandSpec(
        command=command,
        handler=handler if on_time else limits.timely(handler),
        permission=f"complaint.{command_name(command)}",
        summary=Text(zh=zh, en=en),
        clause=clause,
        creates=creates,
        audience=audience,
    )


COMPLAINT = Decider(
    noun="complaint",
    plural="complaints",
    title=lodging.TITLE,
    state=ComplaintState,
    statuses=(
        "lodged",
        "assigned",
        "working",
        "proposed",
        "signed",
        "answered",
        "settled",
        "withdrawn",
        "unfounded",
    ),
    commands=(
        _spec(c.LodgeComplaint, lodging.lodge, "填写投诉单", "Lodge a complaint", "R11.2.1", creates=True),
        _spec(
            c.ReportAnonymously,
            lodging.report_anonymously,
            "匿名投诉",
            "Complain without an account",
            "R0.3",
            creates=True,
            audience="public",
        ),
        _spec(c.AddByReceipt, lodging.add_by_receipt, "凭回执补充", "Add by receipt", "R0.3", audience="public"),
        _spec(c.RateByReceipt, lodging.rate_by_receipt, "凭回执评价", "Rate by receipt", "R0.3", audience="public"),
        _spec(c.WriteToReporter, lodging.write_to_reporter, "回复匿名投诉人", "Write to the reporter", "R0.3"),
        _spec(c.AssignComplaint, working.assign, "指派", "Make somebody responsible", "R11.2.2"),
        _spec(c.StartWork, working.start_work, "开始处理", "Take it up", "R11.2.1"),
        _spec(c.RecordProgress, working.record_progress, "记录进展", "Note what has been done", "R11.2.4"),
        _spec(c.ConsultDepartment, working.consult, "会商", "Ask a department", "R11.2.1"),
        _spec(c.ReplyToConsultation, working.reply, "会商答复", "Answer for a department", "R11.2.1"),
        _spec(c.EscalateComplaint, working.escalate, "逐级上报", "Put it before the next level", "R11.2.3"),
        _spec(c.InstructComplaint, working.instruct, "批示", "Instruct from above", "R11.2.3"),
        _spec(c.ProposeSolution, working.propose, "提出解决办法", "Propose a solution", "R11.2.4"),
        _spec(c.SignByDepartment, working.sign, "部门签字", "Sign for a department", "R11.2.4"),
        _spec(c.AnswerCustomer, working.answer, "答复客户", "Answer the complainant", "R11.2.1"),
        _spec(c.PromiseDate, waiting.promise, "约定解决日期", "Record the promised date", "R11.2.2"),
        _spec(c.PauseComplaint, waiting.pause, "等待客户", "Wait for the customer", "R11.2.1"),
        _spec(c.ResumeComplaint, waiting.resume, "恢复处理", "Go on", "R11.2.1"),
        _spec(c.AttributeLateness, waiting.attribute, "落实逾期责任", "Name who answers for lateness", "R11.2.2"),
        _spec(c.SettleComplaint, closing.settle, "办结", "Settle", "R11.2.1"),
        _spec(c.RateComplaint, closing.rate, "录入客户评价", "Enter the customer's rating", "R11.2.4"),
        _spec(c.ReopenComplaint, closing.reopen, "重新受理", "Reopen", "R11.2.4"),
        _spec(c.WithdrawComplaint, closing.withdraw, "撤回", "Withdraw", "R11.2.1"),
        _spec(c.CloseUnfounded, closing.close_unfounded, "投诉不成立", "Close as unfounded", "R11.2.1"),
        _spec(c.UpholdComplaint, closing.uphold, "投诉成立并计入考核", "Uphold against a project", "R14.2.3"),
        _spec(c.OverturnUpheld, closing.overturn, "撤销投诉成立", "Overturn what was upheld", "R14.2.3"),
        _spec(c.ReferToAccountability, referring.refer, "移送问责", "Refer to the accountability office", "R4.13"),
        _spec(c.LapseLimit, limits.lapse_limit, "期限届满", "Let the limit lapse", "R11.2.2", audience="internal"),
        _spec(c.LapseReminder, limits.lapse_reminder, "催办", "Remind", "R11.2.1", audience="internal"),
        _spec(
            c.LapseEscalation,
            limits.lapse_escalation,
            "到时上报",
            "Tell the next level",
            "R11.2.3",
            audience="internal",
        ),
        _spec(
            c.RederiveLimits,
            rederiving.rederive,
            "日历公布后重新计算期限",
            "Count anew what rested on an unknown year",
            "R11.2.1",
            audience="internal",
        ),
        _spec(c.LapsePause, limits.lapse_pause, "等待期满", "Let a pause lapse", "R11.2.1", audience="internal"),
    ),
    events=(
        events.ComplaintLodged,
        events.InformationAdded,
        events.ReporterWritten,
        events.ComplaintAssigned,
        events.WorkStarted,
        events.ProgressRecorded,
        events.DepartmentConsulted,
        events.ConsultationReplied,
        events.ComplaintEscalated,
        events.ComplaintInstructed,
        events.SolutionProposed,
        events.DepartmentSigned,
        events.DepartmentDeclined,
        events.CustomerAnswered,
        events.DatePromised,
        events.ComplaintPaused,
        events.ComplaintResumed,
        events.LimitsRederived,
        events.ComplaintReminded,
        events.ComplaintLate,
        events.ComplaintFined,
        events.ComplaintSettled,
        events.ComplaintRated,
        events.ComplaintReopened,
        events.ComplaintWithdrawn,
        events.ComplaintUnfounded,
        events.ComplaintUpheldAgainstProject,
        events.UpheldOverturned,
        events.ComplaintReferred,
    ),
    evolve=evolve,
    deadlines=deadlines,
    sealed=frozenset({"receipt_hash"}),
    day_only=lodging.day_only,
)
