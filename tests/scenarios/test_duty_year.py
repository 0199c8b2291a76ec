"""Duties of many projects day by day, with real workers killed at random: each window is met or missed, once."""

import asyncio
import time
from collections import Counter
from datetime import datetime
from uuid import UUID

import pytest

from domain.duty.commands import MeetDuty
from domain.kernel import Command
from infra.discovery import due
from services.runtime.runtime import Runtime, open_runtime
from services.settings import Settings
from tests.conftest import provision_tenant
from tests.scenarios.duty_year.audit import audit
from tests.scenarios.duty_year.plan import DAYS, FIRST, PROJECTS, Owed, days, deeds, duties, midnight, morning
from tests.scenarios.half_year.clock import SharedClock
from tests.scenarios.half_year.deeds import Deed
from tests.scenarios.test_half_year import PATIENCE_S, all_done, perform, stored, working

pytestmark = pytest.mark.fault
AT_ONCE = 40
ANSWERS = {"done", "not_open_yet"}
"""Done, or nothing is owed now because the window has been met."""


async def all_at_once(runtime: Runtime, tenant: UUID, at: datetime, asked: list[tuple[Owed, Command]]) -> Counter[str]:
    """Send commands to duties, many at once; how they were answered."""
    answers: Counter[str] = Counter()
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(owed: Owed, command: Command) -> None:
        async with gate:
            deed = Deed(at, "duty", owed.stream, command, person=owed.person)
            answers[await perform(runtime, tenant, deed)] += 1

    await asyncio.gather(*(send(owed, command) for owed, command in asked))
    return answers


async def nothing_due(runtime: Runtime, now: datetime) -> None:
    """Wait until the workers have let pass what has passed."""
    give_up_at = time.monotonic() + 2 * PATIENCE_S
    while await due(runtime.database, now):
        assert time.monotonic() < give_up_at, f"not settled at {now}"
        await asyncio.sleep(0.02)


@pytest.mark.timeout(14_400)
@pytest.mark.clause("R12.5.1")
async def test_each_window_of_a_year_ends_in_exactly_one_of_met_and_missed(
    anyio_backend, fresh_database, valkey_url, tmp_path
):
    """Five levels in each project; whatever is killed, no window is lost, doubled, early or late."""
    clock = SharedClock(tmp_path / "clock")
    clock.set(morning(FIRST.replace(day=2)))
    settings = Settings(database_url=fresh_database.url, redis_url=valkey_url)
    async with open_runtime(settings, clock) as runtime:
        tenant = await provision_tenant(runtime.database)
        owed = duties(tenant)
        begun = time.monotonic()
        opened = await all_at_once(runtime, tenant, clock(), [(each, each.opened) for each in owed])
        assert opened == {"done": 5 * PROJECTS}
        answers: Counter[str] = Counter()
        async with working(fresh_database.url, valkey_url, tmp_path / "clock") as workers:
            for day in days():
                clock.set(morning(day))
                answers += await all_at_once(
                    runtime, tenant, clock(), [(each, MeetDuty()) for each in deeds(owed, day, seed=5)]
                )
                clock.set(midnight(day))
                await nothing_due(runtime, clock())
                if day.day == 1:
                    print(f"{day}: {time.monotonic() - begun:.0f} s, {workers.killed} kills", flush=True)
            await all_done(runtime, clock())
        assert workers.killed >= 2, "the workers were left in peace, so this has shown nothing"
        assert set(answers) <= ANSWERS
        await compare(runtime, tenant, owed, answers, clock())
        print(f"{PROJECTS} projects, {DAYS} days: {time.monotonic() - begun:.0f} s, {workers.killed} kills, {answers}")


async def compare(runtime: Runtime, tenant: UUID, owed: tuple[Owed, ...], answers: Counter[str], end: datetime) -> None:
    """Each stream by the auditor; as many deeds stored as were answered with done; one deadline a duty."""
    found, config = await stored(runtime, tenant), await runtime.configs.get(tenant)
    accounts = [audit(found["duty", each.stream], config.calendar, FIRST, end) for each in owed]
    assert [fault for one in accounts for fault in one.faults] == []
    assert sum(one.met + one.performed for one in accounts) == answers["done"]
    assert all(one.met for one in accounts[1:5])
    assert sum(one.missed for one in accounts) > PROJECTS
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        waiting = await connection.fetchval("select count(*) from deadlines where tenant_id = $1", tenant)
        failed = await connection.fetchval(
            "select count(*) from deadlines where tenant_id = $1 and (failed_at is not null or due_at <= $2)",
            tenant,
            end,
        )
    assert (waiting, failed) == (len(owed), 0)
