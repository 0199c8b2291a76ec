"""The vehicle centre of the demonstration as its files tell it: fleet, units, a month of requests."""

import csv
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

STORY, REQUESTS = "centre.toml", "requests.csv"


class Car(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A car of the fleet."""

    plate: str
    vehicle_class: str
    seats: int
    odometer_km: int
    licence: str = "C1"


class Chauffeur(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A driver; ``member`` is a username, ``weekdays`` tells that his duty is from Monday to Friday."""

    name: str
    licences: tuple[str, ...]
    member: str | None = None
    weekdays: bool = False


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit, who signs for it (usernames), how often it asks, and for what."""

    name: str
    leader: str
    handler: str
    weight: int
    uses: tuple[str, ...]
    priorities: tuple[str, ...]


class KeptFree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begins": "from", "ends": "to"}):
    """When a car (by its plate) or a driver (by name) is not to be had."""

    what: str
    planned_at: datetime
    begins: datetime
    ends: datetime
    reason: str


class CentreAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"fields": "with"}):
    """What somebody does; ``on`` is ``vehicle:PLATE``, ``driver:NAME``, ``booking:NUMBER`` or ``unit:NAME/MONTH``."""

    at: datetime
    by: str
    on: str
    do: str
    fields: dict[str, Any]


class CentreStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The centre's file. Usernames name who acts for it; the fleet is taken on from ``equipped_at`` on."""

    month: str
    dispatcher: str
    head: str
    finance: str
    equipped_at: datetime
    vehicles: tuple[Car, ...]
    drivers: tuple[Chauffeur, ...]
    units: tuple[Unit, ...]
    uses: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]
    kept_free: tuple[KeptFree, ...] = ()
    acts: tuple[CentreAct, ...] = ()


Flag = Annotated[bool, "1 or nothing in the file"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request and what it came to, a line of the file. ``fate`` is a word of the plan (`services.demo.centre_plan`).

    Times are the organisation's. Without a trip there is nothing in the columns of one.
    """

    number: int
    unit: str
    category: str
    purpose: str
    collective: Flag
    party_size: int
    area: str
    origin: str
    destination: str
    starts_at: datetime
    ends_at: datetime
    priority: str | None
    urgent: Flag
    temporary: Flag
    business_trip: Flag
    filed_at: datetime
    registered_at: datetime
    fate: str
    plate: str = ""
    driver: str = ""
    dispatched_at: datetime | None = None
    off_duty: str = ""
    other_plate: str = ""
    out_at: datetime | None = None
    back_at: datetime | None = None
    odometer_out_km: int = 0
    odometer_back_km: int = 0
    waiting_minutes: int = 0
    tolls_fen: int = 0


COLUMNS = Request.__struct_fields__


class Centre(msgspec.Struct, frozen=True):
    """The centre with its month of requests."""

    story: CentreStory
    requests: tuple[Request, ...]


def centre_story(folder: Path) -> CentreStory:
    """The centre's file of a folder."""
    return msgspec.convert(tomllib.loads((folder / STORY).read_text("utf-8")), CentreStory)


def centre_of(folder: Path) -> Centre | None:
    """The centre of an organisation's folder, where it has one."""
    if not (folder / STORY).exists():
        return None
    with (folder / REQUESTS).open(encoding="utf-8", newline="") as source:
        requests = tuple(_request(row) for row in csv.DictReader(source))
    return Centre(centre_story(folder), requests)


def _request(row: dict[str, str]) -> Request:
    told: dict[str, Any] = {name: text or None for name, text in row.items()}
    for flag in ("collective", "urgent", "temporary", "business_trip"):
        told[flag] = row[flag] == "1"
    defaulted = {name: value for name, value in told.items() if value is not None or name == "priority"}
    return msgspec.convert(defaulted, Request, strict=False)
