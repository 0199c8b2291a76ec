"""How a department keeps its sheets of a month and submits them (R15.5.1.3.1, R15.5.1.3.2)."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import last_day, month_of
from domain.quality_sheet import messages as m
from domain.quality_sheet.state import QualitySheetState
from domain.quality_terms import SheetFrame, forbidden, person_of, senseless, wrong_status

DAILY, MONTHLY = "R15.5.1.3.1", "R15.5.1.3.2"
CENT = Decimal("0.01")


def frame(state: QualitySheetState | None, command: m.FrameSheets, _: Context) -> tuple[Event, ...]:
    """Open the month's sheets, or go on within another frame; what was submitted stays as it is."""
    if state is None:
        return (m.SheetsOpened(frame=command.frame, rule_version=command.frame.rule_version),)
    if state.status == "submitted" or state.frame == command.frame:
        return ()
    return (m.SheetsReframed(frame=command.frame, rule_version=command.frame.rule_version),)


def file_sheet(state: QualitySheetState, command: m.FileSheet, context: Context) -> tuple[Event, ...]:
    """File a day of the month that has come, once."""
    person = _keeper(state, context)
    _must_be_open(state)
    framed = state.frame
    if month_of(command.day) != framed.month or command.day > context.today:
        raise senseless(
            "not_a_day_of_it", "日期不属于本月或尚未到来", "The day is not of the month or yet to come.", "day", DAILY
        )
    if command.day in state.sheets:
        raise Refusal("filed_already", zh="当日自查表已填报", en="The day's sheet is filed; amend it.", clause=DAILY)
    _must_be_complete(framed, command.results)
    return (
        m.SheetFiled(
            department_id=framed.department_id,
            department=framed.department,
            day=command.day,
            results=command.results,
            percent=mean(_percents(framed, command.results)),
            problems=len(_problems(framed, command.results)),
            raised=_raised(framed, command.day, command.results, (), context),
            evidence=command.evidence,
            late=command.day != context.today,
            filed_by=person,
            filed_at=context.now,
            head=framed.head,
            duty_id=framed.sheet_duty,
            rule_version=framed.rule_version,
        ),
    )


def amend(state: QualitySheetState, command: m.AmendSheet, context: Context) -> tuple[Event, ...]:
    """State a filed day anew; what was raised before stays raised."""
    person = _keeper(state, context)
    _must_be_open(state)
    sheet = state.sheets.get(command.day)
    if sheet is None:
        raise senseless("no_such_sheet", "当日尚无自查表", "No sheet of this day is filed.", "day", DAILY)
    framed = state.frame
    _must_be_complete(framed, command.results)
    return (
        m.SheetAmended(
            department_id=framed.department_id,
            department=framed.department,
            day=command.day,
            results=command.results,
            percent=mean(_percents(framed, command.results)),
            problems=len(_problems(framed, command.results)),
            raised=_raised(framed, command.day, command.results, sheet.raised, context),
            reason=command.reason,
            amended_by=person,
            filed_at=context.now,
            rule_version=framed.rule_version,
        ),
    )


def submit(state: QualitySheetState, command: m.SubmitSheets, context: Context) -> tuple[Event, ...]:
    """Submit the month once it is over; after the last day in time it is late, which the duty has recorded."""
    person = _keeper(state, context)
    _must_be_open(state)
    framed = state.frame
    if context.today <= last_day(framed.month):
        raise Refusal("month_not_over", zh="本月尚未结束", en="The month is not over yet.", clause=MONTHLY)
    sheets = state.sheets.values()
    return (
        m.SheetsSubmitted(
            department_id=framed.department_id,
            department=framed.department,
            month=framed.month,
            filed=len(sheets),
            filed_late=sum(sheet.late for sheet in sheets),
            percent=mean(sheet.percent for sheet in sheets) if sheets else None,
            problems=sum(sheet.problems for sheet in sheets),
            raised=sum(len(sheet.raised) for sheet in sheets),
            remarks=command.remarks,
            submit_by=framed.submit_by,
            late=context.today > framed.submit_by,
            submitted_by=person,
            submitted_at=context.now,
            head=framed.head,
            duty_id=framed.submission_duty,
            readings=framed.readings,
            rule_version=framed.rule_version,
        ),
    )


def mean(percents: Iterable[Decimal]) -> Decimal:
    """The mean of some percentages, to two decimals, half up."""
    found = list(percents)
    return (sum(found, Decimal(0)) / len(found)).quantize(CENT, ROUND_HALF_UP)


def _must_be_complete(framed: SheetFrame, results: tuple[m.Result, ...]) -> None:
    """Each item of the frame has one result, of a known grade; problems, and they alone, are handled."""
    items, grades = {item.code for item in framed.items}, {grade.code: grade for grade in framed.grades}
    seen: set[str] = set()
    for place, one in enumerate(results):
        field = f"results[{place}]"
        if one.item not in items or one.item in seen:
            raise senseless(
                "not_an_item", "检查项目不存在或重复", "No such item, or one stands twice.", f"{field}.item", DAILY
            )
        seen.add(one.item)
        grade = grades.get(one.grade)
        if grade is None:
            raise senseless("not_a_grade", "没有该结果等级", "There is no such grade.", f"{field}.grade", DAILY)
        if grade.problem != (one.handling is not None):
            raise senseless(
                "handling_senseless",
                "不合格项须选择处理方式，合格项不得选择",
                "A problem is handled, and nothing else is.",
                f"{field}.handling",
                DAILY,
            )
        if grade.problem and not one.note:
            raise senseless("problem_untold", "须说明问题", "Say what was found.", f"{field}.note", DAILY)
        if (one.handling == "corrected") != bool(one.correction):
            raise senseless(
                "correction_untold", "当场纠正的须说明措施", "Say what was corrected.", f"{field}.correction", DAILY
            )
    if seen != items:
        raise Refusal(
            "items_missing",
            zh="须填写全部检查项目",
            en="Every item needs its result.",
            clause=DAILY,
            kind="value",
            field="results",
            details={"missing": sorted(items - seen)},
        )


def _percents(framed: SheetFrame, results: tuple[m.Result, ...]) -> list[Decimal]:
    percents = {grade.code: grade.percent for grade in framed.grades}
    return [percents[one.grade] for one in results]


def _problems(framed: SheetFrame, results: tuple[m.Result, ...]) -> list[m.Result]:
    bad = {grade.code for grade in framed.grades if grade.problem}
    return [one for one in results if one.grade in bad]


def _raised(
    framed: SheetFrame, day: date, results: tuple[m.Result, ...], before: tuple[str, ...], context: Context
) -> tuple[m.Problem, ...]:
    names = {item.code: item.zh for item in framed.items}
    return tuple(
        m.Problem(
            nonconformity_id=nonconformity_id(context.own_id(), day, one.item),
            item=one.item,
            subject=names[one.item],
            note=one.note,
        )
        for one in results
        if one.handling == "nonconformity" and one.item not in before
    )


def nonconformity_id(sheets: UUID, day: date, item: str) -> UUID:
    """The stream of the nonconformity that an item of a day's sheet is followed up as."""
    return derived_id(sheets, "nonconformity", day, item)


def _keeper(state: QualitySheetState, context: Context) -> UUID:
    person = person_of(context, DAILY)
    if person not in (state.frame.head, *state.frame.keepers):
        raise forbidden(
            "not_a_keeper", "只能由本部门负责人或填表人办理", "Only the department's own people keep its sheets.", DAILY
        )
    return person


def _must_be_open(state: QualitySheetState) -> None:
    if state.status != "open":
        raise wrong_status(state.status, DAILY, "open")
