"""The test run's own ground: databases are fresh, tenants are there, the loop is the service's."""

import asyncio
from uuid import uuid4

import redis

from infra import catalogue_check
from infra.eventstore import ledger_position


async def test_the_catalogue_of_a_fresh_database_is_sound(database):
    """What the migrations make is what the service accepts to start on."""
    assert await catalogue_check.findings(database) == []


async def test_a_provisioned_tenant_starts_at_nothing(database, tenant, tenant_factory):
    """A tenant's order begins at position 0, epoch 1; another tenant has its own."""
    assert await ledger_position(database, tenant) == (0, 1)
    assert await tenant_factory() != tenant


async def test_asynchronous_tests_run_on_uvloop():
    """Tests run on the loop that the service runs on."""
    assert type(asyncio.get_running_loop()).__module__.startswith("uvloop")


def test_valkey_is_empty(valkey_url):
    """Each test finds nothing that another left."""
    with redis.Redis.from_url(valkey_url) as client:
        assert client.dbsize() == 0
        client.set(uuid4().hex, 1)
