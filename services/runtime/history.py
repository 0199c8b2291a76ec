"""A stream told event by event: what happened, who did it and what it changed in the state."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.kernel import Decider, Event
from infra.wire import EventMapper, Metadata, StoredRow, canonical, recorded_by
from services.runtime.changes import Changes, changes, without

Moment = datetime | int | None
"""An instant, a position of the tenant's order, or now."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One stored event with what is known about it. Of an event ``by_day`` no hour is to be shown."""

    row: StoredRow
    event: Event
    known: Metadata
    changes: Changes
    by_day: bool
    clause: str | None
    rule_version: int | None

    def shown(self, decider: Decider[Any]) -> bytes:
        """The event as JSON, without what is sealed."""
        encoded = canonical(self.event)
        return canonical(without(msgspec.json.decode(encoded), decider.sealed)) if decider.sealed else encoded


def by_then(rows: Sequence[StoredRow], moment: Moment) -> list[StoredRow]:
    """The events that had been recorded by a moment."""
    if moment is None:
        return list(rows)
    if isinstance(moment, int):
        return [row for row in rows if row.position <= moment]
    return recorded_by(rows, moment)


def told(
    decider: Decider[Any], mapper: EventMapper, rows: Sequence[StoredRow], *, after: int = 0, limit: int | None = None
) -> Iterator[Told]:
    """The events after a version of their stream, at most ``limit``; ``rows`` begin with the stream's first."""
    state, left = None, limit
    for row in rows:
        if left == 0:
            return
        event = mapper.decode(row.topic, row.state)
        before, state = state, decider.evolve(state, event)
        if row.originator_version <= after:
            continue
        left = None if left is None else left - 1
        yield Told(
            row=row,
            event=event,
            known=msgspec.json.decode(row.metadata, type=Metadata),
            changes=changes(before, state, decider.sealed),
            by_day=decider.day_only(before, event),
            clause=getattr(event, "clause", None),
            rule_version=getattr(event, "rule_version", None),
        )
