"""What the lists of deliveries and stocks hold is what their streams add up to."""

import pytest

from tests.projections.folding import folded_year, year

STEPS = {"registered": "inspection", "on_trial": "trial", "passed": "storage", "conceding": "concession"}


async def rows(database, table):
    """The rows of a table after the year, folded in batches that cut streams in two."""
    tenant = await folded_year(database, batch=97)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1 and build = 1", tenant)


@pytest.mark.clause("R15.5.2")
async def test_each_good_and_its_procedure_stand_as_its_stream_says(database):
    """Status, draft and deliveries; of its procedure the versions that were approved and not withdrawn."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "purchased_good"}
    found = {row["good_id"]: row for row in await rows(database, "purchased_goods")}
    assert states
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        assert (row["name"], row["status"], row["deliveries"]) == (state.name, state.status, state.deliveries)
        assert row["drafted"] == (state.draft is not None)
    kept = {(stream, one.number): one.effective_from for stream, state in states.items() for one in state.versions}
    versions = await rows(database, "goods_procedures")
    assert {(row["good_id"], row["number"]): row["effective_from"] for row in versions} == kept


@pytest.mark.clause("R15.5.2")
async def test_each_delivery_stands_as_its_stream_says(database):
    """Status, what is owed by when, whether it is late, and what may be stored of it."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "goods_receipt"}
    found = {row["receipt_id"]: row for row in await rows(database, "goods_receipts")}
    assert found.keys() == states.keys()
    assert len(states) > 8
    for stream, state in states.items():
        row, owed = found[stream], state.owed
        assert (row["status"], row["storable"], row["defective"]) == (state.status, state.storable, state.defective)
        assert row["reasons"].split() == list(state.reasons)
        assert row["late"] == (owed is not None and owed.late)
        if owed is not None:
            assert row["step"] == owed.step
            assert owed.late or row["due_by"] == owed.due_by
        assert (row["step"] is None) == (state.status in {"stored", "returned", "replaced"})
        assert (row["failed_on"] is not None) == bool(state.reasons)
        assert row["step"] == STEPS.get(state.status, row["step"])


@pytest.mark.clause("R15.5.2")
async def test_each_stock_adds_up_to_what_its_stream_says(database):
    """Stored, issued, returned, written off, and what is left."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "goods_stock"}
    found = {row["stock_id"]: row for row in await rows(database, "goods_stocks")}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        for name in ("on_hand", "stored", "issued", "returned", "written_off"):
            assert row[name] == getattr(state, name), name
        assert row["stored"] + row["returned"] == row["on_hand"] + row["issued"] + row["written_off"]
