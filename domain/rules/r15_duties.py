"""The duties that R15 lays on departments: daily sheets, last month's sheets at the month's start, the reports."""

from datetime import date, timedelta

from domain.cadence import Cadence
from domain.calendar import Calendar
from domain.duty_terms import Terms
from domain.kernel import Text
from domain.periods import first_day, last_day, next_month
from domain.rules.r15 import R15Rules

SHEET, SUBMISSION, REPORT, ANNUAL = "r15.sheet", "r15.submission", "r15.report", "r15.annual"


def duties_of(rules: R15Rules, rule_version: int, *, compiles: bool) -> tuple[Terms, ...]:
    """What a department owes under a version of the rules; the one that compiles owes the reports too."""
    owed = (_sheet(rules, rule_version), _submission(rules, rule_version))
    return (*owed, _report(rules, rule_version), _annual(rules, rule_version)) if compiles else owed


def due_on(month: str, working_day: int, rules: R15Rules, calendar: Calendar) -> date:
    """The last day on which what follows a month is in time, by the reading of when a month starts."""
    first, last = first_day(next_month(month)), last_day(next_month(month))
    if rules.start_of_month == "whole_month":
        return last
    return min(last, calendar.add_working_days(first - timedelta(days=1), working_day))


def _monthly(rules: R15Rules, working_day: int) -> Cadence:
    return Cadence(kind="monthly", working_day=working_day if rules.start_of_month == "working_day" else 0)


def _sheet(rules: R15Rules, rule_version: int) -> Terms:
    return Terms(
        kind=SHEET,
        title=Text("部门每日自查", "Daily self-check of the department"),
        clause="R15.5.1.3.1",
        rule_version=rule_version,
        readings={"R15.5.1.3.1.rest_day": rules.rest_day},
        cadence=Cadence(kind="daily", rest_days=rules.rest_day),
        ladder=rules.lapse_ladder,
    )


def _submission(rules: R15Rules, rule_version: int) -> Terms:
    return Terms(
        kind=SUBMISSION,
        title=Text("上报上月自查表", "Submission of last month's sheets"),
        clause="R15.5.1.3.2",
        rule_version=rule_version,
        readings={"R15.5.1.3.2.start_of_month": rules.start_of_month},
        cadence=_monthly(rules, rules.submission_working_day),
        ladder=rules.lapse_ladder,
    )


def _report(rules: R15Rules, rule_version: int) -> Terms:
    return Terms(
        kind=REPORT,
        title=Text("编制月度服务质量报告", "Monthly service quality report"),
        clause="R15.5.1.3.2",
        rule_version=rule_version,
        readings={"R15.5.1.3.2.start_of_month": rules.start_of_month},
        cadence=_monthly(rules, rules.report_working_day),
        ladder=rules.report_ladder,
    )


def _annual(rules: R15Rules, rule_version: int) -> Terms:
    return Terms(
        kind=ANNUAL,
        title=Text("编制年度服务质量报告", "Annual service quality report"),
        clause="R15.5.1.3.3",
        rule_version=rule_version,
        cadence=Cadence(kind="yearly", working_day=rules.annual_working_day),
        ladder=rules.report_ladder,
    )
