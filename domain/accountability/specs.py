"""The commands of an accountability case: what each is called, and which function decides it."""

from collections.abc import Callable

from domain.accountability import aftermath as a
from domain.accountability import (
    clocks,
    intake,
    merging,
    naming,
    procedure,
    recusing,
    rederiving,
    resolving,
    reviewing,
    serving,
)
from domain.accountability import commands as c
from domain.commanding import Commands
from domain.kernel import Command, CommandSpec, Event

_spec = Commands(noun="accountability_case", on_time=clocks.acting)


def _internal(
    command: type[Command], handler: Callable[..., tuple[Event, ...]], zh: str, en: str, clause: str
) -> CommandSpec:
    """A command that reactions and deadlines send."""
    return _spec(command, handler, zh, en, clause, audience="internal")


COMMANDS: tuple[CommandSpec, ...] = (
    _spec(c.ReportMatter, intake.report, "实名举报", "Report a matter in one's own name", "R4.12", creates=True),
    _spec(c.RegisterMatter, intake.register, "受理登记", "Take a matter in as the office", "R4.13", creates=True),
    _spec(
        c.ReportAnonymously,
        intake.report_anonymously,
        "匿名举报",
        "Report without an account",
        "R4.12",
        creates=True,
        audience="public",
    ),
    _spec(
        c.TakeOverComplaint,
        intake.take_over,
        "接收移送的投诉",
        "Take in a referred complaint",
        "R4.13",
        creates=True,
        audience="internal",
    ),
    _spec(c.AddInformation, intake.add, "补充材料", "Add information", "R4.12"),
    _spec(
        c.AddInformationByReceipt,
        intake.add_by_receipt,
        "凭回执补充材料",
        "Add information by receipt",
        "R4.12",
        audience="public",
    ),
    _spec(c.AnswerReporter, intake.answer, "答复举报人", "Write to the reporter", "R4.12"),
    _spec(c.NameRespondent, naming.name, "列为问责对象", "Name a respondent", "R4.6"),
    _spec(c.RecordRelative, naming.record_relative, "登记近亲属", "Record a relative", "R4.21"),
    _spec(c.LinkHandledCase, naming.link, "关联被反映的案件", "Name the case whose handling is at issue", "R4.23"),
    _spec(c.RecordVerification, procedure.verify, "初步核实", "Record the preliminary verification", "R4.14"),
    _spec(c.ProposeAccountability, procedure.propose, "提出书面建议", "Propose to the leading group", "R4.14"),
    _spec(c.DecideInitiation, procedure.decide_initiation, "决定是否提起问责", "Decide on initiation", "R4.14"),
    _spec(c.FormTeam, procedure.form_team, "组成调查组", "Form the investigation team", "R4.14"),
    _spec(c.RequestExtension, procedure.request_extension, "申请延长调查", "Ask for more time", "R4.16"),
    _spec(c.DecideExtension, procedure.decide_extension, "审批延长调查", "Decide on more time", "R4.16"),
    _spec(c.RecordObstruction, procedure.record_obstruction, "记录妨碍调查", "Record an obstruction", "R4.15"),
    _spec(
        c.SubmitInvestigationReport,
        procedure.submit_report,
        "提交调查报告",
        "Hand in the investigation report",
        "R4.16",
    ),
    _spec(
        c.GiveOpinion, procedure.give_opinion, "提出处理意见和审理报告", "Give the opinion and hearing report", "R4.14"
    ),
    _spec(c.Resolve, resolving.resolve, "形成决议", "Resolve the case", "R4.7"),
    _spec(c.DeclareRecusal, recusing.declare, "自行回避", "Withdraw from the case", "R4.21"),
    _spec(c.RequestRecusal, recusing.request, "申请他人回避", "Ask that another withdraw", "R4.21"),
    _spec(c.DecideRecusal, recusing.decide, "决定回避申请", "Decide on a request for recusal", "R4.21"),
    _spec(c.OrderRecusal, recusing.order, "责令回避", "Order a recusal", "R4.21"),
    _spec(c.RequestMerge, merging.request, "申请并案", "Have the case merged into another", "R4.14"),
    _spec(a.ServeDecision, serving.serve, "送达决定书", "Record the service of the decision", "R4.17"),
    _spec(a.FileWithPersonnel, serving.file, "人事备案", "File with personnel", "R4.19"),
    _spec(a.RequestReview, reviewing.request, "申请复核", "Ask for a review", "R4.18"),
    _spec(a.DecideReview, reviewing.decide, "复核决定", "Decide a review", "R4.18"),
    _spec(a.RecordExecution, serving.execute, "记录执行", "Record a step of execution", "R4.5"),
    _spec(a.CloseCase, serving.close, "结案", "Close the case", "R4.14"),
    _internal(c.OfferMerge, merging.offer, "并案征询", "Offer a case to be taken in", "R4.14"),
    _internal(c.ConcludeMerge, merging.conclude, "并案答复", "Conclude a merger", "R4.14"),
    _internal(c.LapseMerge, merging.lapse, "并案无答复", "Let a merger lapse", "R4.14"),
    _internal(c.TellHandlers, merging.tell_handlers, "查询经办人员", "Tell who handled the case", "R4.23"),
    _internal(c.BarHandlers, merging.bar_handlers, "经办人员回避", "Bar the handlers of the case at issue", "R4.23"),
    _internal(c.BarAccused, merging.bar_accused, "被追究人员回避", "Bar who answers for handling it", "R4.23"),
    _internal(a.RemindStage, clocks.remind, "期限催办", "Remind of a limit", "R4.14"),
    _internal(a.LapseStage, clocks.lapse, "期限届满", "Let a limit lapse", "R4.14"),
    _internal(
        a.RederiveStages,
        rederiving.rederive,
        "日历公布后重新计算期限",
        "Count anew what rested on an unknown year",
        "R4.14",
    ),
    _internal(a.EscalateStage, clocks.escalate, "逾期上报", "Tell the next level", "R4.11"),
)
