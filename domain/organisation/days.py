"""How an organisation comes by its days: its own rest and make-up days, and the announced years it takes over."""

from datetime import date, timedelta

from msgspec.structs import replace

from domain.calendar import BASE_YEARS, Calendar, known_years, statutory, statutory_source
from domain.kernel import Context, Event, Refusal
from domain.organisation.guards import must_be_active
from domain.organisation.messages import AdoptStatutoryYear, CalendarSet, SetCalendar, StatutoryYearAdopted
from domain.organisation.state import AdoptedYear, OrganisationState, calendar

LONGEST_REST_DAYS = 200
"""A longer run of rest days is a slip of the pen, and would push every deadline beyond reason."""


def set_calendar(state: OrganisationState, command: SetCalendar, _: Context) -> tuple[Event, ...]:
    """Replace the own days, unless a day is to be both or rest would never end."""
    must_be_active(state)
    rest, work = frozenset(command.holidays), frozenset(command.makeup_days)
    if rest & work:
        raise Refusal(
            "calendar_contradicts",
            zh="同一天不能既是休息日又是补班日",
            en="A day can not be both a rest day and a make-up day.",
            kind="value",
            field="makeup_days",
            details={"days": sorted(day.isoformat() for day in rest & work)},
        )
    revised = replace(
        state,
        use_statutory=command.use_statutory,
        holidays=tuple(sorted(rest)),
        makeup_days=tuple(sorted(work)),
        complete_years=tuple(sorted(set(command.complete_years))),
    )
    _rest_ends(calendar(revised), revised.holidays)
    return (
        CalendarSet(
            use_statutory=revised.use_statutory,
            holidays=revised.holidays,
            makeup_days=revised.makeup_days,
            complete_years=revised.complete_years,
            newly_known=_newly_known(state, revised),
        ),
    )


def adopt_statutory_year(state: OrganisationState, command: AdoptStatutoryYear, _: Context) -> tuple[Event, ...]:
    """Take over the days of an announced year as they are shipped; again, should the notice have been amended."""
    must_be_active(state)
    if not state.use_statutory:
        raise Refusal(
            "statutory_not_used",
            zh="本组织不使用法定节假日",
            en="The statutory holidays are not used here.",
        )
    if command.year not in known_years():
        raise Refusal(
            "year_not_shipped",
            zh="该年度的节假日安排尚未收录",
            en="The holidays of this year are not known to this version.",
            kind="value",
            field="year",
            details={"known": list(known_years())},
        )
    adopted = shipped(command.year)
    if state.adopted_years.get(command.year) == adopted:
        raise Refusal("year_adopted_already", zh="该年度安排已启用", en="This year has been adopted already.")
    revised = replace(state, adopted_years={**state.adopted_years, command.year: adopted})
    _rest_ends(calendar(revised), adopted.holidays)
    return (_taken_over(command.year, adopted, _newly_known(state, revised)),)


def announced_since() -> tuple[StatutoryYearAdopted, ...]:
    """The years shipped beyond those that every organisation begins with, for one that begins now."""
    later = (year for year in known_years() if year not in BASE_YEARS)
    return tuple(_taken_over(year, shipped(year), (year,)) for year in later)


def _taken_over(year: int, days: AdoptedYear, newly_known: tuple[int, ...]) -> StatutoryYearAdopted:
    return StatutoryYearAdopted(
        year=year,
        source_zh=days.source_zh,
        source_en=days.source_en,
        holidays=days.holidays,
        makeup_days=days.makeup_days,
        newly_known=newly_known,
    )


def shipped(year: int) -> AdoptedYear:
    """The days and the notice of a year that this version of the program knows; `KeyError` for any other."""
    holidays, makeup_days = statutory(year)
    source_zh, source_en = statutory_source(year)
    return AdoptedYear(
        source_zh=source_zh,
        source_en=source_en,
        holidays=tuple(sorted(holidays)),
        makeup_days=tuple(sorted(makeup_days)),
    )


def _newly_known(before: OrganisationState, after: OrganisationState) -> tuple[int, ...]:
    known = calendar(after).complete_years or frozenset()
    return tuple(sorted(known - (calendar(before).complete_years or frozenset())))


def _rest_ends(days: Calendar, holidays: tuple[date, ...]) -> None:
    """Refuse a calendar in which some run of rest days is longer than any real one."""
    for first in holidays:
        if first - timedelta(days=1) in days.holidays:
            continue
        last = first + timedelta(days=LONGEST_REST_DAYS)
        if not any(days.is_working_day(first + timedelta(days=n)) for n in range((last - first).days)):
            raise Refusal(
                "rest_without_end",
                zh=f"连续休息日不得超过{LONGEST_REST_DAYS}天",
                en=f"No more than {LONGEST_REST_DAYS} rest days in a row.",
                kind="value",
                field="holidays",
            )
