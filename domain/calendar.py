"""The tenant's days: its time zone, its working days, and how a period is counted (民法典 201, 203)."""

import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

MAX_SCAN_DAYS = 400
"""No run of rest days is longer; a calendar in which one is has been misconfigured."""


STATUTORY_DATA = "calendars"
"""The folder of this package that holds one ``cn-<year>.toml`` for each announced year."""

BASE_YEARS = (2025, 2026)
"""The announced years that every organisation uses from its beginning; never extended, their data never edited.

Any later year is used once an organisation has adopted it, by an event that holds its days: what a calendar says
must follow from an organisation's events, not from what a version of the program happens to ship.
"""


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's calendar (日历). Saturdays and Sundays rest, except make-up days; holidays rest always.

    ``complete_years`` are those whose rest and make-up days are known; ``None`` where that is no question. What was
    counted over a day of any other year is provisional.
    """

    timezone: str = "Asia/Shanghai"
    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    complete_years: frozenset[int] | None = None

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two dates, both included, whose calendar is not known; none where all are."""
        if self.complete_years is None:
            return ()
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.complete_years)

    def local_date(self, instant: datetime) -> date:
        """The tenant's date at an aware instant."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()

    def at(self, day: date, clock: time) -> datetime:
        """The instant of a wall-clock time on a day in the tenant's zone."""
        return datetime.combine(day, clock, ZoneInfo(self.timezone))

    def end_of_day(self, day: date) -> datetime:
        """The first instant after the day: what is due on the day is late from then on."""
        return self.at(day + timedelta(days=1), time.min)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day."""
        if day in self.makeup_days:
            return True
        return day.weekday() < 5 and day not in self.holidays  # noqa: PLR2004 - Saturday is 5

    def roll_forward(self, day: date) -> date:
        """The day itself, or the next working day when it is a rest day."""
        for offset in range(MAX_SCAN_DAYS):
            candidate = day + timedelta(days=offset)
            if self.is_working_day(candidate):
                return candidate
        message = f"no working day within {MAX_SCAN_DAYS} days of {day}"
        raise ValueError(message)

    def add_days(self, day: date, days: int) -> date:
        """The last day of a period of calendar days that excludes its first day and ends on no rest day."""
        return self.roll_forward(day + timedelta(days=days))

    def add_working_days(self, day: date, days: int) -> date:
        """The last day of a period of working days that excludes its first day."""
        for _ in range(days):
            day = self.roll_forward(day + timedelta(days=1))
        return day


class StatutoryYear(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One year's public holidays as announced (法定节假日及调休), with the notice they come from."""

    year: int
    source_zh: str
    source_en: str
    holidays: frozenset[date]
    makeup_days: frozenset[date]


def known_years() -> tuple[int, ...]:
    """The years whose statutory holidays are shipped, oldest first."""
    return tuple(sorted(_statutory_years()))


def statutory(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The statutory holidays and make-up days of a year; `KeyError` for a year that is not shipped."""
    announced = _statutory_years()[year]
    return announced.holidays, announced.makeup_days


def statutory_source(year: int) -> tuple[str, str]:
    """The notice that announced a year's holidays, Chinese and English; `KeyError` for a year that is not shipped."""
    announced = _statutory_years()[year]
    return announced.source_zh, announced.source_en


@cache
def _statutory_years() -> dict[int, StatutoryYear]:
    """The shipped data, read once: constants that happen to live in files of this package."""
    folder = files(__package__) / STATUTORY_DATA
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    years = [msgspec.convert(tomllib.loads(text), StatutoryYear) for text in texts]
    return {announced.year: announced for announced in years}
