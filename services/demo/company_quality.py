"""From the company's file to steps: its departments, a sheet of each working day, each month's sheets submitted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import Calendar
from domain.kernel import derived_id
from domain.periods import first_day, month_of, next_month
from domain.quality_sheet import sheets_id
from services.demo.company import CompanyStory, DepartmentEntry
from services.demo.steps import Send

FILING, SUBMITTING = time(17, 10), time(16, 30)
SUBMITTED_ON = 2
"""The working day of a month on which the sheets of the last one are submitted."""


def quality_sends(story: CompanyStory, tenant: UUID, project: UUID, calendar: Calendar) -> Iterator[Send]:
    """What departments do about their own quality, but for the acts of the file."""
    registered = calendar.at(story.set_up_at.date(), time(15))
    for place, one in enumerate(story.departments):
        department = derived_id(tenant, "demo", "service_department", one.code)
        fields = {
            "name": one.name,
            "head": f"@{one.head}",
            "keepers": [f"@{one.keeper}"] if one.keeper != one.head else [],
            "projects": [project] if one.runs_project else [],
            "items": one.items,
            "compiles": one.compiles,
            "begins_on": story.begins_on,
        }
        at = registered + place * timedelta(minutes=1)
        yield _send(at, story.quality, "service_department", department, "register_department", fields)
        yield from _sheets(story, one, department, calendar)


def _sheets(story: CompanyStory, one: DepartmentEntry, department: UUID, calendar: Calendar) -> Iterator[Send]:
    month = month_of(story.begins_on)
    while month <= month_of(story.ends_on):
        sheets, following = sheets_id(department, month), first_day(next_month(month))
        day = max(first_day(month), story.begins_on)
        while day < following:
            if calendar.is_working_day(day) and day not in one.missed:
                fields = {"day": day, "results": _results(one, day)}
                yield _send(calendar.at(day, FILING), one.keeper, "quality_sheet", sheets, "file_sheet", fields)
            day += timedelta(days=1)
        submitted = calendar.add_working_days(following - timedelta(days=1), SUBMITTED_ON)
        if submitted <= story.ends_on:
            at = calendar.at(submitted, SUBMITTING)
            yield _send(at, one.keeper, "quality_sheet", sheets, "submit_sheets", {"remarks": one.remarks})
        month = next_month(month)


def _results(one: DepartmentEntry, day: date) -> list[dict[str, Any]]:
    """A result of each item; what the file says went wrong was corrected the same day."""
    wrong = {problem.item: problem for problem in one.problems if problem.on == day}
    results = []
    for item in one.items:
        problem = wrong.get(item["code"])
        if problem is None:
            results.append({"item": item["code"], "grade": "conforming"})
        else:
            noted = {"note": problem.note, "handling": "corrected", "correction": problem.correction}
            results.append({"item": item["code"], "grade": problem.grade, **noted})
    return results


def _send(  # noqa: PLR0913, PLR0917 - what a step is
    at: datetime, by: str, noun: str, stream: UUID, command: str, fields: dict[str, Any]
) -> Send:
    return Send(at=at, by=by, noun=noun, stream=stream, command=command, fields=fields, at_once=True)
