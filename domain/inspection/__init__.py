"""An inspection (检查) within its plan: self-report, points, defence, coverage, log, review (R12.5.3, R12.6.1)."""

from domain.commanding import Commands
from domain.inspection import commands as c
from domain.inspection import events as e
from domain.inspection import handlers
from domain.inspection.state import InspectionState, evolve
from domain.kernel import Decider, Text

__all__ = ["INSPECTION", "InspectionState"]

_spec = Commands(noun="inspection")

INSPECTION = Decider(
    noun="inspection",
    plural="inspections",
    title=Text(zh="检查", en="inspection"),
    state=InspectionState,
    statuses=("planned", "under_way", "completed", "cancelled"),
    commands=(
        _spec(
            c.OpenInspection,
            handlers.open_inspection,
            "下达检查",
            "An inspection is planned",
            "R12.5.3",
            creates=True,
            audience="internal",
        ),
        _spec(c.BeginInspection, handlers.begin, "开始检查", "Go out and inspect", "R12.5.3"),
        _spec(c.HearSelfReport, handlers.hear, "听取自查汇报", "Hear the self-report", "R12.5.3"),
        _spec(c.RecordPoint, handlers.record, "记录检查结果", "Record a point", "R12.5.3.2"),
        _spec(c.StateDefence, handlers.defend, "陈述与申辩", "State a defence", "R12.5.3"),
        _spec(c.DecideDefence, handlers.decide, "复核申辩", "Decide a defence", "R12.5.3"),
        _spec(c.CompleteInspection, handlers.complete, "完成检查", "Complete it", "R12.5.1"),
        _spec(c.CancelInspection, handlers.cancel, "取消检查", "Cancel it", "R12.5.3"),
        _spec(c.ReviewRecord, handlers.review, "审阅日志、会签表单", "Review or countersign", "R12.5.1"),
        _spec(c.SpreadPractice, handlers.spread, "推广好经验", "Spread a good practice", "R12.5.3.3"),
    ),
    events=(
        e.InspectionOpened,
        e.InspectionBegun,
        e.SelfReportHeard,
        e.PointRecorded,
        e.DefenceStated,
        e.DefenceDecided,
        e.InspectionCompleted,
        e.InspectionCancelled,
        e.RecordReviewed,
        e.PracticeSpread,
    ),
    evolve=evolve,
)
