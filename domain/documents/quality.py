"""The papers of quality monitoring (R15.6): liaison sheet, monthly and annual report, assessment of goals."""

from datetime import date
from decimal import Decimal

import msgspec

from domain.appraisal import Appraisal
from domain.documents.sheet import Box, Contents, Grid, Kind, Passage, Person, Row, Sheet, chinese_date
from domain.kernel import Text
from domain.quality_terms import DepartmentFigures, Direction

_COMPILED, _APPROVED = Text("编制人", "Compiled by"), Text("总经理", "General manager")
_MEASURES = {"corrective": "纠正", "preventive": "预防", "improvement": "改进"}
_PARTS = (Text("目标", "Goals"), Text("自查", "Sheets"), Text("履职", "Duties"))
_DIRECTIONS = {"at_least": "≥", "at_most": "≤"}


class LiaisonPaper(Contents, frozen=True, kw_only=True, tag="liaison_sheet"):
    """One department's matter with another, as it was settled (QR-019-02)."""

    from_department: str
    to_department: str
    subject: str
    content: str
    issued_on: date
    issued_by: Person
    answer: str
    answered_on: date | None
    answered_by: Person | None
    late: bool
    evaluation: str


class PrintedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as the report orders it."""

    kind: str
    department: str
    action: str
    person: Person
    due_on: date


class MonthlyReport(Contents, frozen=True, kw_only=True, tag="monthly_quality_report"):
    """A month's service quality, as it was approved (QR-019-03)."""

    period: str
    figures: tuple[DepartmentFigures, ...]
    achievements: str
    problems: str
    causes: str
    measures: tuple[PrintedMeasure, ...]
    compiled_by: Person
    approved_by: Person
    approved_on: date
    remark: str


class AnnualReport(Contents, frozen=True, kw_only=True, tag="annual_quality_report"):
    """A year's service quality with the appraisal of each department, as it was approved (QR-019-04)."""

    period: str
    figures: tuple[DepartmentFigures, ...]
    appraisals: tuple[Appraisal, ...]
    achievements: str
    problems: str
    causes: str
    measures: tuple[PrintedMeasure, ...]
    compiled_by: Person
    approved_by: Person
    approved_on: date
    remark: str


class PrintedGoal(msgspec.Struct, frozen=True, kw_only=True):
    """A goal's period; no value where it was not measured."""

    indicator: str
    unit: str
    period: str
    direction: Direction
    target: Decimal
    weight: Decimal
    value: Decimal | None
    achieved: bool | None


class GoalAssessment(Contents, frozen=True, kw_only=True, tag="goal_assessment"):
    """A department's goals of a period beside what they came to (QR-019-05)."""

    department: str
    period: str
    goals: tuple[PrintedGoal, ...]
    achieved_percent: Decimal | None
    evaluation: str
    assessed_by: Person
    assessed_on: date


def _liaison(held: LiaisonPaper) -> Sheet:
    answered = "—" if held.answered_on is None else chinese_date(held.answered_on) + ("（逾期）" if held.late else "")
    return Sheet(
        addressee=held.to_department,
        rows=(
            Row(Text("表单", "Form"), "QR-019-02"),
            Row(Text("发出部门", "From"), held.from_department),
            Row(Text("受理部门", "To"), held.to_department),
            Row(Text("事由", "Subject"), held.subject),
            Row(Text("签发日期", "Issued"), chinese_date(held.issued_on)),
            Row(Text("答复日期", "Answered"), answered),
        ),
        passages=(
            Passage(Text("联络内容", "Content"), held.content),
            Passage(Text("处理结果", "Answer"), held.answer or "—"),
            Passage(Text("评价", "Evaluation"), held.evaluation or "—"),
        ),
        boxes=(
            Box(Text("签发人", "Issued by"), held.issued_by.shown),
            Box(Text("受理人", "Answered by"), held.answered_by.shown if held.answered_by else ""),
        ),
        sealed=False,
    )


def _monthly(held: MonthlyReport) -> Sheet:
    return Sheet(
        rows=(Row(Text("表单", "Form"), "QR-019-03"), Row(Text("报告月份", "Month"), held.period)),
        grids=tuple(
            grid
            for grid in (_sheets_grid(held.figures), _goals_grid(held.figures), _measures_grid(held.measures))
            if grid.lines
        ),
        passages=_passages(held),
        boxes=(Box(_COMPILED, held.compiled_by.shown), Box(_APPROVED, held.approved_by.shown)),
    )


def _annual(held: AnnualReport) -> Sheet:
    columns = (
        Text("部门", "Department"),
        *_PARTS,
        Text("缺失次数", "Lapses"),
        Text("总分", "Points"),
        Text("等级", "Grade"),
    )
    lines = tuple(
        (
            one.department,
            *("—" if part.points is None else f"{part.points}/{part.full}" for part in one.parts),
            str(one.lapses),
            str(one.points),
            one.grade_zh,
        )
        for one in held.appraisals
    )
    return Sheet(
        rows=(Row(Text("表单", "Form"), "QR-019-04"), Row(Text("报告年度", "Year"), held.period)),
        grids=(
            Grid(Text("部门年终考评", "Appraisal of departments"), columns, lines),
            _sheets_grid(held.figures),
            _measures_grid(held.measures),
        ),
        passages=_passages(held),
        boxes=(Box(_COMPILED, held.compiled_by.shown), Box(_APPROVED, held.approved_by.shown)),
    )


def _assessment(held: GoalAssessment) -> Sheet:
    columns = (
        Text("指标", "Indicator"),
        Text("期间", "Period"),
        Text("目标", "Target"),
        Text("权重", "Weight"),
        Text("实际", "Actual"),
        Text("达成", "Achieved"),
    )
    lines = tuple(
        (
            f"{one.indicator}（{one.unit}）",
            one.period,
            f"{_DIRECTIONS[one.direction]}{one.target}",
            str(one.weight),
            "—" if one.value is None else str(one.value),
            _yes(one.achieved),
        )
        for one in held.goals
    )
    share = "—" if held.achieved_percent is None else f"{held.achieved_percent}%"
    return Sheet(
        addressee=held.department,
        rows=(
            Row(Text("表单", "Form"), "QR-019-05"),
            Row(Text("部门", "Department"), held.department),
            Row(Text("考核期间", "Period"), held.period),
            Row(Text("按权重达成率", "Achieved by weight"), share),
            Row(Text("考核日期", "Assessed"), chinese_date(held.assessed_on)),
        ),
        grids=(Grid(Text("目标与实际", "Goals and actuals"), columns, lines),),
        passages=(Passage(Text("考核意见", "Evaluation"), held.evaluation or "—"),),
        boxes=(
            Box(Text("考核人", "Assessed by"), held.assessed_by.shown),
            Box(Text("部门负责人", "Head of department")),
        ),
    )


def _sheets_grid(figures: tuple[DepartmentFigures, ...]) -> Grid:
    columns = (
        Text("部门", "Department"),
        Text("自查表", "Sheets"),
        Text("均分", "Mean"),
        Text("问题", "Problems"),
        Text("转办", "Raised"),
        Text("履职", "Met"),
        Text("缺失", "Lapses"),
        Text("未关闭", "Open"),
    )
    lines = tuple(
        (
            one.department,
            f"{one.filed}（迟{one.late}）" if one.late else str(one.filed),
            "—" if one.percent is None else str(one.percent),
            str(one.problems),
            str(one.raised),
            str(one.met),
            str(one.missed),
            str(one.issues_open),
        )
        for one in figures
    )
    return Grid(Text("部门检查与考评", "Sheets and duties"), columns, lines)


def _goals_grid(figures: tuple[DepartmentFigures, ...]) -> Grid:
    columns = (
        Text("部门", "Department"),
        Text("指标", "Indicator"),
        Text("期间", "Period"),
        Text("目标", "Target"),
        Text("实际", "Actual"),
        Text("达成", "Achieved"),
    )
    lines = tuple(
        (
            one.department,
            f"{goal.indicator}（{goal.unit}）",
            goal.period,
            f"{_DIRECTIONS[goal.direction]}{goal.target}",
            str(goal.value),
            _yes(goal.achieved),
        )
        for one in figures
        for goal in one.goals
    )
    return Grid(Text("质量目标完成情况", "Goals"), columns, lines)


def _measures_grid(measures: tuple[PrintedMeasure, ...]) -> Grid:
    columns = (
        Text("类别", "Kind"),
        Text("部门", "Department"),
        Text("措施", "Measure"),
        Text("责任人", "Person"),
        Text("完成日期", "Due"),
    )
    lines = tuple(
        (_MEASURES.get(one.kind, one.kind), one.department, one.action, one.person.shown, one.due_on.isoformat())
        for one in measures
    )
    return Grid(Text("纠正、预防与改进措施", "Measures"), columns, lines)


def _passages(held: MonthlyReport | AnnualReport) -> tuple[Passage, ...]:
    return (
        Passage(Text("成绩", "Results"), held.achievements),
        Passage(Text("存在问题", "Problems"), held.problems or "—"),
        Passage(Text("原因分析", "Causes"), held.causes or "—"),
        Passage(Text("审批意见", "Remark"), held.remark or "同意"),
    )


def _yes(achieved: bool | None) -> str:
    return "未测" if achieved is None else "达成" if achieved else "未达成"


QUALITY_KINDS = (
    Kind(
        name="liaison_sheet",
        code="联",
        title=Text("信息联络处理单", "Liaison sheet"),
        subject="liaison_sheet",
        clause="R15.6",
        contents=LiaisonPaper,
        sheet=_liaison,
    ),
    Kind(
        name="monthly_quality_report",
        code="质月",
        title=Text("月服务质量报告", "Monthly service quality report"),
        subject="quality_report",
        clause="R15.5.1.3.2",
        contents=MonthlyReport,
        sheet=_monthly,
    ),
    Kind(
        name="annual_quality_report",
        code="质年",
        title=Text("年服务质量报告", "Annual service quality report"),
        subject="quality_report",
        clause="R15.5.1.3.3",
        contents=AnnualReport,
        sheet=_annual,
    ),
    Kind(
        name="goal_assessment",
        code="标",
        title=Text("工作目标考核表", "Assessment of goals"),
        subject="quality_goal",
        clause="R15.5.1.1",
        contents=GoalAssessment,
        sheet=_assessment,
    ),
)
