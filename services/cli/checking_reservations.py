"""Whether what streams hold (cars, drivers) is what their events say: rows that are missing, too many, or wrong.

A row that is missing lets a car be given twice; one too many keeps it from everybody. Both come of hands in the
database, never of the service, which writes events and rows in one transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from domain.catalogue import DECIDERS, UPCASTERS, event_types
from domain.kernel import Reservation
from infra import discovery
from infra.database import Connection, Database
from infra.states import StateStore
from infra.wire import EventMapper
from services.runtime.commands import by_noun

RECENT = 200_000
"""Streams whose last event lies further back, in positions, are compared only where they have rows."""
CHUNK = 500
"""Streams that are folded at a time."""
OWNER = "as the owner:"
SHOWN = 20
"""Findings told of one tenant."""

Window = tuple[str, UUID, datetime, datetime | None]
"""What is held and when: kind, id, from, to (none: for good)."""
Holds = Mapping[tuple[UUID, str], Window]
"""By the stream and its key."""


class Difference(msgspec.Struct, frozen=True):
    """What a stream holds by its events (``told``) and by its row (``kept``); one of them may be none."""

    stream: UUID
    key: str
    told: Window | None
    kept: Window | None


async def unsound_reservations(database: Database) -> list[tuple[str, str]]:
    """What is wrong with the reservations, and what to do about it."""
    states = StateStore(EventMapper(event_types(), upcasters=UPCASTERS), by_noun(DECIDERS))
    found: list[tuple[str, str]] = []
    for tenant in await discovery.tenants(database):
        differing = await _differences(database, states, tenant)
        if differing:  # somebody may have booked between two readings; what is wrong stays wrong
            again = set(await _differences(database, states, tenant))
            differing = [one for one in differing if one in again]
        found += [_told(tenant, one) for one in differing[:SHOWN]]
        if len(differing) > SHOWN:
            found.append((f"tenant {tenant}: {len(differing) - SHOWN} more reservations differ", "mend those above"))
    return found


async def _differences(database: Database, states: StateStore, tenant: UUID) -> list[Difference]:
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        kept = await _kept(connection, tenant)
        told = await _by_events(connection, states, tenant)
    places = sorted(told.keys() | kept.keys())
    return [
        Difference(*place, told.get(place), kept.get(place)) for place in places if told.get(place) != kept.get(place)
    ]


async def _kept(connection: Connection, tenant: UUID) -> Holds:
    rows = await connection.fetch(
        "select originator_id, key, resource_kind, resource_id, lower(during) as starts_at, upper(during) as ends_at"
        " from reservations where tenant_id = $1",
        tenant,
    )
    return {
        (row["originator_id"], row["key"]): (
            row["resource_kind"],
            row["resource_id"],
            row["starts_at"],
            row["ends_at"],
        )
        for row in rows
    }


async def _by_events(connection: Connection, states: StateStore, tenant: UUID) -> Holds:
    """What streams of those nouns hold that hold anything at all. A row of another stream is one too many."""
    deciders = {decider.noun: decider for decider in DECIDERS if decider.reserves}
    rows = await connection.fetch(
        "select distinct originator_id, split_part(topic, '.', 1) as noun from events"
        " where tenant_id = $1 and split_part(topic, '.', 1) = any ($2) and ("
        "   position > (select position from ledger where tenant_id = $1) - $3"
        "   or originator_id in (select originator_id from reservations where tenant_id = $1))",
        tenant,
        list(deciders),
        RECENT,
    )
    nouns = {row["originator_id"]: row["noun"] for row in rows}
    held: dict[tuple[UUID, str], Window] = {}
    streams = list(nouns.items())
    for place in range(0, len(streams), CHUNK):
        part = [(noun, stream) for stream, noun in streams[place : place + CHUNK]]
        for stream, found in (await states.read_many(connection, tenant, part)).items():
            if found.state is not None:
                held |= dict(_held(stream, deciders[nouns[stream]].reservations(found.state)))
    return held


def _held(stream: UUID, reservations: Iterable[Reservation]) -> Iterator[tuple[tuple[UUID, str], Window]]:
    for one in reservations:
        yield (stream, one.key), (one.kind, one.resource_id, one.starts_at, one.ends_at)


def _told(tenant: UUID, one: Difference) -> tuple[str, str]:
    """What is wrong, and the statement that puts the row right, for the owner of the tables to run."""
    row = f"tenant_id = '{tenant}' and originator_id = '{one.stream}' and key = '{one.key}'"
    if one.told is None:
        assert one.kept is not None
        what = f"{_window(one.kept)} is kept for stream {one.stream}, which does not hold it by its events"
        return f"tenant {tenant}: {what}", f"{OWNER} delete from reservations where {row}"  # noqa: S608 - advice to read
    values = f"'{tenant}', '{one.stream}', '{one.key}', '{one.told[0]}', '{one.told[1]}', {_range(one.told)}"
    if one.kept is None:
        what = f"{_window(one.told)} is held by stream {one.stream}, and no row keeps it: it may be given twice"
        return f"tenant {tenant}: {what}", f"{OWNER} insert into reservations values ({values})"  # noqa: S608 - advice to read
    what = f"stream {one.stream} holds {_window(one.told)} by its events, its row keeps {_window(one.kept)}"
    changed = f"resource_kind = '{one.told[0]}', resource_id = '{one.told[1]}', during = {_range(one.told)}"
    return f"tenant {tenant}: {what}", f"{OWNER} update reservations set {changed} where {row}"  # noqa: S608 - advice to read


def _window(window: Window) -> str:
    kind, resource, starts_at, ends_at = window
    return f"{kind} {resource} from {starts_at.isoformat()} to {ends_at.isoformat() if ends_at else 'further notice'}"


def _range(window: Window) -> str:
    ends_at = f"'{window[3].isoformat()}'" if window[3] else "null"
    return f"tstzrange('{window[2].isoformat()}', {ends_at})"
