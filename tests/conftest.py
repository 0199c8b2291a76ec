"""What all tests may ask for: a migrated database, tenants in it, a Valkey; and how asynchronous tests run.

``async def test_…`` and asynchronous fixtures need no mark; they run on one asyncio loop (anyio's plugin).
"""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis

from infra.database import Database
from tests.servers import WORKER_KEY, Addresses, AskedServers, OwnServers, TestDatabase, worker_number

TenantFactory = Callable[[], Awaitable[UUID]]

SERVERS = pytest.StashKey[OwnServers | AskedServers]()


def pytest_configure(config: pytest.Config) -> None:
    """Know the servers; none is started before a test needs it."""
    offered = getattr(config, "workerinput", {}).get(WORKER_KEY)
    config.stash[SERVERS] = AskedServers(*offered) if offered else OwnServers()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where to ask."""
    servers = node.config.stash[SERVERS]
    assert isinstance(servers, OwnServers)
    node.workerinput[WORKER_KEY] = servers.offer()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    config.stash[SERVERS].stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The scenarios first: what takes longest begins first, and a worker's first share keeps modules together.

    A module that two workers share is set up by each of them, which for the demonstration takes half a minute.
    """
    items.sort(key=lambda item: "scenarios" not in item.path.parts)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: object) -> None:
    """Run every coroutine test on the loop without a mark on each."""
    if collector.istestfunction(obj, name):
        inner = obj.hypothesis.inner_test if hasattr(obj, "hypothesis") else obj
        if inspect.iscoroutinefunction(inner):
            pytest.mark.usefixtures("anyio_backend")(obj)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that the service runs on, too."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Addresses:
    """The run's Postgres and Valkey."""
    return pytestconfig.stash[SERVERS].addresses()


@pytest.fixture
def fresh_database(servers: Addresses) -> Iterator[TestDatabase]:
    """A migrated, empty database of this test's own, with the URLs of the service and of the owner."""
    database = servers.new_database()
    yield database
    servers.drop_database(database)


@pytest.fixture(scope="module")
def module_database(servers: Addresses) -> Iterator[TestDatabase]:
    """A migrated database that the tests of one module share; they keep apart by tenant."""
    database = servers.new_database()
    yield database
    servers.drop_database(database)


@pytest.fixture
def database_url(fresh_database: TestDatabase) -> str:
    """The service's URL of this test's database (role ``kaohe``)."""
    return fresh_database.url


@pytest.fixture
def owner_url(fresh_database: TestDatabase) -> str:
    """The owner's URL of this test's database."""
    return fresh_database.owner_url


@pytest.fixture
async def database(anyio_backend: object, database_url: str) -> AsyncIterator[Database]:
    """This test's database, opened as the service opens it."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def tenant_factory(database: Database) -> TenantFactory:
    """A coroutine function that provisions one more tenant."""

    async def provision() -> UUID:
        return await provision_tenant(database)

    return provision


@pytest.fixture
async def tenant(anyio_backend: object, database: Database) -> UUID:
    """A provisioned tenant."""
    return await provision_tenant(database)


@pytest.fixture
def valkey_url(servers: Addresses) -> str:
    """A Valkey database of this worker's own, emptied."""
    url = f"{servers.valkey}{worker_number()}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


async def provision_tenant(database: Database) -> UUID:
    """A new tenant with its ledger, as the platform makes one."""
    tenant = uuid4()
    async with database.platform() as connection:
        await connection.execute("insert into tenants (tenant_id, slug, name) values ($1, $2, $2)", tenant, tenant.hex)
        await connection.execute("insert into ledger (tenant_id) values ($1)", tenant)
    return tenant
