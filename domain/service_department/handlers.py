"""How a department is registered with its duties, turns from month to month, and ends (R15.5.1.3)."""

from datetime import date, datetime, time
from uuid import UUID

from domain.duty_terms import Holder
from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import first_day, month_of, next_month
from domain.quality_terms import SheetFrame, senseless
from domain.rules.r15 import R15Rules, in_force
from domain.rules.r15_duties import ANNUAL, REPORT, SHEET, SUBMISSION, due_on, duties_of
from domain.rules.r15_parts import Item
from domain.rules.versions import InForce
from domain.service_department import messages as m
from domain.service_department.state import ServiceDepartmentState

AHEAD_DAYS = 31
CLAUSE = "R15.5.1.3.1"
HEAD, COMPILER = "department", "quality_department"
"""The roles in which a department's head, and whoever compiles the reports, owe what they owe."""


def register(_: None, command: m.RegisterDepartment, context: Context) -> tuple[Event, ...]:
    """Register a department; its duties open with the first day, or the first month and year, that it owes."""
    if not 0 <= (command.begins_on - context.today).days <= AHEAD_DAYS:
        raise senseless(
            "begins_out_of_bounds",
            f"须自今天起{AHEAD_DAYS}天之内开始",
            f"It begins today or within {AHEAD_DAYS} days.",
            "begins_on",
            CLAUSE,
        )
    _must_stand_once(command.items)
    found = in_force(context, command.begins_on)
    month = month_of(command.begins_on)
    duties = tuple(
        m.OpenedDuty(
            duty_id=duty_id(context.own_id(), terms.kind),
            terms=terms,
            holder=_holder(terms.kind, command.head),
            begins_on=_begins(terms.kind, command.begins_on),
        )
        for terms in duties_of(found.values, found.version, compiles=command.compiles)
    )
    return (
        m.DepartmentRegistered(
            name=command.name,
            head=command.head,
            keepers=command.keepers,
            projects=command.projects,
            items=command.items,
            compiles=command.compiles,
            begins_on=command.begins_on,
            duties=duties,
            frame=_frame(command, month, found, context),
            turns_at=_turns_at(month, context),
            rule_version=found.version,
        ),
    )


def revise(state: ServiceDepartmentState, command: m.ReviseDepartment, context: Context) -> tuple[Event, ...]:
    """State it anew; the sheets of this month go on within the new frame, another head takes the duties over."""
    _must_be_active(state)
    _must_stand_once(command.items)
    found = in_force(context, max(first_day(state.month), state.begins_on))
    handed = tuple(
        m.ChangedDuty(duty_id=one.duty_id, holder=_holder(one.terms.kind, command.head))
        for one in state.duties
        if command.head != state.head and one.terms.kind in (SHEET, SUBMISSION)
    )
    return (
        m.DepartmentRevised(
            name=command.name,
            head=command.head,
            keepers=command.keepers,
            projects=command.projects,
            items=command.items,
            handed=handed,
            frame=_frame(command, state.month, found, context),
            rule_version=found.version,
        ),
    )


def apply_rules(state: ServiceDepartmentState, _: m.ApplyRules, context: Context) -> tuple[Event, ...]:
    """What the rules of today change; nothing new is nothing."""
    _must_be_active(state)
    found = in_force(context, context.today)
    asked = {terms.kind: terms for terms in duties_of(found.values, found.version, compiles=state.compiles)}
    changed = tuple(
        m.ChangedDuty(duty_id=one.duty_id, terms=asked[one.terms.kind])
        for one in state.duties
        if asked[one.terms.kind] != one.terms
    )
    return (m.DepartmentRulesApplied(changed=changed, rule_version=found.version),) if changed else ()


def turn_month(state: ServiceDepartmentState, command: m.TurnMonth, context: Context) -> tuple[Event, ...]:
    """The month is over, the next one's sheets begin under the rules in force on its first day."""
    if state.status != "active" or command.month != state.month:
        raise Refusal("nothing_due", zh="没有这一到期事项", en="Nothing of the kind is due.", clause=CLAUSE)
    if context.now < state.turns_at:
        raise Refusal("not_due_yet", zh="本月尚未结束", en="The month is not over yet.", clause=CLAUSE)
    month = next_month(state.month)
    found = in_force(context, first_day(month))
    rules = found.values
    return (
        m.MonthTurned(
            frame=_frame(state, month, found, context),
            turns_at=_turns_at(month, context),
            submit_by=due_on(state.month, rules.submission_working_day, rules, context.calendar),
            report_by=due_on(state.month, rules.report_working_day, rules, context.calendar)
            if state.compiles
            else None,
            rule_version=found.version,
        ),
    )


def close(state: ServiceDepartmentState, command: m.CloseDepartment, _: Context) -> tuple[Event, ...]:
    """End it with its duties."""
    _must_be_active(state)
    return (m.DepartmentClosed(reason=command.reason, ended=tuple(one.duty_id for one in state.duties)),)


def duty_id(department: UUID, kind: str) -> UUID:
    """The stream of a department's duty of a kind."""
    return derived_id(department, "duty", kind)


def _frame(
    asked: m.RegisterDepartment | m.ReviseDepartment | ServiceDepartmentState,
    month: str,
    found: InForce[R15Rules],
    context: Context,
) -> SheetFrame:
    rules, own = found.values, context.own_id()
    return SheetFrame(
        department_id=own,
        department=asked.name,
        month=month,
        head=asked.head,
        keepers=asked.keepers,
        projects=asked.projects,
        items=asked.items or rules.sheet_items,
        grades=rules.sheet_grades,
        sheet_duty=duty_id(own, SHEET),
        submission_duty=duty_id(own, SUBMISSION),
        submit_by=due_on(month, rules.submission_working_day, rules, context.calendar),
        readings={
            "R15.5.1.3.1.rest_day": rules.rest_day,
            "R15.5.1.3.2.start_of_month": rules.start_of_month,
        },
        rule_version=found.version,
    )


def _turns_at(month: str, context: Context) -> datetime:
    return context.calendar.at(first_day(next_month(month)), time.min)


def _holder(kind: str, head: UUID) -> Holder:
    """Sheets are owed by the department's head, reports by whoever is of the quality department."""
    return Holder(role=COMPILER) if kind in (REPORT, ANNUAL) else Holder(role=HEAD, person=head)


def _begins(kind: str, day: date) -> date:
    """What is owed of the month or year before begins with the first that follows the first day."""
    if kind == ANNUAL:
        return date(day.year + 1, 1, 1)
    return day if kind == SHEET else first_day(next_month(month_of(day)))


def _must_be_active(state: ServiceDepartmentState) -> None:
    if state.status != "active":
        raise Refusal("department_closed", zh="该部门已撤销", en="The department is closed.", clause=CLAUSE)


def _must_stand_once(items: tuple[Item, ...]) -> None:
    codes = [item.code for item in items]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise senseless(
                "code_twice", f"代码 {code} 重复", f"The code {code} stands twice.", f"items[{place}]", CLAUSE
            )
