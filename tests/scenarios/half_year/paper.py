"""What the half year must come to: the plan played by the pure domain alone, every deadline at its instant."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.catalogue import tag_of
from domain.kernel import Event, Refusal
from tests.domain.world import World
from tests.scenarios.half_year.deeds import ZONE
from tests.scenarios.half_year.plan import LAST, Plan

BUCKET_H = 3
"""Deadlines within so many hours are let pass together, as long as nobody acts in between."""

BY_TURN = frozenset({"number", "reference", "drawn_at", "cause_version", "verification", "digest"})
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Told = tuple[str, ...]
"""An event as it is compared: its tag, and its fields as JSON with drawn identifiers left out."""


class Paper(msgspec.Struct, frozen=True):
    """How the plan goes: what each deed is answered, each stream's events, and when a deadline passes."""

    answers: tuple[str, ...]
    streams: dict[tuple[str, UUID], tuple[Event, ...]]
    fired: tuple[datetime, ...]


def play(tenant: UUID, plan: Plan) -> Paper:
    """Let the plan happen on paper."""
    world = World(plan.deeds[0].at, tenant)
    answers, fired = [], []
    for deed in plan.deeds:
        if deed.at > world.now:
            fired += world.advance(deed.at)
        command = deed.command(world.states.get((deed.noun, deed.stream)))
        try:
            world.send(deed.noun, deed.stream, command, deed.kind, deed.person)
        except Refusal as refusal:
            answers.append(refusal.code)
        else:
            answers.append("done")
    fired += world.advance(end())
    streams: dict[tuple[str, UUID], list[Event]] = {}
    for noun, stream, _, event in world.log:
        streams.setdefault((noun, stream), []).append(event)
    return Paper(
        answers=tuple(answers),
        streams={key: tuple(events) for key, events in streams.items()},
        fired=tuple(fired),
    )


def end() -> datetime:
    """When the half year is over."""
    return datetime(LAST.year, LAST.month, LAST.day, 23, tzinfo=ZONE).astimezone(UTC)


def instants(plans: list[Plan], papers: list[Paper]) -> tuple[datetime, ...]:
    """The moments at which the clock stops: at each deed, and after each handful of deadlines."""
    deeds = {deed.at for plan in plans for deed in plan.deeds}
    buckets: dict[tuple[Any, int], datetime] = {}
    for instant in (one for paper in papers for one in paper.fired):
        local = instant.astimezone(ZONE)
        bucket = (local.date(), local.hour // BUCKET_H)
        buckets[bucket] = max(buckets.get(bucket, instant), instant)
    return tuple(sorted(deeds | {last + timedelta(seconds=1) for last in buckets.values()} | {end()}))


def told(event: Event, known: frozenset[str]) -> Told:
    """An event for comparison: identifiers that were drawn are told alike, and so is what depends on whose turn it was.

    Documents are numbered in the order of the ledger, in which what several streams do at one moment stands anyhow.
    """
    fields = msgspec.to_builtins(event)
    tag = tag_of(type(event))
    if tag.startswith("document"):
        fields = {name: value for name, value in fields.items() if name not in BY_TURN}
    return (tag, _UUID.sub(lambda found: found[0] if found[0] in known else "drawn", _canonical(fields)))


def told_alike(events: Iterable[Event], known: frozenset[str]) -> Counter[Told]:
    """Events whatever their order."""
    return Counter(told(event, known) for event in events)


def _canonical(fields: dict[str, Any]) -> str:
    """Fields as JSON; keys stand in order of their values where identifiers that were drawn are keys."""
    return msgspec.json.encode(fields, order="sorted").decode()
