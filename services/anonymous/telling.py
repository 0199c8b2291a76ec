"""What a receipt shows: where the report stands, in few words, and the conversation about it, by day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from domain.accountability import events as a
from domain.accountability.state import FINAL
from domain.complaint import ComplaintState
from domain.complaint import events as c
from domain.complaint.guards import STATUS_NAMES
from domain.evidence import files_named
from domain.kernel import Event, Text
from infra.wire import EventMapper, StoredRow
from services.anonymous.door import Opened

Voice = Literal["reporter", "organisation"]


class Message(msgspec.Struct, frozen=True):
    """Something that was said, and how many files came with it."""

    by: Voice
    said_on: date
    text: str
    files: int


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """A report as its reporter sees it. ``best_rating`` is there while a rating is awaited."""

    kind: Literal["complaint", "accountability"]
    subject: str
    status: str
    status_label: Text
    reported_on: date
    valid_until: datetime | None
    referred: bool
    identity_sealed: bool
    messages: tuple[Message, ...]
    rating: int | None
    may_rate: bool


_CASE_STATUSES = {
    "received": Text("已受理", "received"),
    "under_way": Text("办理中", "under way"),
    "concluded": Text("已办结", "concluded"),
}
"""How far a case is told to its reporter: what becomes of people in it is not for him alone to know."""


_VOICES: Mapping[type[Event], tuple[Voice, Callable[[Any], str]]] = {
    c.ComplaintLodged: ("reporter", lambda event: event.description),
    a.MatterReported: ("reporter", lambda event: event.account),
    c.InformationAdded: ("reporter", lambda event: event.text),
    a.InformationAdded: ("reporter", lambda event: event.text),
    c.CustomerAnswered: ("organisation", lambda event: event.answer),
    c.ReporterWritten: ("organisation", lambda event: event.text),
    a.ReporterAnswered: ("organisation", lambda event: event.text),
    c.ComplaintUnfounded: ("organisation", lambda event: event.reason),
}
"""The events that are part of the conversation: who says what in each."""


def told(mapper: EventMapper, found: Opened) -> ReportView:
    """The view of what a receipt opens."""
    zone = ZoneInfo(found.config.calendar.timezone)
    messages = tuple(
        sorted(
            (*_messages(mapper, found.rows, zone), *_messages(mapper, found.case_rows[1:], zone)),
            key=lambda message: message.said_on,
        )
    )
    state = found.state
    if isinstance(state, ComplaintState):
        zh, en = STATUS_NAMES[state.status]
        return ReportView(
            kind="complaint",
            subject=state.subject,
            status=state.status,
            status_label=Text(zh, en),
            reported_on=state.lodged_on,
            valid_until=_local(state.receipt_until, zone),
            referred=state.accountability_case is not None,
            identity_sealed=found.identity_sealed,
            messages=messages,
            rating=state.rating,
            may_rate=state.rating is None and state.status in ("answered", "settled"),
        )
    status = "received" if state.status == "reported" else "concluded" if state.status in FINAL else "under_way"
    return ReportView(
        kind="accountability",
        subject=state.matter,
        status=status,
        status_label=_CASE_STATUSES[status],
        reported_on=state.reported_on,
        valid_until=_local(state.receipt_until, zone),
        referred=False,
        identity_sealed=found.identity_sealed,
        messages=messages,
        rating=None,
        may_rate=False,
    )


def _messages(mapper: EventMapper, rows: Sequence[StoredRow], zone: ZoneInfo) -> Iterator[Message]:
    for row in rows:
        event = mapper.decode(row.topic, row.state)
        said = _said(event)
        if said is not None:
            by, text = said
            yield Message(by, row.recorded_at.astimezone(zone).date(), text, len(files_named(event)))


def _said(event: Event) -> tuple[Voice, str] | None:
    """Who said what in an event, if the reporter is to read it."""
    found = _VOICES.get(type(event))
    if found is None or (isinstance(event, a.InformationAdded) and event.by is not None):
        return None
    voice, text = found
    return voice, text(event)


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if instant is None else instant.astimezone(zone)
