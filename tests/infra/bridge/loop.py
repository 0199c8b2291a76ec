"""One asyncio loop in one thread, and our store opened on it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar
from uuid import UUID

import uvloop

from infra.database import Database
from infra.group_commit import GroupCommit

T = TypeVar("T")

POOL_SIZE = 8
BOUND_S = 60.0

_open: dict[str, "OpenStore"] = {}


class OpenStore:
    """A database and the append queue of one process, reachable from threads."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = uvloop.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="bridge", daemon=True)
        self.database: Database
        self.appends: GroupCommit

    def start(self) -> None:
        """Run the loop and connect."""
        self._thread.start()
        self.database = self.run(Database.open(self._url, size=POOL_SIZE))
        self.appends = GroupCommit(self.database)

    def stop(self) -> None:
        """Disconnect and end the thread."""
        self.run(self.appends.drain())
        self.run(self.database.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[object, object, T], bound_s: float | None = BOUND_S) -> T:
        """Wait in this thread for work on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(bound_s)

    def soon(self, call: Callable[[], None]) -> None:
        """Have a plain function called on the loop."""
        self._loop.call_soon_threadsafe(call)

    async def provision(self, tenant: UUID) -> None:
        """Make sure of a tenant."""
        async with self.database.platform() as connection:
            await connection.execute(
                "insert into tenants (tenant_id, slug, name) values ($1, $2, $2) on conflict do nothing",
                tenant,
                tenant.hex,
            )
            await connection.execute("insert into ledger (tenant_id) values ($1) on conflict do nothing", tenant)


@contextmanager
def store(url: str) -> Iterator[OpenStore]:
    """Open the store that factories find by its URL."""
    opened = OpenStore(url)
    opened.start()
    _open[url] = opened
    try:
        yield opened
    finally:
        del _open[url]
        opened.stop()


def store_at(url: str) -> OpenStore:
    """The open store of a URL."""
    return _open[url]
