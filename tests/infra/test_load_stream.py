"""Loading a stream in one round trip comes to the same as reading it in a transaction."""

from uuid import uuid4

import asyncpg

from infra.states import ABSENT, StateStore
from infra.wire import EventMapper
from tests.library import DECIDERS, EVENT_TYPES, lend

NOUNS = {decider.noun: decider for decider in DECIDERS}


def store():
    """A process that knows no state yet."""
    return StateStore(EventMapper(EVENT_TYPES), NOUNS)


async def test_a_loaded_state_is_the_fold_of_its_events(database, tenant):
    """Without a snapshot, with one, and with one that events follow, the state and version are those of the fold."""
    [loan] = await lend(database, tenant, 1, renewals=4)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        folded = await store().read(connection, tenant, "loan", loan)
        third = await store().read_as_of(connection, tenant, "loan", loan, 3)

    plain = await store().load(database, tenant, "loan", loan)
    await store().write_snapshot(database, tenant, "loan", loan, third)
    from_snapshot = await store().load(database, tenant, "loan", loan)

    assert third.version == 3
    assert plain == from_snapshot == folded
    assert folded.version == 5


async def test_what_is_not_there_is_absent(database, tenant, tenant_factory):
    """An unknown id, another noun's id and another tenant's id load alike."""
    [loan] = await lend(database, tenant, 1)
    elsewhere = await tenant_factory()

    assert await store().load(database, tenant, "loan", uuid4()) == ABSENT
    assert await store().load(database, tenant, "reader", loan) == ABSENT
    assert await store().load(database, elsewhere, "loan", loan) == ABSENT


async def test_a_dead_connection_is_replaced(database, tenant, owner_url):
    """A pooled connection that died since it was used costs another attempt, not the load."""
    [loan] = await lend(database, tenant, 1)
    owner = await asyncpg.connect(owner_url)
    await owner.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'kaohe_app' and datname = current_database()"
    )
    await owner.close()

    assert (await store().load(database, tenant, "loan", loan)).version == 1
