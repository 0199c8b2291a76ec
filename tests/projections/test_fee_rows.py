"""What the lists of fees show is what the streams of accounts, books and funds add up to."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.fee_account import FEE_ACCOUNT
from domain.fee_book.parts import Amounts
from domain.kernel import derived_id
from projections import fee_money as money
from projections import fee_reports as reports
from tests.domain.story_fee_book import FLAT
from tests.domain.test_fee_book import book, charged
from tests.projections.folding import fold, folded_year, placed, year

FAR = datetime(2099, 1, 1, tzinfo=UTC)
LIMITS = (30, 90, 180, 365)


def states(noun):
    """The streams of a noun as the year left them."""
    return {stream: state for (each, stream), state in year().states.items() if each == noun}


async def rows(database, table, *, batch=1_000):
    """The rows of a table after the year."""
    tenant = await folded_year(database, batch=batch)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1 and build = 1", tenant)


@pytest.mark.clause("R13.4.2.4")
@pytest.mark.parametrize("batch", [1, 1_000])
async def test_each_charge_is_unpaid_as_its_account_says(database, batch):
    """Amount, what is paid and what is unpaid of each charge that stands; one that was taken back is unpaid no more."""
    found = {(row["account_id"], row["number"]): row for row in await rows(database, "fee_charges", batch=batch)}
    told = {
        (account, number): (
            entry.effect_fen,
            entry.paid_fen,
            0 if entry.reversed else entry.effect_fen - entry.paid_fen,
        )
        for account, state in states("fee_account").items()
        for number, entry in state.entries.items()
        if entry.charge
    }
    assert {key: (row["amount_fen"], row["paid_fen"], row["unpaid_fen"]) for key, row in found.items()} == told
    assert any(row["reversed"] for row in found.values())


@pytest.mark.clause("R13.4.2.4")
async def test_arrears_as_of_a_moment_are_those_of_the_accounts_as_they_stood(database):
    """At every event of the year: what is overdue, by age, is what the streams up to there say."""
    log = year().log
    events = [each for each in placed(log) if each.stream_id in states("fee_account")]
    tenant = await folded_year(database)
    day = FAR.date()
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for last in events[:: max(1, len(events) // 12)]:
            asked = reports.ArrearsAsked(at=last.recorded_at, day=day, limits=LIMITS)
            shown = await reports.arrears(connection, tenant, asked, 1_000)
            unpaid = sum(
                sum(state.unpaid().values())
                for account in states("fee_account")
                if (state := _as_of(account, last.position)) is not None
            )
            assert sum(each.unpaid_fen for each in shown) == unpaid


def _as_of(account, position):
    """An account as the events up to a position leave it."""
    told = enumerate(year().log, 1)
    events = [event for place, (_, stream, _, event) in told if stream == account and place <= position]
    return FEE_ACCOUNT.fold(None, events)


@pytest.mark.clause("R13.4.2.4")
async def test_arrears_are_parted_at_the_limits_of_the_rules(database):
    """A charge is of the age that lies between two limits, the older limit included; what is yet to be due is none."""
    world, tenant = book(), uuid4()
    charged(world, "water", "property_fee")
    due_on = next(iter(world.state("fee_account", FLAT).entries.values())).due_on
    await fold(database, tenant, placed(world.log))
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for days, bounds in ((30, (1, 30)), (31, (31, 90)), (365, (181, 365)), (366, (366, None))):
            asked = reports.ArrearsAsked(at=FAR, day=due_on + timedelta(days=days), limits=LIMITS)
            shown = await reports.arrears(connection, tenant, asked, 1_000)
            assert {(each.kind, each.unpaid_fen) for each in shown} == {("agency", 3_100), ("public_service", 2_500)}
            assert {(each.from_days, each.to_days) for each in shown} == {bounds}
        assert await reports.arrears(connection, tenant, replace(asked, day=due_on), 10) == []


@pytest.mark.clause("R13.4.2.7")
async def test_what_collectors_hold_and_handed_over_is_what_the_books_say(database):
    """Each open receipt and each open hand-over, neither more nor less."""
    held = {(row["book_id"], row["number"]): row["amount_fen"] for row in await rows(database, "fee_receipts_held")}
    assert held == {
        (book, number): receipt.amount_fen
        for book, state in states("fee_book").items()
        for number, receipt in state.receipts.items()
    }
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        every = await money.handovers(connection, tenant, money.MoneyAsked(), 100)
        open_ = await money.handovers(connection, tenant, money.MoneyAsked(statuses=money.OPEN), 100)
    assert {each.status for each in every} == {"settled", "confirmed"}
    assert open_ == []
    short = next(each for each in every if each.status == "settled")
    assert (short.due, short.received) == (
        Amounts(cash_fen=3_000, card_fen=9_000),
        Amounts(cash_fen=2_900, card_fen=9_000),
    )


@pytest.mark.clause("R13.4.1")
async def test_what_suppliers_are_owed_is_what_the_books_say(database):
    """Collected less passed on, by item."""
    found = {(row["book_id"], row["item"]): row for row in await rows(database, "fee_suppliers")}
    told = {
        (book, item): (each.supplier, each.collected_fen, each.passed_on_fen)
        for book, state in states("fee_book").items()
        for item, each in state.agency.items()
    }
    assert {key: (row["supplier"], row["collected_fen"], row["passed_on_fen"]) for key, row in found.items()} == told


@pytest.mark.clause("R13.4.2.8", "R13.4.3")
async def test_a_funds_bookings_add_up_to_what_is_in_it(database):
    """Its statement's last balance is the stream's, and what was published is kept as it was."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        for fund in await money.funds(connection, money.funds_question(tenant), 100):
            state = states("repair_fund")[fund.fund_id]
            booked = await money.bookings(connection, tenant, fund.fund_id, after=None, limit=1_000)
            assert fund.balance_fen == state.balance_fen == sum(each.effect_fen for each in booked)
            assert [each.number for each in booked] == list(range(1, len(booked) + 1))
            assert fund.fund_id == derived_id(fund.project_id, "repair_fund")
        question = money.published_question(tenant)
        published = await money.published(connection, question, zone=UTC, limit=100)
    assert {each.accounts is None for each in published} == {True, False}


@pytest.mark.clause("R13.4.2.1")
async def test_what_a_period_brought_in_is_what_is_paid_of_its_charges(database):
    """Charged and paid by kind; of nothing there is no rate."""
    tenant = await folded_year(database, batch=7)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        asked = reports.CollectionAsked(first="", last="9999-12")
        shown = await reports.collection(connection, tenant, asked, 1_000)
    entries = [entry for state in states("fee_account").values() for entry in state.entries.values() if entry.stands]
    assert sum(each.charged_fen for each in shown) == sum(entry.effect_fen for entry in entries)
    assert sum(each.paid_fen for each in shown) == sum(entry.paid_fen for entry in entries)
    assert reports.rate(1, 3) == reports.rate(2, 6)
    assert str(reports.rate(1, 3)) == "33.3"
    assert reports.rate(0, 0) is None
