"""``kaohe notices`` and what the doctor says of notices, against a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import asyncpg
import pytest
from click.testing import Result

from domain.kernel import Text
from infra import endpoints, outbox
from infra.database import Database
from infra.endpoints import Endpoint
from infra.outbox import Letter, NewDelivery
from infra.sealing import Sealer, new_key
from tests.services.test_cli import Kaohe, kaohe, tenant  # noqa: F401 - fixtures

Run = Callable[..., Awaitable[Result]]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LETTER = Letter(
    event="complaint.late",
    subject=Text("投诉逾期", "late"),
    body=Text("请处理", "see to it"),
    clause=None,
    noun="complaint",
    stream_id=uuid4(),
    due_at=None,
    roles=(),
    made_at=NOW,
)


@pytest.fixture
def run(kaohe: Kaohe) -> Run:  # noqa: F811
    """Runs the command line beside this test's loop."""
    return partial(asyncio.to_thread, kaohe)


@pytest.fixture
async def ids(anyio_backend, database, tenant):  # noqa: F811
    """The tenant's id, and those of a delivery in each state."""
    async with database.directory() as connection:
        tenant_id: UUID = await connection.fetchval("select tenant_id from tenants where slug = $1", tenant)
    made = {}
    async with database.tenant_transaction(tenant_id) as connection:
        for place, state in enumerate(("waiting", "sent", "dead", "uncertain")):
            made[state] = uuid4()
            new = NewDelivery(made[state], f"{place}/0", "wecom", uuid4(), LETTER)
            await outbox.put(connection, tenant_id, [new], NOW + timedelta(minutes=place))
            await connection.execute(
                "update outbox set state = $3, last_error = 'code 93000', attempts = 8, done_at = $4"
                " where tenant_id = $1 and delivery_id = $2",
                tenant_id,
                made[state],
                state,
                NOW,
            )
    return tenant_id, made


async def states(database: Database, ids) -> dict[str, str]:
    """The state of each delivery, by the one it began in."""
    tenant_id, made = ids
    async with database.tenant_transaction(tenant_id) as connection:
        rows = await connection.fetch("select delivery_id, state from outbox where tenant_id = $1", tenant_id)
    found = {row["delivery_id"]: row["state"] for row in rows}
    return {began: found[delivery] for began, delivery in made.items()}


async def test_the_doctor_counts_what_waits_and_what_failed(run: Run, tenant, ids):  # noqa: F811
    """And says what to do."""
    seen = await run("doctor")
    assert seen.exit_code == 1
    assert f"{tenant}: 2 notices could not be delivered" in seen.output
    assert f"{tenant}: 1 notices were due and not sent" in seen.output
    assert f"{tenant}: notices are 2 events behind and stand still" in seen.output
    assert "kaohe notices replay" in seen.output


async def test_dead_letters_are_listed(run: Run, tenant, ids):  # noqa: F811
    """With their reasons; others on request."""
    _, made = ids
    listed = (await run("notices", "list", "--tenant", tenant)).output
    assert str(made["dead"]) in listed
    assert str(made["uncertain"]) in listed
    assert "code 93000" in listed
    assert str(made["sent"]) not in listed
    assert str(made["sent"]) in (await run("notices", "list", "--tenant", tenant, "--state", "sent")).output


async def test_all_dead_letters_are_replayed_but_for_the_uncertain(run: Run, database, tenant, ids):  # noqa: F811
    """Those are replayed one by one, by name."""
    kept = {"waiting": "waiting", "sent": "sent"}
    assert "1 will be sent anew" in (await run("notices", "replay", "--tenant", tenant, "--all")).output
    assert await states(database, ids) == {**kept, "dead": "waiting", "uncertain": "uncertain"}
    assert (await run("notices", "replay", "--tenant", tenant, str(ids[1]["uncertain"]))).exit_code == 0
    assert await states(database, ids) == {**kept, "dead": "waiting", "uncertain": "waiting"}
    for wrong in ([str(ids[1]["sent"])], [str(uuid4())], [], [str(uuid4()), "--all"], ["nonsense"]):
        assert (await run("notices", "replay", "--tenant", tenant, *wrong)).exit_code == 2


async def test_secrets_are_sealed_again_under_the_new_key(run: Run, database, ids):
    """Afterwards the old key is needed no more; without it beforehand nothing is touched."""
    tenant_id, _ = ids
    old, new, place = new_key(), (await run("notices", "key")).output.strip(), uuid4()
    made = Endpoint(
        id=place,
        kind="wecom",
        name="群",
        host="x",
        takes="all",
        roles=[],
        enabled=True,
        created_at=NOW,
        created_by=None,
        changed_at=NOW,
        changed_by=None,
    )
    secret = {"url": "https://x.example/", "secret": ""}
    async with database.tenant_transaction(tenant_id) as connection:
        await endpoints.add(connection, tenant_id, made, Sealer(old).seal(tenant_id, place, secret))
    assert (await run("notices", "rotate", KAOHE_SECRET_KEY=new)).exit_code == 2
    rotated = await run("notices", "rotate", KAOHE_SECRET_KEY=f"{new},{old}")
    assert (rotated.exit_code, "1" in rotated.output) == (0, True)
    async with database.tenant_transaction(tenant_id) as connection:
        found = await endpoints.endpoint(connection, tenant_id, place)
    assert found is not None
    assert Sealer(new).open(tenant_id, place, found[1]) == secret
    assert (await run("notices", "rotate", KAOHE_SECRET_KEY="nonsense")).exit_code == 2


async def test_the_directory_sees_that_something_waits_and_nothing_of_it(database_url, ids):
    """Neither what nor to whom, of any tenant."""
    connection = await asyncpg.connect(
        database_url, server_settings={"role": "kaohe_directory", "search_path": "kaohe"}
    )
    assert await connection.fetchval("select count(state) from outbox") == 4
    for query in (
        "select letter from outbox",
        "select recipient from outbox",
        "select last_error from outbox",
        "select subject_zh from inbox",
        "select sealed from notice_endpoints",
        "select email from notice_addresses",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(query)
    await connection.close()
