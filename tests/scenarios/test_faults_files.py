"""The API is killed while a file is being stored: nothing acknowledged is lost, and nothing is left for good."""

import asyncio
import hashlib
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from services.files.storing import purge_uploads
from services.runtime.runtime import open_runtime
from tests.scenarios.test_faults_api import WITHIN_S, House, house, stands, until, waits_for_the_ledger

__all__ = ["house"]
pytestmark = pytest.mark.fault
CONTENT = "现场记录\n".encode() * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def contents(directory: Path) -> list[str]:
    """The names of the contents in the store."""
    return [path.name for path in directory.rglob("*") if path.is_file()]


async def send(house: House, http: httpx.AsyncClient) -> httpx.Response:
    """Send the file."""
    return await http.post("/v1/files", content=CONTENT, headers={"Authorization": f"Bearer {house.token}"})


def recorded(house: House) -> int:
    """How many events say that the file is stored."""
    with psycopg.connect(house.postgres.url()) as owner:
        [(count,)] = owner.execute(
            "select count(*) from kaohe.events where tenant_id = %s and topic = 'evidence_file.stored'", [house.tenant]
        )
        return int(count)


async def test_killed_between_content_and_event_nothing_is_lost_and_nothing_left(house: House) -> None:
    """The content is there without its event: sending it again completes it, and else the purge takes it away."""
    with psycopg.connect(house.postgres.url()) as owner:
        # while the ledger is held the event can not be appended; the content has been put by then
        owner.execute("select from kaohe.ledger where tenant_id = %s for update", [house.tenant])
        async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
            sending = asyncio.create_task(send(house, http))
            await waits_for_the_ledger(house)
            house.api.signal(signal.SIGKILL)
            owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kaohe_app'")
            owner.rollback()
            with pytest.raises(httpx.TransportError):
                await sending
    assert contents(house.files) == [DIGEST]
    assert recorded(house) == 0

    now = datetime.now(UTC)
    async with open_runtime(house.settings, lambda: now) as runtime:
        assert await purge_uploads(runtime, house.tenant) == 0
    async with open_runtime(house.settings, lambda: now + timedelta(days=2)) as runtime:
        assert await purge_uploads(runtime, house.tenant) == 1
    assert contents(house.files) == []

    house.api.kill()
    await house.api.start()
    async with httpx.AsyncClient(base_url=house.api.url, timeout=WITHIN_S) as http:
        answers = [await send(house, http) for _ in range(2)]
        await until(lambda: stands(recorded(house)))
        downloaded = await http.get(f"/v1/files/{DIGEST}", headers={"Authorization": f"Bearer {house.token}"})
    assert [answer.status_code for answer in answers] == [201, 201]
    assert recorded(house) == 1
    assert downloaded.content == CONTENT
    async with open_runtime(house.settings, lambda: now + timedelta(days=2)) as runtime:
        assert await purge_uploads(runtime, house.tenant) == 0
    assert contents(house.files) == [DIGEST]
