"""What a projection is: rows that answer a question, folded from events.

A projection's tables begin with ``tenant_id`` and ``build`` in their primary key, are fenced by
``select secure_tenant_table('<table>')`` and granted to ``kaohe_app``. Several builds of one projection may stand
side by side while a new one is made; a reader names the live one *in the statement that reads the rows*
(`live_build`), so that a switch of builds between two statements is never seen.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from domain.kernel import Event


class Connection(Protocol):
    """What a projection needs of a connection, which is bound to one tenant and in a transaction."""

    async def execute(self, query: str, *args: Any) -> str:
        """Run a statement."""
        ...

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Run a query and return its rows."""
        ...


class Folded(msgspec.Struct, frozen=True):
    """An event at its place: in its stream, in the tenant's order, in time."""

    position: int
    stream_id: UUID
    version: int
    recorded_at: datetime
    event: Event


Fold = Callable[[Connection, UUID, int, Sequence[Folded]], Awaitable[None]]
"""Writes what a batch of events adds to a build: connection, tenant, build, events in position order.

The batch holds only the projection's own events and is never empty. Rows are gathered in Python and written with
one statement a table (`arrays`), for folding is judged by the statement, not by the event. What a fold needs to know
of earlier events it reads from its own tables.
"""


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """One question's answer. ``schema_version`` grows whenever the rows that ``fold`` writes would differ.

    ``tables`` lists every table it writes, so that builds can be compared and dropped.
    """

    name: str
    schema_version: int
    events: tuple[type[Event], ...]
    tables: tuple[str, ...]
    fold: Fold

    @property
    def topics(self) -> frozenset[str]:
        """The stable tags of the events that it folds."""
        return frozenset(str(event.__struct_config__.tag) for event in self.events)


def live_build(name: str) -> str:
    """The SQL expression for the live build of a projection of tenant ``$1``."""
    return f"(select build from projections where tenant_id = $1 and name = '{name}' and status = 'live')"  # noqa: S608 - a name out of our own code


def arrays(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as one list a column, to be passed to ``unnest``; no rows give no columns."""
    return [list(column) for column in zip(*rows, strict=True)]
