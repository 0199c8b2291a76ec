"""Firing deadlines: each passed one once, with its consequences, whatever else happens to its stream."""

import asyncio
from datetime import timedelta

import pytest

from infra.deadlines import DueRow
from infra.discovery import due
from services.worker.deadlines import fire
from services.worker.settling import settle_with
from tests import library
from tests.library import RenewLoan
from tests.workshop import (
    LONG_AGO,
    SteppingClock,
    borrow,
    events_of,
    metadata_of,
    open_work,
    rows_of,
    send,
)

DUE = LONG_AGO + timedelta(days=10)


@pytest.fixture
def clock():
    """Time stands until a test lets it pass."""
    return SteppingClock()


@pytest.fixture
async def work(anyio_backend, database_url, owner_url, valkey_url, clock):
    """A worker's means."""
    library.create_tables(owner_url)
    async with open_work(database_url, valkey_url, clock) as opened:
        yield opened


async def test_a_deadline_fires_once_it_has_passed(work, clock, tenant):
    """Nothing fires before its time; then the command is decided as the system and the row is gone."""
    loan = await borrow(work, tenant, DUE)
    assert await fire(work, tenant) == 0
    clock.step(days=10)
    assert await fire(work, tenant) == 1
    assert await fire(work, tenant) == 0
    [row] = await events_of(work.runtime.database, tenant, "loan.fell_due")
    assert row["originator_id"] == loan
    [metadata] = metadata_of([row])
    assert metadata["causation"] == "deadline:return"
    assert metadata["actor_kind"] == "system"
    assert await rows_of(work.runtime.database, tenant, "deadlines") == []


async def test_many_streams_fire_in_few_transactions(work, clock, tenant):
    """More deadlines than one batch holds all fire in one call."""
    await asyncio.gather(*(borrow(work, tenant, DUE) for _ in range(450)))
    clock.step(days=11)
    assert await fire(work, tenant) == 450
    assert len(await events_of(work.runtime.database, tenant, "loan.fell_due")) == 450


async def test_a_deadline_that_was_moved_fires_at_its_new_time(work, clock, tenant):
    """A renewal replaces the row; the old time passes in silence."""
    loan = await borrow(work, tenant, DUE)
    await send(work, tenant, "loan", loan, RenewLoan(due_at=DUE + timedelta(days=5)))
    clock.step(days=11)
    assert await fire(work, tenant) == 0
    clock.step(days=5)
    assert await fire(work, tenant) == 1


async def test_a_refused_command_is_set_aside_with_its_reason(work, clock, tenant):
    """A refusal is there for a person to see, is not tried again, and holds nobody up."""
    await borrow(work, tenant, DUE, book="unreturnable")
    await borrow(work, tenant, DUE)
    clock.step(days=11)
    assert await fire(work, tenant) == 2
    assert await fire(work, tenant) == 0
    [row] = await rows_of(work.runtime.database, tenant, "deadlines")
    assert row["failed_at"] == clock.now
    assert "unreturnable" in row["failure"]
    assert len(await events_of(work.runtime.database, tenant, "loan.fell_due")) == 1
    assert await due(work.runtime.database, clock.now) == []


@pytest.mark.parametrize(
    ("noun", "command", "reason"),
    [
        ("loan", b"no json", "DecodeError"),
        ("loan", b'{"body":{},"command":"dance"}', "dance"),
        ("castle", b"{}", "castle"),
    ],
)
async def test_a_row_that_cannot_be_decoded_is_set_aside(work, clock, tenant, noun, command, reason):  # noqa: PLR0917 - fixtures and cases
    """What newer or older code has written and this one cannot read is kept and named."""
    loan = await borrow(work, tenant, DUE)
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "update deadlines set noun = $2, command = $3 where tenant_id = $1", tenant, noun, command
        )
    clock.step(days=11)
    assert await fire(work, tenant) == 1
    [row] = await rows_of(work.runtime.database, tenant, "deadlines")
    assert row["originator_id"] == loan
    assert reason in row["failure"]


async def test_a_command_with_nothing_to_do_clears_its_row(work, clock, tenant):
    """A deadline whose command causes nothing is done with all the same."""
    await borrow(work, tenant, DUE, book="lenient")
    clock.step(days=11)
    assert await fire(work, tenant) == 1
    assert await rows_of(work.runtime.database, tenant, "deadlines") == []
    assert await events_of(work.runtime.database, tenant, "loan.fell_due") == []


async def test_a_row_that_the_stream_no_longer_owes_is_cleared(work, clock, tenant):
    """The stream's state has the last word on what is owed."""
    await borrow(work, tenant, DUE)
    clock.step(days=11)
    await fire(work, tenant)
    await restore_row(work, tenant, "return", DUE)
    assert await fire(work, tenant) == 1
    assert len(await events_of(work.runtime.database, tenant, "loan.fell_due")) == 1
    assert await rows_of(work.runtime.database, tenant, "deadlines") == []


async def test_a_row_that_stands_too_early_moves_to_its_time(work, clock, tenant):
    """Where newer code computes a later time from the same events, the deadline waits for it."""
    await borrow(work, tenant, DUE)
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute("update deadlines set due_at = $2 where tenant_id = $1", tenant, LONG_AGO)
    assert await fire(work, tenant) == 1
    [row] = await rows_of(work.runtime.database, tenant, "deadlines")
    assert row["due_at"] == DUE


async def test_commands_in_between_neither_lose_nor_double_a_deadline(work, clock, tenant):
    """Renewals race with firing: each loan either fell due before the renewal was decided or was renewed."""
    loans = await asyncio.gather(*(borrow(work, tenant, DUE) for _ in range(60)))
    clock.step(days=11)
    later = clock.now + timedelta(days=30)
    await asyncio.gather(
        fire(work, tenant),
        *(send(work, tenant, "loan", loan, RenewLoan(due_at=later)) for loan in loans),
        fire(work, tenant),
    )
    await fire(work, tenant)
    fallen = [row["originator_id"] for row in await events_of(work.runtime.database, tenant, "loan.fell_due")]
    owed = [row["originator_id"] for row in await rows_of(work.runtime.database, tenant, "deadlines")]
    assert sorted(fallen + owed) == sorted(loans)


async def test_a_suspended_tenant_fires_nothing_until_it_is_resumed(work, clock, tenant):
    """Suspension stops time for an organisation and loses none of what it owes."""
    await borrow(work, tenant, DUE)
    clock.step(days=11)
    assert [(d.tenant, d.count, d.since) for d in await due(work.runtime.database, clock.now)] == [(tenant, 1, DUE)]
    await set_status(work, tenant, "suspended")
    assert await due(work.runtime.database, clock.now) == []
    assert await fire(work, tenant) == 0
    await set_status(work, tenant, "active")
    assert await fire(work, tenant) == 1


async def test_what_a_deadline_causes_is_reacted_to_and_shown(work, clock, tenant):
    """Settling goes on until reactions, deadlines and projections have nothing left to do."""
    loan = await borrow(work, tenant, DUE)
    clock.step(days=11)
    await settle_with(work, tenant)
    [row] = await rows_of(work.runtime.database, tenant, "shown_loans")
    assert (row["loan_id"], row["status"], row["folded"]) == (loan, "overdue", 2)
    [refusal] = await rows_of(work.runtime.database, tenant, "reaction_refusals")
    assert refusal["code"] == "not_found"  # nobody registered the reader


async def restore_row(work, tenant, key, due_at):
    """Put a deadline's row back, as if its end had been lost."""
    [event] = await events_of(work.runtime.database, tenant, "loan.borrowed")
    row = DueRow(event["originator_id"], key, due_at, "loan", b'{"body":{},"command":"lapse_loan"}')
    async with work.runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "insert into deadlines (tenant_id, originator_id, key, due_at, noun, command)"
            " values ($1, $2, $3, $4, $5, $6)",
            tenant,
            row.stream,
            row.key,
            row.due_at,
            row.noun,
            row.command,
        )


async def set_status(work, tenant, status):
    """Suspend or resume a tenant as the platform does."""
    async with work.runtime.database.platform() as connection:
        await connection.execute("update tenants set status = $2 where tenant_id = $1", tenant, status)
        await connection.execute("update ledger set epoch = epoch + 1 where tenant_id = $1", tenant)
