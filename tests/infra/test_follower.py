"""The follower: every event folded once and in order, whoever follows, and rows never without their position."""

import asyncio

import msgspec
import pytest

from infra.discovery import behind, reached
from infra.folding import FoldFailed
from infra.follower import Follower
from infra.wire import EventMapper
from tests import library
from tests.library import SHOWN_LOANS


@pytest.fixture(autouse=True)
def tables(owner_url):
    """The projection's table."""
    library.create_tables(owner_url)


def follower(database, *projections, batch=7):
    """A follower of the library's projections, in small batches."""
    return Follower(database, EventMapper(library.EVENT_TYPES), projections or (SHOWN_LOANS,), batch=batch)


async def shown(database, tenant):
    """Each loan's row in the live build: book, version, and how many events were folded into it."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select s.loan_id, s.book, s.version, s.folded from shown_loans s"
            " join projections p using (tenant_id, build)"
            " where s.tenant_id = $1 and p.name = 'shown_loans' and p.status = 'live'",
            tenant,
        )
    return {row["loan_id"]: tuple(row)[1:] for row in rows}


def copy_of(projection, name, **changes):
    """Another projection that folds the same."""
    return msgspec.structs.replace(projection, name=name, **changes)


async def test_events_are_folded_across_batches(database, tenant):
    """Rows add up although a loan's events lie in different batches."""
    loans = await library.lend(database, tenant, 5, renewals=9)
    assert await follower(database).follow(tenant) == 50
    assert await shown(database, tenant) == {loan: (f"book {n}", 10, 10) for n, loan in enumerate(loans)}


async def test_following_goes_on_where_it_ended(database, tenant):
    """A later follow folds what is new and nothing twice."""
    await library.lend(database, tenant, 3)
    await follower(database).follow(tenant)
    await library.lend(database, tenant, 2)
    assert await follower(database).follow(tenant) == 2
    assert [row[2] for row in (await shown(database, tenant)).values()] == [1] * 5
    assert await follower(database).follow(tenant) == 0


async def test_two_followers_fold_each_event_once(database, tenant):
    """Followers of one tenant at the same time share the work."""
    await library.lend(database, tenant, 20, renewals=9)
    passed = await asyncio.gather(*(follower(database).follow(tenant) for _ in range(4)))
    assert sum(passed) == 200
    assert {row[1:] for row in (await shown(database, tenant)).values()} == {(10, 10)}


async def test_projections_catch_up_with_each_other(database, tenant):
    """A projection that is new starts at the beginning and joins the one that stands further."""
    await library.lend(database, tenant, 10)
    await follower(database).follow(tenant)
    await library.lend(database, tenant, 10)
    calls = []

    async def count(connection, tenant, build, batch):
        calls.append(len(batch))

    await follower(database, SHOWN_LOANS, copy_of(SHOWN_LOANS, "new", fold=count)).follow(tenant)
    assert sum(calls) == 20
    assert await reached(database, tenant, ["shown_loans"]) == 0  # the reactions have not begun
    assert await behind(database, ["shown_loans", "new"]) != []


async def test_events_of_other_nouns_are_passed_over(database, tenant):
    """A projection that folds nothing of what happened still moves on."""
    await library.lend(database, tenant, 3)
    lapses = copy_of(SHOWN_LOANS, "lapses", events=(library.LoanFellDue,))
    assert await follower(database, lapses).follow(tenant) == 3
    assert await shown(database, tenant) == {}


async def test_a_fold_that_fails_leaves_no_row_and_holds_nobody_up(database, tenant):
    """Rows are written with their position or not at all; other projections go on."""
    loans = await library.lend(database, tenant, 3)

    async def broken(connection, tenant, build, batch):
        await SHOWN_LOANS.fold(connection, tenant, 99, batch)
        raise ZeroDivisionError

    with pytest.raises(FoldFailed, match="broken after position 0"):
        await follower(database, copy_of(SHOWN_LOANS, "broken", fold=broken), SHOWN_LOANS).follow(tenant)
    assert set(await shown(database, tenant)) == set(loans)
    async with database.tenant_transaction(tenant) as connection:
        assert (
            await connection.fetchval("select count(*) from shown_loans where tenant_id = $1 and build = 99", tenant)
            == 0
        )
        positions = await connection.fetch("select name, position from projections where tenant_id = $1", tenant)
    assert {tuple(row) for row in positions} == {("broken", 0), ("shown_loans", 3)}


async def test_a_build_of_another_schema_is_left_alone(database, tenant):
    """Newer code never writes into rows that older code has made."""
    await library.lend(database, tenant, 3)
    await follower(database).follow(tenant)
    await library.lend(database, tenant, 2)
    assert await follower(database, copy_of(SHOWN_LOANS, "shown_loans", schema_version=2)).follow(tenant) == 0
    assert len(await shown(database, tenant)) == 3


async def test_old_versions_of_events_are_folded_as_new_ones(database, tenant):
    """An event stored under an older tag reaches the projection upcast."""
    await library.lend(database, tenant, 1)
    newer = {tag: event for tag, event in library.EVENT_TYPES.items() if tag != "loan.borrowed"} | {
        "loan.borrowed.v2": BorrowedV2
    }
    mapper = EventMapper(newer, upcasters={"loan.borrowed": lambda old: {**old, "type": "loan.borrowed.v2"}})
    seen = []

    async def see(connection, tenant, build, batch):
        seen.extend(folded.event for folded in batch)

    projection = copy_of(SHOWN_LOANS, "second", events=(BorrowedV2,), fold=see)
    await Follower(database, mapper, (projection,)).follow(tenant)
    assert [event.book for event in seen] == ["book 0"]


class BorrowedV2(library.Event, tag="loan.borrowed.v2", frozen=True, kw_only=True):
    """A book was taken out, told anew."""

    book: str


async def test_tenants_are_found_while_they_are_behind(database, tenant, tenant_factory):
    """Discovery names who has events to follow, counts them, and names nobody else."""
    await tenant_factory()
    await library.lend(database, tenant, 3)
    names = ["shown_loans"]
    assert [(b.tenant, b.lag) for b in await behind(database, names)] == [(tenant, 3)]
    await follower(database).follow(tenant)
    assert [b.tenant for b in await behind(database, names)] == [tenant]
    async with database.tenant_transaction(tenant) as connection:
        await connection.execute("insert into tracking values ($1, 'reactions', 3)", tenant)
    assert await behind(database, names) == []
    assert await reached(database, tenant, names) == 3
    assert [b.lag for b in await behind(database, [*names, "never_begun"])] == [3]
    assert await reached(database, tenant, [*names, "never_begun"]) == 0


async def test_a_suspended_tenant_is_followed_but_does_not_react(database, tenant):
    """Suspension stops reactions; what has happened is still shown."""
    await library.lend(database, tenant, 3)
    async with database.platform() as connection:
        await connection.execute("update tenants set status = 'suspended' where tenant_id = $1", tenant)
    assert [b.tenant for b in await behind(database, ["shown_loans"])] == [tenant]
    await follower(database).follow(tenant)
    assert await behind(database, ["shown_loans"]) == []
