"""No list of fees, money or repair funds reads another tenant's rows: among many tenants every table has its index."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import psycopg
import pytest

from projections import fee_money as money
from projections.books import FEE_BOOKS
from projections.charges import FEE_CHARGES
from projections.fee_money import MoneyAsked
from projections.fee_reports import ArrearsAsked, CollectionAsked, arrears_question, collection_question
from projections.fee_reports import entries_question as account_question
from services.imports.fee_importing import HELD
from services.imports.fee_matching import UNITS
from tests.projections.folding import fold, placed, year
from tests.projections.stories import PROJECTS
from tests.projections.test_plans import TENANTS, nodes

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SOME = PROJECTS[0]


@pytest.fixture
async def crowd(database, module_database):
    """A tenant with the year's fees behind it, among many others of whom the same is told, with statistics."""
    tenant = uuid4()
    told = {*FEE_CHARGES.events, *FEE_BOOKS.events}
    await fold(database, tenant, [each for each in placed(year().log) if type(each.event) in told])
    async with database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "insert into reservations values ($1, $2, 'bank:1', 'bank_row', $3, '[2026-01-01,)')", tenant, SOME, uuid4()
        )
    tables = [*FEE_CHARGES.tables, *FEE_BOOKS.tables, "projections", "reservations"]
    with psycopg.connect(module_database.owner_url, autocommit=True) as connection:
        connection.execute("set search_path to kaohe")
        for table in tables:
            connection.execute(
                f"create temp table others as select * from {table} where tenant_id = '{tenant}';"
                f"insert into {table} select (jsonb_populate_record(o, jsonb_build_object('tenant_id', t))).*"
                f" from others o, (select gen_random_uuid() as t from generate_series(1, {TENANTS})) g;"
                "drop table others"
            )
        connection.execute("analyze")
    return tenant


def lists(tenant):
    """Every list with each of its filters and the place after a row."""
    arrears = {"at": NOW, "day": NOW.date(), "limits": (30, 90)}
    months = {"first": "2026-01", "last": "2026-12"}
    some = MoneyAsked(project=SOME, after=5)
    kind = CollectionAsked(kind="agency", after=("2026-01", "2026-01", SOME, "agency"), **months)
    return {
        "arrears": arrears_question(tenant, ArrearsAsked(**arrears)),
        "arrears of project": arrears_question(tenant, ArrearsAsked(project=SOME, building="2", **arrears)),
        "arrears of kind": arrears_question(tenant, ArrearsAsked(kind="agency", **arrears)),
        "arrears after": arrears_question(tenant, ArrearsAsked(after=(SOME, "2", "agency", 1), **arrears)),
        "account": account_question(tenant, SOME, 5),
        "collection": collection_question(tenant, CollectionAsked(**months)),
        "collection of project": collection_question(tenant, CollectionAsked(project=SOME, **months)),
        "collection of kind": collection_question(tenant, kind),
        "books": money.books_question(tenant, after=5),
        "book": money.books_question(tenant, book=SOME),
        "receipts held": money.held_question(tenant, MoneyAsked(after=5)),
        "receipts held at": money.held_question(tenant, some),
        "receipts held by": money.held_question(tenant, MoneyAsked(collector=SOME)),
        "handovers": money.handovers_question(tenant, MoneyAsked(after=5)),
        "handovers at": money.handovers_question(tenant, some),
        "handovers by": money.handovers_question(tenant, MoneyAsked(collector=SOME)),
        "handovers open": money.handovers_question(tenant, MoneyAsked(statuses=money.OPEN)),
        "suppliers": money.suppliers_question(tenant, None, (SOME, "water")),
        "suppliers at": money.suppliers_question(tenant, SOME, None),
        "published": money.published_question(tenant, stream=SOME, month="2026-01"),
        "published at": money.published_question(tenant, project=SOME),
        "funds": money.funds_question(tenant, after=5),
        "fund": money.fund_question(tenant, SOME),
        "funds at": money.funds_question(tenant, project=SOME),
        "fund's bookings": money.bookings_question(tenant, SOME, 5),
    }


async def test_no_list_of_fees_scans_a_table_of_all_tenants(database, crowd):
    """Each list and look-up, plans kept or not, reaches every table by an index that leads with the tenant."""
    asked = [(name, *one.statement(51)) for name, one in lists(crowd).items()]
    asked.append(("rows of the bank", HELD, [crowd, "bank_row", [SOME]]))
    asked.append(("units", UNITS, [crowd, SOME, ["2-201"]]))
    async with database.tenant_transaction(crowd, read_only=True) as connection:
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"set local plan_cache_mode = {mode}")
            for name, text, values in asked:
                (plan,) = msgspec.json.decode(await connection.fetchval(f"explain (format json) {text}", *values))
                for node in nodes(plan["Plan"]):
                    assert node["Node Type"] != "Seq Scan", (name, node)
                    if "Index Name" in node:
                        assert "tenant_id" in node["Index Cond"], (name, node)
