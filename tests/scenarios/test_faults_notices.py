"""Notices by real workers: killed while they send, two at once, without Valkey; each cause arrives once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx
import msgspec
import psycopg
import pytest
import redis
from standardwebhooks import Webhook

from infra import discovery
from infra.embedded import valkey
from infra.embedded.processes import free_port
from infra.sealing import new_key
from services.runtime.runtime import system_clock
from services.settings import Settings, to_environment
from tests.receivers import mail_server, receiver
from tests.services.conftest import api  # noqa: F401 - the fixture
from tests.services.notices_given import office

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parent.parent.parent
WITHIN_S = 40.0


@pytest.fixture
def clock():
    """These workers live in our time."""
    return system_clock


@pytest.fixture
def settings(module_database, valkey_url):
    """A closed network, with workers that look often."""
    return Settings(
        database_url=module_database.url,
        redis_url=valkey_url,
        secret_key=new_key(),
        outbound="private",
        sweep_s=0.3,
        poll_s=0.2,
    )


class Worker:
    """``python -m services.worker`` in a process of its own."""

    def __init__(self, settings):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.worker"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **to_environment(settings)},
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def kill(self):
        """End it as a power cut would; what it said."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        _, said = self.process.communicate(timeout=30)
        return said.decode()


@pytest.fixture
def start(settings):
    """Starts workers; all are gone afterwards."""
    started = []

    def start_one(**changes):
        started.append(Worker(msgspec.structs.replace(settings, **changes)))
        return started[-1]

    yield start_one
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()


async def eventually(check):
    """Wait until an asynchronous check holds."""
    give_up_at = time.monotonic() + WITHIN_S
    while not await check():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        await asyncio.sleep(0.05)


async def states(sales):
    """How many deliveries are in each state."""
    return Counter(row["state"] for row in await sales.rows("outbox"))


async def end_leases(sales):
    """Let the leases of dead senders end now."""
    async with sales.work.runtime.database.tenant_transaction(sales.admin.tenant) as connection:
        await connection.execute(
            "update outbox set next_attempt_at = now() where tenant_id = $1 and state = 'sending'", sales.admin.tenant
        )


@pytest.mark.parametrize(("kind", "copies", "state"), [("webhook", 2, "sent"), ("wecom", 1, "uncertain")])
async def test_a_worker_killed_before_it_heard_the_answer(api, start, kind, copies, state):  # noqa: F811
    """A webhook comes again under the id that its receiver has seen; a robot does not say it twice."""
    sales = await office(api)
    async with receiver() as there:
        secret = (await sales.endpoint(kind, there.url))["secret"]
        there.held.clear()
        await sales.assign(await sales.lodge())
        first = start()
        await asyncio.wait_for(there.arrived.wait(), WITHIN_S)
        first.kill()
        there.held.set()
        assert await states(sales) == {"sending": 1}
        start()
        await asyncio.sleep(1.0)
        assert (len(there.received), await states(sales)) == (1, {"sending": 1})
        await end_leases(sales)
        await eventually(lambda: in_states(sales, {state: 1}))
        assert len(there.received) == copies
    if kind == "webhook":
        assert len({got.headers["webhook-id"] for got in there.received}) == 1
        for got in there.received:
            assert Webhook(secret).verify(got.body, got.headers)["type"] == "complaint.assigned"


@pytest.mark.parametrize(("kind", "copies", "state"), [("webhook", 2, "sent"), ("wecom", 1, "uncertain")])
async def test_a_worker_killed_before_it_recorded_the_answer(api, start, module_database, kind, copies, state):  # noqa: F811, PLR0917
    """Killed while it waits to write that it was taken: the same as if it had never heard."""
    sales = await office(api)
    async with receiver() as there:
        await sales.endpoint(kind, there.url)
        there.held.clear()
        await sales.assign(await sales.lodge())
        first = start()
        await asyncio.wait_for(there.arrived.wait(), WITHIN_S)
        with psycopg.connect(module_database.owner_url) as owner:
            owner.execute("lock table kaohe.outbox in share mode")
            there.held.set()
            await eventually(lambda: somebody_waits(module_database))
            first.kill()
            owner.rollback()
        assert await states(sales) == {"sending": 1}
        start()
        await end_leases(sales)
        await eventually(lambda: in_states(sales, {state: 1}))
        assert len(there.received) == copies


async def in_states(sales, wanted):
    """Whether the outbox holds just these."""
    return await states(sales) == wanted


async def somebody_waits(database):
    """Whether a transaction of this database waits for a lock."""
    with psycopg.connect(database.owner_url) as watcher:
        row = watcher.execute(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        ).fetchone()
    return row[0] > 0


async def test_killed_and_flushed_workers_tell_each_cause_once(api, start, tmp_path):  # noqa: F811
    """Two workers, one killed again and again while notices are made, Valkey emptied and then stopped."""
    sales = await office(api)
    with mail_server() as (url, box), valkey(tmp_path / "valkey") as server:
        async with receiver() as hook:
            await sales.endpoint("webhook", hook.url)
            await sales.address("handler")
            changes = {"redis_url": server.url, "smtp_url": url}
            start(**changes)
            victim = start(**changes)
            for round_ in range(4):
                for _ in range(10):
                    await sales.assign(await sales.lodge())
                victim.kill()
                victim = start(**changes)
                if round_ == 3:
                    server.stop()
                else:
                    flush(server.url)
            await eventually(lambda: told(sales, 40))
            await end_leases(sales)
            await eventually(lambda: in_states(sales, {"sent": 80}))
        seen = Counter(got.headers["webhook-id"] for got in hook.received)
        mails = Counter(mail["message-id"] for _, mail in box.mails)
    assert len(seen) == len(mails) == 40
    # a copy that a killed worker caused came under the id of the first
    assert set(seen) == {str(row["delivery_id"]) for row in await sales.rows("outbox") if row["channel"] == "webhook"}
    assert Counter((row["member_id"], row["cause"]) for row in await sales.rows("inbox")).most_common(1)[0][1] == 1


def flush(url):
    """Empty Valkey, as an operator might."""
    with redis.Redis.from_url(url) as client:
        client.flushall()


async def told(sales, count):
    """Whether so many notices lie in the inboxes."""
    return len(await sales.rows("inbox")) == count


async def test_what_workers_say_holds_no_secret(api, start, settings):  # noqa: F811
    """Neither logs nor rows show an address, a secret or a password, also where sending fails."""
    sales = await office(api)
    async with receiver() as there:
        there.answers = [(200, {}, b'{"errcode":310000,"errmsg":"sign not match"}')]
        await sales.endpoint("dingtalk", there.url + "?access_token=TOPSECRET1", secret="TOPSECRET2")
        await sales.endpoint("feishu", "http://127.0.0.1:1/TOPSECRET3", secret="TOPSECRET4")
        await sales.address("handler")
        port = free_port()
        worker = start(smtp_url="smtp://user:TOPSECRET5@127.0.0.1:1", log_level="debug", worker_metrics_port=port)
        await sales.assign(await sales.lodge())
        await eventually(lambda: in_states(sales, {"dead": 1, "waiting": 2}))
        await eventually(lambda: all_tried(sales))
        await eventually(lambda: measured(sales, port))
        said = worker.kill()
    assert "delivery_failed" in said
    kept = [await sales.rows(table) for table in ("outbox", "notice_endpoints", "events", "inbox", "idempotency")]
    for text in (said, repr(kept), repr(await sales.deliveries())):
        assert "TOPSECRET" not in text


async def measured(sales, port):
    """Whether Prometheus is told what waits and what was given up."""
    database = sales.work.runtime.database
    waiting = sum(each.count for each in await discovery.waiting(database, system_clock()))
    dead = await discovery.dead_letters(database)
    async with httpx.AsyncClient() as client:
        told = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert dead
    assert waiting
    wanted = (f"kaohe_dead_letters {dead}.0", f"kaohe_outbox_waiting {waiting}.0", 'channel="dingtalk",result="dead"')
    return all(line in told for line in wanted)


async def all_tried(sales):
    """Whether everything has been tried and has left its error."""
    return all(row["last_error"] for row in await sales.rows("outbox"))
