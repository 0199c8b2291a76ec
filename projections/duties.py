"""Folds duties: the window each is in, and by day, place, role and person how the windows that ended did."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.cadence import Window
from domain.duty import events as e
from domain.duty_terms import Holder
from domain.kernel import Event
from projections.kernel import Connection, Folded, Projection
from projections.tables import Rows, Table

NOBODY = UUID(int=0)
"""Stands for the place of a duty without one, and for the person of a duty that a role holds."""


class DutyRow(msgspec.Struct):
    """A duty in its current window; the columns of ``duties``."""

    duty_id: UUID
    scope_kind: str
    scope_id: UUID
    scope_name: str
    role: str
    person: UUID | None
    kind: str
    title_zh: str
    title_en: str
    clause: str
    rule_version: int | None
    status: str
    times: int
    performed: int = 0
    in_a_row: int = 0
    next_times: int | None = None
    next_rule_version: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    last_on: date | None = None


class DayRow(msgspec.Struct):
    """How many windows that ended on a day were met, missed or excused; the columns of ``duty_days``."""

    scope_id: UUID
    day: date
    role: str
    kind: str
    person: UUID
    met: int = 0
    missed: int = 0
    excused: int = 0


DUTIES_TABLE = Table("duties", DutyRow, ("duty_id",))
DAYS = Table("duty_days", DayRow, ("scope_id", "day", "role", "kind", "person"))


class Work:
    """The rows that a batch works on."""

    def __init__(self) -> None:
        self.duties = Rows(DUTIES_TABLE)
        self.days = Rows(DAYS)

    async def load_days(self, connection: Connection, tenant: UUID, build: int, days: Iterable[date]) -> None:
        """Read the rows of days at the places of the duties at hand."""
        scopes = {row.scope_id for row in self.duties.known()}
        rows = await connection.fetch(
            f"select {', '.join(DayRow.__struct_fields__)} from duty_days"  # noqa: S608 - names out of our own code
            " where tenant_id = $1 and build = $2 and scope_id = any ($3) and day = any ($4)",
            tenant,
            build,
            list(scopes),
            list(days),
        )
        for row in rows:
            self.days.put(DayRow(*row))

    def day(self, duty: DutyRow, day: date, holder: Holder) -> DayRow:
        """The row of a day, made where there is none."""
        key = (duty.scope_id, day, holder.role, duty.kind, holder.person or NOBODY)
        if self.days.find(*key) is None:
            self.days.put(DayRow(*key))
        return self.days.change(*key)


async def fold(connection: Connection, tenant: UUID, build: int, batch: Sequence[Folded]) -> None:
    """Write what a batch of events adds."""
    work = Work()
    await work.duties.load(connection, tenant, build, duty_id={folded.stream_id for folded in batch})
    days = {day for folded in batch if (day := _day_of(folded.event)) is not None}
    await work.load_days(connection, tenant, build, days)
    for folded in batch:
        _STEPS[type(folded.event)](work, folded, folded.event)
    await work.duties.write(connection, tenant, build)
    await work.days.write(connection, tenant, build)


def _day_of(event: Event) -> date | None:
    if isinstance(event, e.DutyMet | e.DutyMissed):
        return event.window.last_on
    return event.last_on if isinstance(event, e.LapseOverturned) else None


def _opened(work: Work, folded: Folded, event: e.DutyOpened) -> None:
    terms, scope = event.terms, event.scope
    row = DutyRow(
        duty_id=folded.stream_id,
        scope_kind=scope.kind,
        scope_id=scope.id or NOBODY,
        scope_name=scope.name,
        role=event.holder.role,
        person=event.holder.person,
        kind=terms.kind,
        title_zh=terms.title.zh,
        title_en=terms.title.en,
        clause=terms.clause,
        rule_version=terms.rule_version,
        status="running",
        times=terms.times,
    )
    work.duties.put(row)
    _enter(row, event.window)


def _enter(row: DutyRow, window: Window | None) -> None:
    row.performed = 0
    row.opens_at = None if window is None else window.opens_at
    row.closes_at = None if window is None else window.closes_at
    row.last_on = None if window is None else window.last_on


def _performed(work: Work, folded: Folded, event: e.DutyPerformed) -> None:
    row = work.duties.change(folded.stream_id)
    if row.opens_at is not None and event.performed_at >= row.opens_at:
        row.performed = event.number


def _next(work: Work, folded: Folded, event: e.DutyMet | e.DutyMissed | e.DutyResumed) -> DutyRow:
    row = work.duties.change(folded.stream_id)
    _enter(row, event.next_window)
    if row.next_times is not None:
        row.times, row.rule_version, row.next_times = row.next_times, row.next_rule_version, None
    return row


def _met(work: Work, folded: Folded, event: e.DutyMet) -> None:
    row = _next(work, folded, event)
    row.in_a_row = 0
    work.day(row, event.window.last_on, event.holder).met += 1


def _missed(work: Work, folded: Folded, event: e.DutyMissed) -> None:
    row = _next(work, folded, event)
    row.in_a_row = event.in_a_row
    work.day(row, event.window.last_on, event.holder).missed += 1


def _overturned(work: Work, folded: Folded, event: e.LapseOverturned) -> None:
    row = work.duties.change(folded.stream_id)
    row.in_a_row = event.in_a_row
    day = work.day(row, event.last_on, event.holder)
    day.missed -= 1
    if event.ground == "excused":
        day.excused += 1
    else:
        day.met += 1


def _terms(work: Work, folded: Folded, event: e.DutyTermsChanged) -> None:
    row = work.duties.change(folded.stream_id)
    row.next_times, row.next_rule_version = event.terms.times, event.rule_version


def _reassigned(work: Work, folded: Folded, event: e.DutyReassigned) -> None:
    row = work.duties.change(folded.stream_id)
    row.role, row.person = event.holder.role, event.holder.person


def _stopped(status: str) -> Callable[[Work, Folded, Any], None]:
    def stop(work: Work, folded: Folded, _: Event) -> None:
        row = work.duties.change(folded.stream_id)
        row.status = status
        _enter(row, None)

    return stop


def _resumed(work: Work, folded: Folded, event: e.DutyResumed) -> None:
    _next(work, folded, event).status = "running"


_STEPS: Mapping[type[Event], Callable[[Work, Folded, Any], None]] = {
    e.DutyOpened: _opened,
    e.DutyPerformed: _performed,
    e.DutyMet: _met,
    e.DutyMissed: _missed,
    e.LapseOverturned: _overturned,
    e.DutyTermsChanged: _terms,
    e.DutyReassigned: _reassigned,
    e.DutySuspended: _stopped("suspended"),
    e.DutyResumed: _resumed,
    e.DutyEnded: _stopped("ended"),
}

DUTIES = Projection(
    name="duties",
    schema_version=1,
    events=tuple(_STEPS),
    tables=("duties", "duty_days"),
    fold=fold,
)
