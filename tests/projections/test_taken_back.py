"""What a paper asks for was taken back, in part or altogether: by its own row, in whatever batches the events come."""

from datetime import UTC, date, datetime
from functools import cache
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fee_account import account_id
from domain.fee_account import commands as c
from domain.reactions.documents import FORMS, document_id, drawing
from domain.rule_book.messages import AdoptPack
from projections.documents import DocumentsAsked, documents
from projections.taken_back import TakenBack, counts, rests_on, status_of, take_back, taken_back, written
from tests.domain.story_fees import ACCOUNT, PROJECT, charged, opened, period, standing
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK
from tests.domain.world import BOOKS, World
from tests.projections.folding import contents, fold, placed

NEIGHBOUR = account_id(PROJECT, "1", "1-102")


@cache
def lived():
    """A period is charged with two items, a service after it; a paper, then both items are taken back, then a paper."""
    world = World(datetime(2026, 4, 1, 1, tzinfo=UTC))
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    world.send("fee_account", ACCOUNT, opened())
    world.send("fee_account", ACCOUNT, standing("2026-03"))
    world.send("fee_account", ACCOUNT, standing("2026-03", "common_repair", "fixed", "1"))
    world.send("fee_account", ACCOUNT, period("2026-03", "2026-03", date(2026, 4, 10)), "system")
    world.send("fee_account", ACCOUNT, charged("2026-03", "water", "4"), person=CLERK)
    papers, moments = [drawn(world)], [len(world.log)]
    for day, number in ((5, 1), (7, 2)):
        world.advance(datetime(2026, 4, day, 1, tzinfo=UTC))
        reversal = c.ReverseFeeEntry(number=number, reason="计费有误")
        world.send("fee_account", ACCOUNT, reversal, person=ACCOUNTANT)
        moments.append(len(world.log))
    papers.append(drawn(world))
    world.advance(datetime(2026, 4, 9, 1, tzinfo=UTC))
    world.send("fee_account", ACCOUNT, c.ReverseFeeEntry(number=3, reason="计费有误"), person=ACCOUNTANT)
    return world, papers, [*moments[:2], len(world.log) - 1, len(world.log)]


def drawn(world, account=ACCOUNT):
    """The notice of what an account owes now; its id."""
    state, version = world.state("fee_account", account), world.versions["fee_account", account]
    own = document_id("fee_notice", account, version)
    world.send("document", own, drawing(FORMS["fee_notice"](state), account, version))
    return own


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
@pytest.mark.parametrize("batch", [1, 3, 100_000])
async def test_lists_say_of_each_paper_what_of_it_was_taken_back(database, batch):
    """The first asked for three charges, the second for the last of them; on each day another part is gone."""
    world, papers, moments = lived()
    stood = (
        [None],
        [TakenBack(extent="part", since=date(2026, 4, 5))],
        [TakenBack(extent="part", since=date(2026, 4, 7)), None],
        [TakenBack(extent="all", since=date(2026, 4, 9))] * 2,
    )
    for moment, told in zip(moments, stood, strict=True):
        tenant = uuid4()
        await fold(database, tenant, placed(world.log)[:moment], batch=batch)
        async with database.tenant_transaction(tenant, read_only=True) as connection:
            listed = await documents(connection, tenant, DocumentsAsked(subject=ACCOUNT), 10)
        assert [each.document_id for each in listed] == papers[: len(told)]
        assert [each.taken_back for each in listed] == told
        assert [each.status for each in listed] == [status_of("issued", each) for each in told]


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_a_notice_in_bulk_says_so_as_well(database):
    """Its own two charges are gone with the second; what was charged beside the period does not matter to it."""
    world, *_ = lived()
    tenant = uuid4()
    await fold(database, tenant, placed(world.log))
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        [row] = await connection.fetch(
            "select rests_on, gone, taken_back_on from fee_notices where tenant_id = $1 and level = 0", tenant
        )
    assert (row["rests_on"], row["gone"]) == ("1,2", "1,2")
    assert taken_back(*row) == TakenBack(extent="all", since=date(2026, 4, 7))


@cache
def neighbours():
    """Two units are charged for March and one of them for April as well; what April charged it is taken back."""
    world = World(datetime(2026, 4, 1, 1, tzinfo=UTC))
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    for account, unit in ((ACCOUNT, "1-101"), (NEIGHBOUR, "1-102")):
        world.send("fee_account", account, opened(unit=unit))
        world.send("fee_account", account, standing("2026-03"))
        world.send("fee_account", account, period("2026-03", "2026-03", date(2026, 4, 10)), "system")
        drawn(world, account)
    world.send("fee_account", ACCOUNT, period("2026-04", "2026-04", date(2026, 5, 10), serial=2), "system")
    world.send("fee_account", ACCOUNT, c.ReverseFeeEntry(number=2, reason="计费有误"), person=ACCOUNTANT)
    first = len(world.log)
    world.send("fee_account", ACCOUNT, c.ReverseFeeEntry(number=1, reason="计费有误"), person=ACCOUNTANT)
    return world, first


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_a_notice_that_also_asked_for_what_was_owed_before_is_taken_back_in_part(database):
    """Its one charge is gone; that March is still owed it says rightly."""
    world, first = neighbours()
    tenant = uuid4()
    await fold(database, tenant, placed(world.log)[:first])
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select rests_on, gone, taken_back_on from fee_notices where tenant_id = $1 and account_id = $2"
            " order by version",
            tenant,
            ACCOUNT,
        )
    assert [(row["rests_on"], row["gone"]) for row in rows] == [("1", ""), ("0,2", "2")]
    assert taken_back(*rows[1]) == TakenBack(extent="part", since=date(2026, 4, 1))


@pytest.mark.clause("R13.4.2.7")
@pytest.mark.parametrize("batch", [1, 100_000])
async def test_the_papers_of_other_units_stay_as_they_are(database, batch):
    """Entries have the same numbers in every account; only papers about the one account change, in whatever batch."""
    world, _ = neighbours()
    tenant = uuid4()
    await fold(database, tenant, placed(world.log), batch=batch)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        listed = await documents(connection, tenant, DocumentsAsked(kind="fee_notice"), 10)
        kept = await connection.fetch(
            "select gone from fee_notices where tenant_id = $1 and account_id = $2", tenant, NEIGHBOUR
        )
    assert {each.subject_id: each.status for each in listed} == {ACCOUNT: "taken_back", NEIGHBOUR: "issued"}
    assert [row["gone"] for row in kept] == [""]


@pytest.mark.clause("R13.4.2.7")
async def test_batches_of_any_size_leave_the_same_rows(database):
    """One event at a time or all at once."""
    world, *_ = lived()
    tenants = [uuid4() for _ in range(2)]
    for tenant, batch in zip(tenants, (1, 100_000), strict=True):
        await fold(database, tenant, placed(world.log), batch=batch)
    one, whole = [await contents(database, tenant) for tenant in tenants]
    assert one == whole


class Row:
    """A paper's row."""

    def __init__(self, numbers):
        self.rests_on, self.gone, self.taken_back_on = written(numbers), "", None


@given(st.sets(st.integers(0, 12)), st.lists(st.integers(1, 12)))
def test_a_paper_is_taken_back_by_what_it_asks_for_and_nothing_else(numbers, reversed_):
    """All of it exactly when every entry that it names is gone; naming what was owed before, never all of it."""
    row = Row(numbers)
    for number in reversed_:
        if rests_on(row, number):
            take_back(row, number, date(2026, 4, 5))
    taken = taken_back(row.rests_on, row.gone, row.taken_back_on)
    hit = numbers & set(reversed_)
    assert (taken is not None) == bool(hit)
    assert taken is None or (taken.extent == "all") == (hit == numbers)
    assert counts(status_of("issued", taken)) == (not hit or hit != numbers)
    assert status_of("voided", taken) == "voided"
