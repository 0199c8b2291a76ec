"""The property company of the demonstration as its file tells it: one project, its quarter, its fees, its purchases."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

STORY = "company.toml"


class PostEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who fills a level: he inspects ``times`` on every so many working days, or on those of ``on``, but for misses."""

    code: str
    level: str
    person: str
    every: int = 0
    times: int = 1
    on: tuple[date, ...] = ()
    missed: tuple[date, ...] = ()


class FindingEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a post found on a day, in its first inspection of it."""

    on: date
    post: str
    item: str
    area: str
    result: str
    note: str
    handling: str | None = None


class AccountEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that is charged the public service fee by its area."""

    unit: str
    owner: str
    area_m2: str


class PaymentEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit paid."""

    at: datetime
    unit: str
    amount_fen: int


class ProblemEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a department found wrong with its own work on a day, and corrected at once."""

    on: date
    item: str
    grade: str
    note: str
    correction: str


class DepartmentEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department that checks itself each working day but the missed ones; ``remarks`` go with each month's sheets."""

    code: str
    name: str
    head: str
    keeper: str
    items: tuple[dict[str, Any], ...]
    remarks: str
    runs_project: bool = False
    compiles: bool = False
    missed: tuple[date, ...] = ()
    problems: tuple[ProblemEntry, ...] = ()


class CompanyAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"fields": "with"}):
    """What somebody does; ``on`` is a noun and what the file calls it (`services.demo.company_plan`)."""

    at: datetime
    by: str
    on: str
    do: str
    fields: dict[str, Any]


class CompanyStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The company's file. Usernames name who acts; duties run from ``begins_on`` to ``ends_on``."""

    project: str
    begins_on: date
    ends_on: date
    head: str
    collector: str
    finance: str
    quality: str
    set_up_at: datetime
    areas: tuple[dict[str, Any], ...]
    units: tuple[dict[str, Any], ...]
    items: tuple[dict[str, Any], ...]
    posts: tuple[PostEntry, ...]
    findings: tuple[FindingEntry, ...]
    accounts: tuple[AccountEntry, ...]
    payments: tuple[PaymentEntry, ...]
    departments: tuple[DepartmentEntry, ...]
    acts: tuple[CompanyAct, ...]


def company_of(folder: Path) -> CompanyStory | None:
    """The property company of an organisation's folder, where it is one."""
    file = folder / STORY
    if not file.exists():
        return None
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), CompanyStory)
