"""What the lists of fee accounts, periods and notices hold is what their streams add up to."""

import pytest

from domain.fee_account import events as e
from tests.projections.folding import folded_year, year


async def rows(database, table):
    """The rows of a table after the year."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1 and build = 1", tenant)


@pytest.mark.clause("R13.4.2.1")
async def test_each_account_stands_as_its_stream_says(database):
    """Unit, owner, balance and credit."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "fee_account"}
    found = {row["account_id"]: row for row in await rows(database, "fee_accounts")}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        assert (row["building"], row["unit"], row["owner"]) == (state.building, state.unit, state.owner)
        assert (row["balance_fen"], row["credit_fen"]) == (state.balance_fen, state.credit_fen)


@pytest.mark.clause("R13.4.2.1")
async def test_each_period_stands_as_its_stream_says(database):
    """Status, months, what its closing came to, and from which number on its notices are numbered."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "fee_period"}
    found = {row["period_id"]: row for row in await rows(database, "fee_periods")}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        assert (row["status"], row["first_month"], row["last_month"]) == (
            state.status,
            state.first_month,
            state.last_month,
        )
        assert (row["notices"], row["amount_fen"]) == (state.notices, state.amount_fen)
        assert row["first_number"] == (None if state.numbers is None else state.numbers.first)
    assert {row["status"] for row in found.values()} == {"closed"}


@pytest.mark.clause("R13.4.2.1", "R13.4.2.4")
async def test_each_notice_and_reminder_is_listed_once(database):
    """With its form, its period and number, and what it asks for."""
    told = {}
    for noun, stream, version, event in year().log:
        if isinstance(event, e.PeriodCharged) and event.form:
            told[stream, version] = (event.form, 0, event.period_id, event.serial, event.payable_fen)
        if isinstance(event, e.FeeReminded):
            asked = event.unpaid_fen + event.late_fee_fen
            told[stream, version] = (event.form, event.level, event.period_id, event.serial, asked)
        assert noun == "fee_account" or (stream, version) not in told
    found = {
        (row["account_id"], row["version"]): (
            row["form"],
            row["level"],
            row["period_id"],
            row["serial"],
            row["payable_fen"],
        )
        for row in await rows(database, "fee_notices")
    }
    assert found == told
    assert {form for form, *_ in told.values()} == {"QR-7510-01", "QR-7510-02"}
