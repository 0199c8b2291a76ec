"""The only doors to Postgres: a tenant transaction, the directory, the platform.

Every connection runs as a role that owns nothing. ``kaohe_app`` sees the rows of one tenant, set for one
transaction; ``kaohe_directory`` finds tenants with work to do and reads no content; ``kaohe_platform``
provisions tenants. There is no other way to a connection.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Self
from uuid import UUID

import asyncpg
from asyncpg.exceptions._base import DataError as ClientDataError

if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Connection = asyncpg.pool.PoolConnectionProxy
    Pool = asyncpg.Pool

SCHEMA = "kaohe"
STATEMENT_TIMEOUT_MS = 15_000
CONNECT_TIMEOUT_S = 10
ROLLBACK_TIMEOUT_S = 5
BEGIN_ATTEMPTS = 4

CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
    OSError,
    TimeoutError,
)
"""What a lost, refused or unanswering server looks like; whether the work was done must then be asked.

`BAD_INPUT` is caught before it: the client library's own data error is an ``InterfaceError``, too.
"""

BAD_INPUT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ClientDataError,
    UnicodeError,
    OverflowError,
)
"""What a value looks like that the database cannot take; nothing was done, and trying again gives the same."""

NOTHING_DONE = (
    asyncpg.QueryCanceledError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,
)
"""What an overloaded server answers: the statement was given up and undone, and may be tried again later."""


class Database:
    """The pools of one process. Open with `Database.open`, close with `close`."""

    def __init__(self, tenants: Pool, directory: Pool, platform: Pool) -> None:
        self.tenants = tenants
        self._directory = directory
        self._platform = platform

    @classmethod
    async def open(cls, url: str, *, size: int = 10, statement_timeout_ms: int = STATEMENT_TIMEOUT_MS) -> Self:
        """Connect to ``url``; ``size`` bounds the connections that serve tenants."""
        return cls(
            await _pool(url, "kaohe_app", size, statement_timeout_ms),
            await _pool(url, "kaohe_directory", 2, statement_timeout_ms),
            await _pool(url, "kaohe_platform", 2, statement_timeout_ms),
        )

    async def close(self) -> None:
        """Close every connection; running statements are cut off after a moment."""
        for pool in (self.tenants, self._directory, self._platform):
            try:
                await asyncio.wait_for(pool.close(), ROLLBACK_TIMEOUT_S)
            except TimeoutError:
                pool.terminate()

    @asynccontextmanager
    async def tenant_transaction(self, tenant: UUID, *, read_only: bool = False) -> AsyncIterator[Connection]:
        """A transaction that sees and writes the rows of one tenant alone.

        The tenant is set for the transaction only, so a pooled connection carries nothing over, whether the
        transaction commits, fails or is cancelled.
        """
        mode = "read only" if read_only else "read write"
        # `tenant` is a UUID object: its text cannot carry SQL, and one statement saves a round trip
        begin = f"begin {mode}; select set_config('app.tenant_id', '{tenant}', true)"
        async with _transaction(self.tenants, begin) as connection:
            yield connection

    @asynccontextmanager
    async def directory(self) -> AsyncIterator[Connection]:
        """A connection that may look across tenants for work and for the tenant of a login, never at content."""
        async with self._directory.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def platform(self) -> AsyncIterator[Connection]:
        """A transaction of the platform operator: provisioning and suspension, never content."""
        async with _transaction(self._platform, "begin") as connection:
            yield connection


@asynccontextmanager
async def _transaction(pool: Pool, begin: str) -> AsyncIterator[Connection]:
    connection = await _begun(pool, begin)
    try:
        yield connection
    except BaseException:
        await _to_its_end(_rollback(connection))
        raise
    else:
        await connection.execute("commit")
    finally:
        await pool.release(connection)


async def _begun(pool: Pool, begin: str) -> Connection:
    """A connection in a transaction. One found dead is replaced: nothing has been done on it yet."""
    for attempt in range(1, BEGIN_ATTEMPTS + 1):
        connection = await pool.acquire()
        try:
            await connection.execute(begin)
        except BaseException as error:
            await _to_its_end(_rollback(connection))
            await pool.release(connection)
            if attempt == BEGIN_ATTEMPTS or not isinstance(error, CONNECTION_LOST):
                raise
        else:
            return connection
    raise AssertionError("the last attempt returns or raises")


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Wait for work even when cancelled, and only then be cancelled: nobody may get a connection at work."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def _rollback(connection: Connection) -> None:
    """Leave no transaction behind; a connection that cannot even roll back is given up."""
    try:
        await connection.execute("rollback", timeout=ROLLBACK_TIMEOUT_S)
    except (*CONNECTION_LOST, asyncpg.PostgresError):
        with suppress(asyncpg.InterfaceError):  # it was found closed, and the pool has taken it back
            connection.terminate()


async def _pool(url: str, role: str, size: int, statement_timeout_ms: int) -> Pool:
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        timeout=CONNECT_TIMEOUT_S,
        reset=_nothing_to_reset,
        max_inactive_connection_lifetime=300,
        server_settings={
            "role": role,
            "search_path": SCHEMA,
            "application_name": role,
            "timezone": "UTC",
            "statement_timeout": str(statement_timeout_ms),
            "idle_in_transaction_session_timeout": "60000",
            "jit": "off",
        },
    )


async def _nothing_to_reset(_: object) -> None:
    """All settings are local to transactions, so the usual reset round trip on release has nothing to do."""
