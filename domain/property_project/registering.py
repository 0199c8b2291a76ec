"""How a project answers for its contract, its rosters and the months it opens."""

from collections import Counter
from datetime import date

from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import first_day, month_of
from domain.property_project.commands import (
    DrawRepresentatives,
    OpenMonth,
    RegisterProject,
    ReplaceRoster,
    ReviseProject,
)
from domain.property_project.events import (
    MonthOpened,
    ProjectRegistered,
    ProjectRevised,
    RepresentativesDrawn,
    RosterReplaced,
)
from domain.property_project.guards import must_be_active, opened_month
from domain.property_project.lots import METHOD, Group, draw, roster_digest
from domain.property_project.state import PropertyProjectState, Roster
from domain.rules import r14

LONGEST_CONTRACT_DAYS = 30 * 366
"""Bounds the months that consequences count through."""


def register(_: None, command: RegisterProject, __: Context) -> tuple[Event, ...]:
    """Enter a contract whose days are in order."""
    _days_in_order(command.contract_from, command.contract_to)
    if not month_of(command.contract_from) <= command.starts_month <= month_of(command.contract_to):
        raise Refusal(
            "starts_outside_contract",
            zh="首个考核月不在合同期内",
            en="The first month to assess lies outside the contract.",
            kind="value",
            field="starts_month",
        )
    return (
        ProjectRegistered(
            name=command.name,
            contractor=command.contractor,
            agreed_deposit_fen=command.agreed_deposit_fen,
            contract_from=command.contract_from,
            contract_to=command.contract_to,
            starts_month=command.starts_month,
        ),
    )


def revise(state: PropertyProjectState, command: ReviseProject, _: Context) -> tuple[Event, ...]:
    """Correct names and last day; a month already opened stays within the contract."""
    must_be_active(state)
    _days_in_order(state.contract_from, command.contract_to)
    latest = max((*state.months, state.starts_month))
    if month_of(command.contract_to) < latest:
        raise Refusal(
            "month_beyond_contract",
            zh=f"合同不得早于{latest}结束",
            en=f"The contract can not end before {latest}.",
            kind="value",
            field="contract_to",
        )
    return (ProjectRevised(name=command.name, contractor=command.contractor, contract_to=command.contract_to),)


def replace_roster(state: PropertyProjectState, command: ReplaceRoster, _: Context) -> tuple[Event, ...]:
    """Replace a group's roster, in which each code stands once."""
    must_be_active(state)
    twice = sorted(code for code, times in Counter(person.code for person in command.people).items() if times > 1)
    if twice:
        raise Refusal(
            "duplicate_code",
            zh="名册中编号重复",
            en="A code stands in the roster twice.",
            clause="R14.4",
            kind="value",
            field="people",
            details={"codes": twice[:20]},
        )
    standing = state.rosters.get(command.group)
    return (
        RosterReplaced(
            group=command.group,
            version=1 if standing is None else standing.version + 1,
            people=command.people,
            sha256=roster_digest((person.code, person.name) for person in command.people),
        ),
    )


def open_month(state: PropertyProjectState, command: OpenMonth, context: Context) -> tuple[Event, ...]:
    """Open a month of the contract that has begun, once, by the rules in force on its first day (R14.6)."""
    must_be_active(state)
    month = command.month
    if month in state.months:
        raise Refusal("month_opened", zh=f"{month}已开启考核", en=f"{month} was opened already.", clause="R14.3")
    if not state.starts_month <= month <= month_of(state.contract_to):
        raise Refusal(
            "month_outside_contract",
            zh=f"{month}不在合同考核期内",
            en=f"{month} is not a month to assess under this contract.",
            kind="value",
            field="month",
        )
    if month > month_of(context.today):
        raise Refusal(
            "month_in_future", zh=f"{month}尚未开始", en=f"{month} has not begun.", kind="value", field="month"
        )
    return (
        MonthOpened(
            month=month,
            assessment_id=derived_id(context.own_id(), "assessment", month),
            project_name=state.name,
            contractor=state.contractor,
            rule_version=r14.in_force(context, first_day(month)).version,
        ),
    )


def draw_representatives(
    state: PropertyProjectState, command: DrawRepresentatives, context: Context
) -> tuple[Event, ...]:
    """Draw as many of each group as the month's rules say; a second time only for a reason (R14.4)."""
    must_be_active(state)
    month = opened_month(state, command.month)
    if month.result is not None:
        raise Refusal("month_recorded", zh="该月已有结果", en="The month has its result.", clause="R14.4")
    if month.drawn is not None and command.reason is None:
        raise Refusal(
            "already_drawn",
            zh="代表已抽取；重新抽取须说明理由",
            en="Lots were drawn; drawing again needs a reason.",
            clause="R14.4",
            field="reason",
        )
    rules = r14.version(context, month.rule_version).values
    seed = command.seed or context.entropy.hex()
    staff, students = (
        _roster(state, "staff", rules.staff_representatives),
        _roster(state, "students", rules.student_representatives),
    )
    return (
        RepresentativesDrawn(
            month=month.month,
            seed=seed,
            seed_given=command.seed is not None,
            method=METHOD,
            staff=draw(seed, month.month, "staff", _codes(staff), rules.staff_representatives),
            students=draw(seed, month.month, "students", _codes(students), rules.student_representatives),
            staff_roster_version=staff.version,
            staff_roster_size=len(staff.people),
            staff_roster_sha256=staff.sha256,
            student_roster_version=students.version,
            student_roster_size=len(students.people),
            student_roster_sha256=students.sha256,
            redraw_reason=command.reason if month.drawn is not None else None,
            rule_version=month.rule_version,
        ),
    )


def _codes(roster: Roster) -> tuple[str, ...]:
    return tuple(person.code for person in roster.people)


def _roster(state: PropertyProjectState, group: Group, wanted: int) -> Roster:
    roster = state.rosters.get(group) or Roster(version=0, people=(), sha256=roster_digest(()))
    if wanted and not roster.people:
        raise Refusal(
            "roster_missing",
            zh="教职工名册为空" if group == "staff" else "学生名册为空",
            en=f"The roster of {group} is empty.",
            clause="R14.4",
            details={"group": group},
        )
    return roster


def _days_in_order(first: date, last: date) -> None:
    if not 0 < (last - first).days <= LONGEST_CONTRACT_DAYS:
        raise Refusal(
            "contract_period",
            zh="合同的终止日必须晚于起始日，且不超过三十年",
            en="A contract ends after it begins, and within thirty years.",
            kind="value",
            field="contract_to",
        )
