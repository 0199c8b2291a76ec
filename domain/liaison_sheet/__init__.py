"""A liaison sheet (信息联络处理单, QR-019-02): one department turns to another, is answered, and closes it (R15.6)."""

from domain.kernel import CommandSpec, Decider, Text
from domain.liaison_sheet import handlers
from domain.liaison_sheet import messages as m
from domain.liaison_sheet.state import LiaisonSheetState, deadlines, evolve

__all__ = ["LIAISON_SHEET", "LiaisonSheetState"]

LIAISON_SHEET = Decider(
    noun="liaison_sheet",
    plural="liaison-sheets",
    title=Text(zh="信息联络处理单", en="liaison sheet"),
    state=LiaisonSheetState,
    statuses=("issued", "answered", "closed"),
    commands=(
        CommandSpec(
            command=m.IssueLiaison,
            handler=handlers.issue,
            permission="liaison_sheet.issue_liaison",
            summary=Text(zh="签发联络单", en="Turn to another department"),
            clause="R15.6",
            creates=True,
        ),
        CommandSpec(
            command=m.AnswerLiaison,
            handler=handlers.answer,
            permission="liaison_sheet.answer_liaison",
            summary=Text(zh="答复联络单", en="Answer it"),
            clause="R15.6",
        ),
        CommandSpec(
            command=m.ReturnAnswer,
            handler=handlers.return_answer,
            permission="liaison_sheet.return_answer",
            summary=Text(zh="退回答复", en="Ask for another answer"),
            clause="R15.6",
        ),
        CommandSpec(
            command=m.CloseLiaison,
            handler=handlers.close,
            permission="liaison_sheet.close_liaison",
            summary=Text(zh="关闭联络单", en="Close it"),
            clause="R15.6",
        ),
        CommandSpec(
            command=m.LapseAnswer,
            handler=handlers.lapse,
            permission="liaison_sheet.lapse_answer",
            summary=Text(zh="答复逾期", en="The answer is overdue"),
            clause="R15.6",
            audience="internal",
        ),
    ),
    events=(m.LiaisonIssued, m.LiaisonAnswered, m.AnswerReturned, m.AnswerOverdue, m.LiaisonClosed),
    evolve=evolve,
    deadlines=deadlines,
)
