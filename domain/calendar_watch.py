"""What waits for a year's calendar (日历待公布事项): the streams whose limits rest on days nobody knows yet.

One stream for each year. When the calendar is published, all that waited is told in chunks, each stream once.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.kernel import Command, CommandSpec, Context, Decider, Event, Refusal, State, Text, derived_id

CHUNK = 100
"""Streams told at once, so that no transaction grows with the number that wait."""

Noun = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z_]*$")]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]


def watch_id(year: int) -> UUID:
    """The stream of a year's watch."""
    return derived_id("calendar_watch", year)


class WatchStream(Command, frozen=True, kw_only=True):
    """Remember that a stream's limits rest on the year (登记)."""

    year: Year
    noun: Noun
    stream_id: UUID


class PublishYear(Command, frozen=True, kw_only=True):
    """The year's calendar is known from now on (公布)."""

    year: Year


class TellMore(Command, frozen=True, kw_only=True):
    """Tell the next of those that waited (继续通知)."""


class StreamWatched(Event, frozen=True, kw_only=True, tag="calendar_watch.stream_watched"):
    """A stream waits for the year's calendar."""

    year: int
    noun: str
    stream_id: UUID


class YearPublished(Event, frozen=True, kw_only=True, tag="calendar_watch.year_published"):
    """The calendar is known; so many streams waited for it."""

    year: int
    waiting: int


class WaitingStream(msgspec.Struct, frozen=True):
    """A stream that waits, by its noun and id."""

    noun: str
    stream_id: UUID


class StreamsTold(Event, frozen=True, kw_only=True, tag="calendar_watch.streams_told"):
    """These streams are to count their limits anew; ``left`` others still are to be told."""

    year: int
    streams: tuple[WaitingStream, ...]
    left: int


class CalendarWatchState(State, frozen=True, kw_only=True):
    """Those that wait, by id. After publication the ones not told yet are left in it."""

    year: int
    waiting: dict[UUID, str] = msgspec.field(default_factory=dict)


def watch(state: CalendarWatchState | None, command: WatchStream, _: Context) -> tuple[Event, ...]:
    """Remember a stream, once."""
    _same_year(state, command.year)
    if state is not None and command.stream_id in state.waiting:
        return ()
    return (StreamWatched(year=command.year, noun=command.noun, stream_id=command.stream_id),)


def publish(state: CalendarWatchState | None, command: PublishYear, _: Context) -> tuple[Event, ...]:
    """Tell the first of those that wait; nothing happens where nobody does."""
    _same_year(state, command.year)
    if state is None or not state.waiting:
        return ()
    return (YearPublished(year=state.year, waiting=len(state.waiting)), *_next_chunk(state))


def tell_more(state: CalendarWatchState, _: TellMore, __: Context) -> tuple[Event, ...]:
    """Tell the next of those that waited when the year was published."""
    return _next_chunk(state) if state.status == "published" and state.waiting else ()


def _next_chunk(state: CalendarWatchState) -> tuple[Event, ...]:
    told = tuple(WaitingStream(noun, stream) for stream, noun in state.waiting.items())[:CHUNK]
    return (StreamsTold(year=state.year, streams=told, left=len(state.waiting) - len(told)),)


def _same_year(state: CalendarWatchState | None, year: int) -> None:
    if state is not None and state.year != year:
        raise Refusal(
            "other_year", zh="这是另一年度的登记", en="This watch is another year's.", kind="value", field="year"
        )


def evolve(state: CalendarWatchState | None, event: Event) -> CalendarWatchState:
    """Fold one event. Whoever comes after the publication waits for the next one: the calendar was withdrawn."""
    match event:
        case StreamWatched():
            waiting = {} if state is None else state.waiting
            return CalendarWatchState(
                status="waiting", year=event.year, waiting={**waiting, event.stream_id: event.noun}
            )
        case YearPublished() if state is not None:
            return replace(state, status="published")
        case StreamsTold() if state is not None:
            told = {each.stream_id for each in event.streams}
            return replace(state, waiting={id_: noun for id_, noun in state.waiting.items() if id_ not in told})
        case _:
            raise TypeError(f"a calendar watch knows no {type(event).__name__} here")


CALENDAR_WATCH = Decider(
    noun="calendar_watch",
    plural="calendar-watches",
    title=Text(zh="日历待公布事项", en="calendar watch"),
    state=CalendarWatchState,
    statuses=("waiting", "published"),
    commands=(
        CommandSpec(
            command=WatchStream,
            handler=watch,
            permission="calendar_watch.watch_stream",
            summary=Text(zh="登记", en="Remember a stream that waits"),
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=PublishYear,
            handler=publish,
            permission="calendar_watch.publish_year",
            summary=Text(zh="公布", en="Publish the year's calendar"),
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=TellMore,
            handler=tell_more,
            permission="calendar_watch.tell_more",
            summary=Text(zh="继续通知", en="Tell the next ones"),
            audience="internal",
        ),
    ),
    events=(StreamWatched, YearPublished, StreamsTold),
    evolve=evolve,
)
