"""The crew: one run of a task for a tenant at a time, none forgotten, none that breaks the others; and the purge."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from services.worker.crew import Crew
from services.worker.metrics import Metrics
from services.worker.purge import purge
from tests.workshop import LONG_AGO, SteppingClock, open_work, rows_of


class Rehearsal:
    """A task that waits until it is let go, and counts."""

    def __init__(self):
        self.go = asyncio.Event()
        self.begun = []
        self.at_once = self.most_at_once = 0

    async def __call__(self, tenant):
        """One run."""
        self.begun.append(tenant)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.go.wait()
        self.at_once -= 1


async def test_what_is_asked_for_while_it_runs_runs_once_more():
    """Ten requests during a run are one more run: what caused them may have come too late for the first."""
    task, tenant = Rehearsal(), uuid4()
    crew = Crew({"follow": task}, Metrics(), size=3)
    crew.start("follow", tenant)
    await asyncio.sleep(0)
    for _ in range(10):
        crew.start("follow", tenant)
    task.go.set()
    await crew.finish()
    assert task.begun == [tenant, tenant]
    assert task.most_at_once == 1


async def test_a_bounded_number_runs_at_once():
    """Many tenants take turns on the connections there are."""
    task = Rehearsal()
    crew = Crew({"follow": task}, Metrics(), size=3)
    for _ in range(20):
        crew.start("follow", uuid4())
    await asyncio.sleep(0.01)
    assert len(task.begun) == 3
    task.go.set()
    await crew.finish()
    assert len(task.begun) == 20
    assert task.most_at_once == 3


@pytest.mark.parametrize("error", [ZeroDivisionError(), ConnectionResetError()])
async def test_a_task_that_breaks_off_is_counted_and_can_be_taken_up_again(error):
    """An error ends this run alone."""
    runs = []

    async def breaks(tenant):
        runs.append(tenant)
        if len(runs) == 1:
            raise error

    metrics, tenant = Metrics(), uuid4()
    crew = Crew({"fire": breaks}, metrics, size=1)
    await crew.start("fire", tenant)
    await crew.start("fire", tenant)
    assert runs == [tenant, tenant]
    assert metrics.registry.get_sample_value("kaohe_work_errors_total", {"task": "fire"}) == 1


async def test_the_purge_deletes_what_has_expired_and_nothing_else(database_url, valkey_url, tenant):
    """Idempotency records live for 72 hours, sessions until they end."""
    clock = SteppingClock(LONG_AGO + timedelta(hours=73))
    async with open_work(database_url, valkey_url, clock) as work:
        async with work.runtime.database.tenant_transaction(tenant) as connection:
            for key, age_h in (("old", 73), ("young", 71)):
                await connection.execute(
                    "insert into idempotency values ($1, $2, $3, '', 200, '', 1, 1, $4)",
                    tenant,
                    uuid4(),
                    key,
                    clock() - timedelta(hours=age_h, seconds=1),
                )
                await connection.execute(
                    "insert into sessions values ($1, $2, $3, $4, $5)",
                    tenant,
                    key.encode(),
                    uuid4(),
                    LONG_AGO,
                    clock() + timedelta(hours=72 - age_h),
                )
        await purge(work, tenant)
        assert [row["key"] for row in await rows_of(work.runtime.database, tenant, "idempotency")] == ["young"]
        assert [row["token_hash"] for row in await rows_of(work.runtime.database, tenant, "sessions")] == [b"young"]
