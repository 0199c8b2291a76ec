"""What everybody who follows a tenant's ledger makes of its rows."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import asyncpg

from domain.kernel import Event
from services.worker.work import Work


def decoded(work: Work, rows: Iterable[asyncpg.Record]) -> Iterator[tuple[asyncpg.Record, Event]]:
    """Each row with its event."""
    return ((row, work.runtime.mapper.decode(row["topic"], row["state"])) for row in rows)


def place_of(row: asyncpg.Record) -> tuple[str, UUID, int]:
    """The noun, stream and version of a row, as `StateStore.read_right_after` asks for them."""
    noun, _, _ = row["topic"].partition(".")
    return noun, row["originator_id"], row["originator_version"]
