"""The demonstration as it is told in files: organisations, members, projects, months and the acts of people."""

import csv
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from domain.property_project.commands import Person
from services.demo.centre import Centre, centre_of
from services.demo.company import CompanyStory, company_of

DATA = Path(__file__).with_name("data")
ORGANISATIONS = ("shifan", "jiangcheng", "qinghe", "yunting")
ANONYMOUS = "anonymous"
"""Somebody without an account."""
MATTERS = "matters.toml"
"""The file of an organisation's complaints and cases."""


class MemberEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person, what they may do, and a note for the reader. The first of an organisation administers it."""

    username: str
    name: str
    roles: tuple[str, ...]
    note: str = ""
    department: str | None = None


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"fields": "with"}):
    """What somebody does at a moment (the organisation's time); ``by`` is a username, or `ANONYMOUS`.

    ``on`` names the noun: an assessment with its month, a rule book with its regulation (R14 where none is said), a
    complaint or a case with a name of the story's own. ``finding`` is a finding's reference and ``incident`` an
    incident's place in its month, both known by their ids only once they are recorded. In ``with`` a text may refer to
    what has no id before it happens (`services.demo.references`).
    """

    at: datetime
    by: str
    on: str
    do: str
    fields: dict[str, Any]
    finding: str | None = None
    incident: int | None = None


class Complaint(msgspec.Struct, frozen=True):
    """An upheld complaint, as a line of a month's ``complaints.csv``."""

    complaint_ref: str
    item_code: str
    count: int
    upheld_on: date
    note: str


class MonthFiles(msgspec.Struct, frozen=True):
    """What was gathered in one month."""

    month: str
    findings: Path
    ballots: Path
    complaints: tuple[Complaint, ...]


class ProjectStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One project: its contract, who works on it, and what happens beside the monthly routine.

    ``open_after`` is the month after the year, opened and still under way when the story ends.
    """

    name: str
    contractor: str
    agreed_deposit_fen: int
    contract_from: date
    contract_to: date
    registered_at: datetime
    registrar: str
    assessor: str
    department: str
    open_after: str | None = None
    acts: tuple[Act, ...] = ()


class Project(msgspec.Struct, frozen=True):
    """A project with its files; ``code`` is its folder."""

    code: str
    story: ProjectStory
    months: tuple[MonthFiles, ...]
    staff: tuple[Person, ...]
    students: tuple[Person, ...]


class OrganisationStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One organisation as its file tells it."""

    slug: str
    name: str
    opened_at: datetime
    ends_at: datetime
    projects: tuple[str, ...]
    members: Annotated[tuple[MemberEntry, ...], msgspec.Meta(min_length=1)]
    acts: tuple[Act, ...] = ()


class Matters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Complaints and accountability cases: what people do about them, and the receipts that reporters hold."""

    receipts: tuple[str, ...]
    acts: tuple[Act, ...]


class Organisation(msgspec.Struct, frozen=True):
    """An organisation with its projects, its complaints and cases, its vehicle centre or property company."""

    story: OrganisationStory
    projects: tuple[Project, ...]
    matters: Matters
    centre: Centre | None = None
    company: CompanyStory | None = None


def organisations() -> tuple[Organisation, ...]:
    """The whole demonstration."""
    return tuple(_organisation(DATA / name) for name in ORGANISATIONS)


def _organisation(folder: Path) -> Organisation:
    story = _toml(folder / "organisation.toml", OrganisationStory)
    projects = tuple(_project(folder / code) for code in story.projects)
    told = folder / MATTERS
    matters = _toml(told, Matters) if told.exists() else Matters((), ())
    return Organisation(story, projects, matters, centre_of(folder), company_of(folder))


def _project(folder: Path) -> Project:
    return Project(
        code=folder.name,
        story=_toml(folder / "project.toml", ProjectStory),
        months=tuple(_month(each) for each in sorted(folder.iterdir()) if each.is_dir()),
        staff=_people(folder / "staff.csv"),
        students=_people(folder / "students.csv"),
    )


def _month(folder: Path) -> MonthFiles:
    complaints = folder / "complaints.csv"
    rows = _rows(complaints) if complaints.exists() else []
    return MonthFiles(
        folder.name,
        folder / "findings.csv",
        folder / "ballots.csv",
        tuple(Complaint(ref, item, int(count), date.fromisoformat(day), note) for ref, item, count, day, note in rows),
    )


def _people(path: Path) -> tuple[Person, ...]:
    return tuple(Person(code, name) for code, name in _rows(path))


def _rows(path: Path) -> list[list[str]]:
    """The lines of a file below its headings."""
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))[1:]


T = Any


def _toml(path: Path, kind: type[T]) -> T:
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
