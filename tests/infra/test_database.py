"""A pooled connection carries nothing over: no tenant, no open transaction, whatever befell its last user."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from infra.database import Database


class WentWrongError(Exception):
    """What a body of a transaction raises in these tests."""


@pytest.fixture
async def single(anyio_backend, database_url):
    """A database with one connection, so that each user of it gets the last one's."""
    opened = await Database.open(database_url, size=1)
    yield opened
    await opened.close()


async def carried_over(database):
    """What the connection's next user finds: the tenant and whether a transaction is open."""
    async with asyncio.timeout(10), database.tenants.acquire() as connection:
        open_before = connection.is_in_transaction()
        return await connection.fetchval("select nullif(current_setting('app.tenant_id', true), '')"), open_before


async def test_the_tenant_is_set_within_the_transaction(single, tenant):
    """What the helper opens is a transaction under the tenant."""
    async with single.tenant_transaction(tenant) as connection:
        assert await connection.fetchval("select current_setting('app.tenant_id')") == str(tenant)
        assert connection.is_in_transaction()


async def test_nothing_is_carried_over_after_a_commit(single, tenant):
    """The tenant ends with its transaction."""
    async with single.tenant_transaction(tenant):
        pass
    assert await carried_over(single) == (None, False)


async def test_nothing_is_carried_over_after_an_error_of_the_body(single, tenant):
    """An exception of the caller's rolls back."""

    async def work():
        async with single.tenant_transaction(tenant) as connection:
            await connection.execute("update ledger set epoch = 9 where tenant_id = $1", tenant)
            raise WentWrongError

    with pytest.raises(WentWrongError):
        await work()
    assert await carried_over(single) == (None, False)
    async with single.tenant_transaction(tenant) as connection:
        assert await connection.fetchval("select epoch from ledger where tenant_id = $1", tenant) == 1


async def test_nothing_is_carried_over_after_an_error_of_a_statement(single, tenant):
    """A failed statement rolls back."""
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with single.tenant_transaction(tenant) as connection:
            await connection.execute("select 1 / 0")
    assert await carried_over(single) == (None, False)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("statement", ["select pg_sleep(10)", None], ids=["in a statement", "between statements"])
async def test_nothing_is_carried_over_after_a_cancellation(single, tenant, statement, times):
    """A caller that goes away, and is told so again while it rolls back, leaves the connection clean."""
    entered = asyncio.Event()

    async def work():
        async with single.tenant_transaction(tenant) as connection:
            await connection.execute("update ledger set epoch = 9 where tenant_id = $1", tenant)
            entered.set()
            if statement:
                await connection.execute(statement)
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    await entered.wait()
    await asyncio.sleep(0.02)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await carried_over(single) == (None, False)
    async with single.tenant_transaction(tenant) as connection:
        assert await connection.fetchval("select epoch from ledger where tenant_id = $1", tenant) == 1


async def test_nothing_is_carried_over_wherever_a_cancellation_strikes(single, tenant):
    """Cancelled after any number of turns of the loop, begin and commit included, the connection is clean."""
    for turns in range(60):

        async def work():
            async with single.tenant_transaction(tenant) as connection:
                await connection.execute("select 1")

        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await carried_over(single) == (None, False)


async def test_a_connection_that_died_in_the_pool_is_replaced(single, owner_url, tenant):
    """A transaction that has not begun goes on over a new connection."""
    owner = await asyncpg.connect(owner_url)
    for _ in range(10):
        await owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'kaohe_app' and datname = current_database()"
        )
        async with single.tenant_transaction(tenant) as connection:
            assert await connection.fetchval("select 1") == 1
    await owner.close()


async def test_a_read_only_transaction_writes_nothing(single, tenant):
    """What is opened to read cannot write."""
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with single.tenant_transaction(tenant, read_only=True) as connection:
            await connection.execute("update ledger set epoch = 9 where tenant_id = $1", tenant)


async def test_each_door_has_its_role(database, tenant):
    """Tenant, directory and platform are three roles that own nothing."""
    async with database.tenant_transaction(tenant) as connection:
        assert await connection.fetchval("select current_user") == "kaohe_app"
    async with database.directory() as connection:
        assert await connection.fetchval("select current_user") == "kaohe_directory"
    async with database.platform() as connection:
        assert await connection.fetchval("select current_user") == "kaohe_platform"


async def test_a_tenant_that_does_not_exist_has_nothing(database):
    """An unknown tenant's transaction opens and sees no row."""
    async with database.tenant_transaction(uuid4()) as connection:
        assert await connection.fetchval("select count(*) from tenants") == 0
