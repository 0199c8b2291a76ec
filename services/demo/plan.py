"""From the story to steps in the order of time: the monthly routine of every project, and the acts beside it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from domain.calendar import Calendar, known_years, statutory
from domain.kernel import derived_id
from domain.periods import first_day, last_day, next_month
from domain.rules.r14 import REGULATION, default_values
from services.anonymous.door import stream_of
from services.demo.centre_plan import centre_steps
from services.demo.company_plan import company_steps
from services.demo.steps import ImportFile, Send, Step
from services.demo.story import Act, MonthFiles, Organisation, Project
from services.imports import Kind

OPENING, DRAWING = time(9, 0), time(10, 0)
FINDINGS_IN, BALLOTS_IN = time(16, 0), time(17, 0)
RESULTS_FROM, CLOSING = time(9, 0), time(10, 0)
OF_COMPLAINT = "of:"
DRAWING_DAY, RESULTS_DAY, CLOSING_DAY = 5, 2, 5


Receipts = Mapping[str, str]
"""The hash of each receipt by its name in the story."""
NO_RECEIPTS: Receipts = {}


def project_id(tenant: UUID, project: Project) -> UUID:
    """The id under which a project of the demonstration is registered."""
    return derived_id(tenant, "demo", project.code)


def matter_id(tenant: UUID, noun: str, name: str, receipts: Receipts) -> UUID:
    """The id of a complaint or case that the story knows by a name; an anonymous one's follows from its receipt.

    A case out of a complaint is named after it, ``of:NAME``, for its id follows from the complaint's.
    """
    if noun == "accountability_case" and name.startswith(OF_COMPLAINT):
        return derived_id(matter_id(tenant, "complaint", name.removeprefix(OF_COMPLAINT), receipts), noun)
    if name in receipts:
        return stream_of(tenant, receipts[name])
    return derived_id(tenant, "demo", noun, name)


def steps(organisation: Organisation, tenant: UUID, receipts: Receipts) -> tuple[Step, ...]:
    """Everything that people of an organisation do, in the order of time; the same for the same files."""
    calendar = _calendar()
    found = [
        *_members(organisation, tenant, calendar),
        *(
            _act(act, tenant, None, calendar, receipts)
            for act in (*organisation.story.acts, *organisation.matters.acts)
        ),
    ]
    for project in organisation.projects:
        found += _project(project, tenant, calendar)
    if organisation.centre is not None:
        found += centre_steps(organisation.centre, tenant, lambda moment: calendar.at(moment.date(), moment.time()))
    if organisation.company is not None:
        found += company_steps(organisation.company, tenant, calendar)
    return tuple(sorted(found, key=lambda step: step.at))


def local(moment: datetime) -> datetime:
    """An instant of the story, which is told in the organisations' time."""
    return _calendar().at(moment.date(), moment.time())


def _calendar() -> Calendar:
    """The announced holidays, which both organisations use."""
    years = [statutory(year) for year in known_years()]
    return Calendar(
        holidays=frozenset[date]().union(*(holidays for holidays, _ in years)),
        makeup_days=frozenset[date]().union(*(makeup for _, makeup in years)),
    )


def _members(organisation: Organisation, tenant: UUID, calendar: Calendar) -> Iterator[Step]:
    """The administrator takes the others in; they themselves come with the organisation."""
    story = organisation.story
    opened = calendar.at(story.opened_at.date(), story.opened_at.time())
    for minutes, member in enumerate(story.members[1:], 1):
        yield Send(
            at=opened + timedelta(minutes=minutes),
            by=story.members[0].username,
            noun="organisation",
            stream=tenant,
            command="add_member",
            fields={
                "username": member.username,
                "display_name": member.name,
                "roles": member.roles,
                "department": member.department,
            },
        )


def _project(project: Project, tenant: UUID, calendar: Calendar) -> Iterator[Step]:
    story, stream = project.story, project_id(tenant, project)
    at = calendar.at(story.registered_at.date(), story.registered_at.time())

    def send(minutes: int, command: str, **fields: Any) -> Send:
        return Send(
            at=at + timedelta(minutes=minutes),
            by=story.registrar,
            noun="property_project",
            stream=stream,
            command=command,
            fields=fields,
        )

    yield send(
        0,
        "register_project",
        name=story.name,
        contractor=story.contractor,
        agreed_deposit_fen=story.agreed_deposit_fen,
        contract_from=story.contract_from,
        contract_to=story.contract_to,
        starts_month=project.months[0].month,
    )
    yield send(20, "replace_roster", group="staff", people=project.staff)
    yield send(25, "replace_roster", group="students", people=project.students)
    for month in project.months:
        yield from _opened(project, stream, month.month, calendar)
        yield from _month(project, stream, month, calendar)
    if story.open_after is not None:
        yield from _opened(project, stream, story.open_after, calendar)
    for act in story.acts:
        yield _act(act, tenant, stream, calendar)


def _opened(project: Project, stream: UUID, month: str, calendar: Calendar) -> Iterator[Step]:
    """The month is opened on its first working day, lots are drawn a little later."""
    first = first_day(month)
    for command, day, clock in (("open_month", 1, OPENING), ("draw_representatives", DRAWING_DAY, DRAWING)):
        yield Send(
            at=calendar.at(calendar.roll_forward(first.replace(day=day)), clock),
            by=project.story.assessor,
            noun="property_project",
            stream=stream,
            command=command,
            fields={"month": month},
        )


def _month(project: Project, stream: UUID, files: MonthFiles, calendar: Calendar) -> Iterator[Step]:
    """Files at the end of the month, results and the scorecard at the beginning of the next."""
    story, assessment = project.story, derived_id(stream, "assessment", files.month)
    following = first_day(next_month(files.month))
    gathered = _last_working_day(files.month, calendar)

    def send(at: datetime, by: str, command: str, **fields: Any) -> Send:
        return Send(at=at, by=by, noun="assessment", stream=assessment, command=command, fields=fields)

    for complaint in files.complaints:
        fields = msgspec.structs.asdict(complaint)
        at = calendar.at(fields.pop("upheld_on"), time(11, 0))
        yield send(at, story.department, "record_upheld_complaint", **fields)
    imported: tuple[tuple[Kind, Path, time], ...] = (
        ("findings", files.findings, FINDINGS_IN),
        ("ballots", files.ballots, BALLOTS_IN),
    )
    for kind, file, clock in imported:
        yield ImportFile(at=calendar.at(gathered, clock), by=story.assessor, stream=assessment, kind=kind, file=file)
    results = calendar.at(calendar.roll_forward(following.replace(day=RESULTS_DAY)), RESULTS_FROM)
    awaited = [content.code for content in default_values().contents if content.awaits_result]
    for place, content in enumerate(awaited):
        at = results + timedelta(minutes=7 * place)
        yield send(at, story.department, "submit_content_result", content=content, department="职能部门联络组")
    closing = calendar.roll_forward(following.replace(day=CLOSING_DAY))
    yield send(calendar.at(closing, CLOSING), story.assessor, "close_assessment")


def _act(act: Act, tenant: UUID, project: UUID | None, calendar: Calendar, receipts: Receipts = NO_RECEIPTS) -> Step:
    noun, _, name = act.on.partition(":")
    streams = {
        "organisation": tenant,
        "rule_book": derived_id(tenant, "rule_book", name or REGULATION),
        "property_project": project,
        "assessment": derived_id(project, "assessment", name),
        "contract_deposit": derived_id(project, "deposit"),
    }
    stream = streams[noun] if noun in streams else matter_id(tenant, noun, name, receipts)
    assert stream is not None, f"{act.on} belongs in a project's file"
    return Send(
        at=calendar.at(act.at.date(), act.at.time()),
        by=act.by,
        noun=noun,
        stream=stream,
        command=act.do,
        fields=act.fields,
        finding=act.finding,
        incident=act.incident,
    )


def _last_working_day(month: str, calendar: Calendar) -> date:
    day = last_day(month)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day
