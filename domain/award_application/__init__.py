"""An application for an external award (评优申报): self-checked, applied for, decided, filed (R15.5.1.4)."""

from domain.award_application import handlers
from domain.award_application import messages as m
from domain.award_application.state import AwardApplicationState, evolve
from domain.commanding import Commands
from domain.kernel import Decider, Text

__all__ = ["AWARD_APPLICATION", "AwardApplicationState"]

_spec = Commands(noun="award_application", clause="R15.5.1.4")

AWARD_APPLICATION = Decider(
    noun="award_application",
    plural="award-applications",
    title=Text(zh="评优申报", en="application for an award"),
    state=AwardApplicationState,
    statuses=("checking", "ready", "applied", "decided", "filed", "withdrawn"),
    commands=(
        _spec(m.PrepareApplication, handlers.prepare, "拟申报评优", "Aim at an award", creates=True),
        _spec(m.CheckItem, handlers.check_item, "自检", "Check an item"),
        _spec(m.CompleteCheck, handlers.complete, "自检完成", "End the self-check"),
        _spec(m.SubmitApplication, handlers.submit, "申报", "Apply"),
        _spec(m.RecordResult, handlers.record, "登记评审结果", "Record the result"),
        _spec(m.FileApplication, handlers.put_on_file, "归档", "Put it on file"),
        _spec(m.WithdrawApplication, handlers.withdraw, "撤回申报", "Not go on with it"),
        _spec(m.ClearProblem, handlers.clear, "问题销项", "A problem is corrected", audience="internal"),
    ),
    events=(
        m.ApplicationPrepared,
        m.ItemChecked,
        m.ProblemCleared,
        m.CheckCompleted,
        m.ApplicationSubmitted,
        m.ResultRecorded,
        m.ApplicationFiled,
        m.ApplicationWithdrawn,
    ),
    evolve=evolve,
)
