"""The queue of tasks in Valkey: whoever serves it leaves it when told to, whatever happens at that moment."""

import asyncio

import pytest
from arq.connections import RedisSettings, create_pool
from arq.worker import func

from services.worker.queue import NAME, _WokenWorker


async def nothing(_: object) -> None:
    """A task that is never queued."""


@pytest.mark.parametrize("ticks", range(8))
async def test_told_to_end_while_it_is_woken_it_ends(anyio_backend: object, valkey_url: str, ticks: int) -> None:
    """The end may come at any step of the waking; it is never lost."""
    pool = await create_pool(RedisSettings.from_dsn(valkey_url))
    worker = _WokenWorker(functions=[func(nothing)], queue_name=NAME, redis_pool=pool, handle_signals=False)
    looking = asyncio.create_task(worker.main())
    await asyncio.sleep(0.1)
    worker.woken.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    looking.cancel()
    ended, _ = await asyncio.wait([looking], timeout=3)
    await pool.aclose()
    assert ended == {looking}
