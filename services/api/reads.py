"""Reading one aggregate: its state now or at a moment, and its history with who, when, why and under which rules."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.catalogue import DECIDERS, decider_of
from domain.kernel import Decider, Refusal, State, not_found
from infra.eventstore import select_stream
from infra.states import Versioned
from infra.wire import canonical
from projections.access_log import What
from projections.labels import ClauseRef, clause_ref
from services.api.noting import noted
from services.api.pages import decode_cursor, encode_cursor, limit_of
from services.api.requests import Desk, HttpRequest, Reader, as_of, path_id, reading
from services.runtime.changes import Change, without
from services.runtime.history import Told, by_then, told
from services.runtime.principal import Forbidden

VersionCursor = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class AggregateView(msgspec.Struct, frozen=True):
    """An aggregate's state after its event ``version``."""

    id: UUID
    version: int
    state: Any


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event as an auditor reads it: when, who, in which roles, by which command, under which clause and rules.

    ``changes`` is what it changed in the state, ``more_changes`` counts those that are left out. ``recorded_at`` is
    left out where the day alone is kept. ``rule_version`` is what the event applied, ``rules`` those in force.
    """

    version: int
    position: int
    recorded_on: date
    recorded_at: datetime | None
    type: str
    event: msgspec.Raw
    clause: ClauseRef | None
    rule_version: int | None
    changes: tuple[Change, ...]
    more_changes: int
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    roles: tuple[str, ...]
    command: str
    command_id: UUID
    causation: str | None
    correlation: str | None
    rules: dict[str, int]


class HistoryPage(msgspec.Struct, frozen=True):
    """A page of a history, oldest first; ``next`` is the cursor of the page after it."""

    items: list[HistoryEntry]
    next: str | None


def read_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """State and history routes of every noun."""
    return [route for decider in DECIDERS for route in (_state_route(desk, decider), _history_route(desk, decider))]


def _state_route(desk: Desk, decider: Decider[Any]) -> HTTPRouteHandler:
    async def state(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        stream = path_id(stream_id)
        moment = as_of(request)
        is_noted = decider.private or decider.about is not None or moment is not None
        async with reading(desk, request, _permission(decider), read_only=not is_noted) as reader:
            found = await _read(desk, decider, reader, stream, moment)
            if found.state is None:
                raise not_found(decider.title)
            current = found if moment is None else await _read(desk, decider, reader, stream, None)
            await must_be_readable(desk, decider, current.state, reader)
            if is_noted:
                what: What = "personal_data" if decider.private else "document" if decider.about else "as_of"
                detail = "" if moment is None else f"as_of={moment}"
                await noted(desk, request, reader, what, noun=decider.noun, stream=stream, detail=detail)
        body = canonical(AggregateView(stream, found.version, _shown(decider, found.state)))
        return Response(body, media_type="application/json", headers={"ETag": f'"{found.version}"'})

    state.__name__ = state.__qualname__ = f"read_{decider.noun}"
    return get(f"/v1/{decider.plural}/{{stream_id:str}}", include_in_schema=False)(state)


def _shown(decider: Decider[Any], state: Any) -> Any:
    """A state without what is sealed."""
    return without(msgspec.json.decode(canonical(state)), decider.sealed) if decider.sealed else state


def _permission(decider: Decider[Any]) -> str | None:
    """The permission to read a noun, unless it follows from each stream."""
    return None if decider.about is not None else f"{decider.noun}.read"


def is_kept_from(decider: Decider[Any], state: State | None, reader: Reader) -> bool:
    """Whether a stream is kept from the reader, whatever his roles."""
    if state is None or decider.kept_from is None:
        return False
    return reader.principal.actor.id in decider.kept_from(state)


async def must_be_readable(desk: Desk, decider: Decider[Any], state: State | None, reader: Reader) -> None:
    """Refuse a stream that is kept from the reader, or is about one that he may not read."""
    if is_kept_from(decider, state, reader):
        raise Refusal(
            "kept_from_reader",
            zh=f"应当回避，不得查阅该{decider.title.zh}",
            en=f"This {decider.title.en} is kept from whoever has an interest in it.",
            kind="forbidden",
        )
    if state is None or decider.about is None:
        return
    noun, stream = decider.about(state)
    if f"{noun}.read" not in reader.principal.permissions:
        raise Forbidden(f"{noun}.read")
    subject = await desk.runtime.states.read(reader.connection, reader.tenant, noun, stream)
    await must_be_readable(desk, decider_of(noun), subject.state, reader)


async def _read(desk: Desk, decider: Decider[Any], reader: Reader, stream: UUID, moment: Any) -> Versioned:
    states = desk.runtime.states
    if moment is None:
        return await states.read(reader.connection, reader.tenant, decider.noun, stream)
    return await states.read_as_of(reader.connection, reader.tenant, decider.noun, stream, moment)


def _history_route(desk: Desk, decider: Decider[Any]) -> HTTPRouteHandler:
    async def history(request: HttpRequest, stream_id: FromPath[str]) -> Response[bytes]:
        stream, moment = path_id(stream_id), as_of(request)
        limit, after = limit_of(request), decode_cursor(request, VersionCursor) or 0
        async with reading(desk, request, _permission(decider), read_only=False) as reader:
            # from the first event on, for each is told with the state before it; as of a moment they are sifted
            most = after + limit + 1 if moment is None else None
            rows = by_then(await select_stream(reader.connection, reader.tenant, stream, limit=most), moment)
            if not rows or not rows[0].topic.startswith(f"{decider.noun}."):
                raise not_found(decider.title)
            if decider.about is not None or decider.kept_from is not None:
                current = await desk.runtime.states.read(reader.connection, reader.tenant, decider.noun, stream)
                await must_be_readable(desk, decider, current.state, reader)
            zone = ZoneInfo(reader.config.calendar.timezone)
            mapper = desk.runtime.mapper
            items = await asyncio.to_thread(
                lambda: [_entry(decider, each, zone) for each in told(decider, mapper, rows, after=after, limit=limit)]
            )
            asked = f"after={after} limit={limit}" + ("" if moment is None else f" as_of={moment}")
            await noted(desk, request, reader, "history", noun=decider.noun, stream=stream, detail=asked)
        more = bool(items) and rows[-1].originator_version > items[-1].version
        page = HistoryPage(items, encode_cursor(items[-1].version) if more else None)
        return Response(canonical(page), media_type="application/json")

    history.__name__ = history.__qualname__ = f"history_of_{decider.noun}"
    return get(f"/v1/{decider.plural}/{{stream_id:str}}/history", include_in_schema=False)(history)


def _entry(decider: Decider[Any], told: Told, zone: ZoneInfo) -> HistoryEntry:
    row, known = told.row, told.known
    recorded_at = row.recorded_at.astimezone(zone)
    return HistoryEntry(
        version=row.originator_version,
        position=row.position,
        recorded_on=recorded_at.date(),
        recorded_at=None if told.by_day else recorded_at,
        type=row.topic,
        event=msgspec.Raw(told.shown(decider)),
        clause=None if told.clause is None else clause_ref(told.clause),
        rule_version=told.rule_version,
        changes=told.changes.items,
        more_changes=told.changes.more,
        actor_kind=known.actor_kind,
        actor_id=known.actor_id,
        actor_name=known.actor_name,
        roles=known.roles,
        command=known.command,
        command_id=known.command_id,
        causation=known.causation,
        correlation=known.correlation,
        rules=known.rules,
    )
