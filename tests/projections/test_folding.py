"""Folding: batches of any size, replays and other tenants leave the same rows."""

from uuid import uuid4

import pytest

from projections.catalogue import PROJECTIONS
from tests.domain.story import DEPOSIT, PROJECT
from tests.projections.folding import contents, fold, folded_year, placed, year


@pytest.mark.parametrize("batch", [1, 3, 7])
async def test_where_batches_end_changes_nothing(database, batch):
    """A year folded in small batches leaves the rows that one batch leaves."""
    whole = await contents(database, await folded_year(database))
    assert await contents(database, await folded_year(database, batch=batch)) == whole


async def test_every_table_of_a_year_has_rows(database):
    """The year reaches every table that is listed, so that equal rows mean something."""
    found = await contents(database, await folded_year(database))
    # in the year every content was submitted, every minor finding corrected or overturned in another month
    assert {table for table, rows in found.items() if not rows} == set()
    assert set(found) == {table for projection in PROJECTIONS for table in projection.tables}


async def test_a_replay_gives_the_live_rows(database):
    """A build made anew from the first event equals the one that grew with the events."""
    tenant = uuid4()
    events = placed(year().log)
    await fold(database, tenant, events, batch=5)
    async with database.tenant_transaction(tenant) as connection:
        await connection.execute("update projections set status = 'retired' where tenant_id = $1", tenant)
    await fold(database, tenant, events, build=2)
    assert await contents(database, tenant, 2) == await contents(database, tenant, 1)


async def test_another_tenant_sees_nothing(database):
    """A tenant's rows are not there for another one, nor for no tenant at all."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(uuid4(), read_only=True) as connection:
        for table in await contents(database, tenant):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
    async with database.tenants.acquire() as connection:
        for table in await contents(database, tenant):
            assert await connection.fetchval(f"select count(*) from {table}") == 0


async def test_rows_say_what_the_states_say(database):
    """Balances, statuses and streaks in the rows are those of the aggregates."""
    tenant = await folded_year(database)
    deposit = year().state("contract_deposit", DEPOSIT)
    project = year().state("property_project", PROJECT)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        row = await connection.fetchrow("select * from deposits where tenant_id = $1", tenant)
        kinds = await connection.fetch(
            "select kind, entry_id, effect_fen, balance_after_fen from deposit_entries where tenant_id = $1"
            " order by number",
            tenant,
        )
        shown = await connection.fetchrow("select status, streak from contract_projects where tenant_id = $1", tenant)
    assert (row["status"], row["balance_fen"], row["received_fen"], row["uncollected_fen"], row["demanded_fen"]) == (
        deposit.status,
        deposit.balance_fen,
        deposit.received_fen,
        deposit.uncollected_fen,
        deposit.demanded_fen,
    )
    assert [tuple(kind) for kind in kinds] == [
        (entry.kind, entry.entry_id, entry.effect_fen, entry.balance_after_fen) for entry in deposit.entries
    ]
    assert tuple(shown) == (project.status, project.streak)
