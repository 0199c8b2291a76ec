"""No question about notices reads another tenant's rows: each goes by an index that leads with the tenant."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import psycopg
import pytest

from domain.kernel import Text
from infra import inbox, outbox
from infra.outbox import Letter, NewDelivery
from tests.conftest import provision_tenant

TENANTS = 400
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def letter(number):
    """A letter."""
    text = Text("甲", "a")
    return Letter(
        event="complaint.late",
        subject=text,
        body=text,
        clause=None,
        noun="complaint",
        stream_id=uuid4(),
        due_at=None,
        roles=(),
        made_at=NOW + timedelta(minutes=number),
    )


@pytest.fixture
async def crowd(anyio_backend, database, owner_url):
    """A tenant with notices of two members and deliveries in every state, among many others with the same."""
    tenant, members = await provision_tenant(database), [uuid4(), uuid4()]
    states = ("waiting", "sending", "sent", "dead", "uncertain")
    async with database.tenant_transaction(tenant) as connection:
        await inbox.put(connection, tenant, [(m, uuid4(), f"{n}/0", letter(n)) for m in members for n in range(40)])
        for number in range(25):
            new = NewDelivery(uuid4(), f"{number}/0", "webhook", uuid4(), letter(number))
            await outbox.put(connection, tenant, [new], NOW + timedelta(minutes=number))
            await connection.execute(
                "update outbox set state = $3, done_at = $4 where tenant_id = $1 and delivery_id = $2",
                tenant,
                new.id,
                states[number % 5],
                NOW,
            )
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("set search_path to kaohe")
        for table in ("inbox", "outbox"):
            owner.execute(
                f"create temp table others as select * from {table} where tenant_id = '{tenant}';"
                f"insert into {table} select (jsonb_populate_record(o, jsonb_build_object('tenant_id', t))).*"
                f" from others o, (select gen_random_uuid() as t from generate_series(1, {TENANTS})) g;"
                "drop table others"
            )
        owner.execute("analyze")
    return tenant, members[0]


def questions(tenant, member):
    """Every statement with values."""
    yield "inbox", inbox.LISTED, [tenant, member, None, None, None, 51]
    yield "inbox after", inbox.LISTED, [tenant, member, True, NOW, uuid4(), 51]
    yield "unread", inbox.COUNTED, [tenant, member, 10_000]
    yield "read", inbox.MARKED, [tenant, member, [uuid4()], NOW]
    yield "inbox purged", inbox.PURGED, [tenant, NOW, NOW]
    yield "deliveries", outbox.LISTED, [tenant, ["sent", "dead", "waiting"], None, None, 51]
    yield "dead letters after", outbox.LISTED, [tenant, ["dead"], NOW, uuid4(), 51]
    yield "claimed", outbox.CLAIMED, [tenant, NOW, NOW, ["webhook"]]
    yield "given up", outbox.GIVEN_UP, [tenant, NOW, ["webhook"]]
    yield "outbox purged", outbox.PURGED, [tenant, NOW, NOW]


def nodes(plan):
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


async def test_no_question_scans_a_table_of_all_tenants(database, crowd):
    """Each is reached by an index that leads with the tenant, plans kept or not."""
    tenant, member = crowd
    async with database.tenant_transaction(tenant) as connection:
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"set local plan_cache_mode = {mode}")
            for name, text, values in questions(tenant, member):
                (plan,) = msgspec.json.decode(await connection.fetchval(f"explain (format json) {text}", *values))
                for node in nodes(plan["Plan"]):
                    assert node["Node Type"] != "Seq Scan", (name, node)
                    if "Index Name" in node:
                        assert "tenant_id" in node["Index Cond"], (name, node)
